/** Runs the text of a cell with tslab's executor, and returns what it gave instead of printing it. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { CellLanguageService } from "../converter/index";
import { type Cell, currentCell, type Evaluation } from "../output/index";
import { protectedFromInterrupt } from "../stop/index";
import {
  type CompletionInfo,
  createExecutor,
  type Diagnostic,
  type Executor,
  type IsComplete,
  type QuickInfo,
  type TslabConverter,
} from "../tslabAdapter";

export class CellExecutor {
  readonly #load: () => CellLanguageService;
  readonly #running = new WeakMap<Cell, Evaluation>();
  #loaded: { readonly language: CellLanguageService; readonly executor: Executor } | undefined;

  /** Cells resolve modules from the working directory. The language service is loaded when first needed: it takes a while. */
  constructor(load: () => CellLanguageService) {
    this.#load = load;
  }

  /** Never rejects for the code's own failures. */
  async run(cell: Cell, source: string): Promise<Evaluation> {
    const evaluation: Evaluation = { source, diagnostics: [] };
    this.#running.set(cell, evaluation);
    if (!(await this.#takeIn(source, () => cell.signal.aborted))) {
      evaluation.thrown = cell.signal.reason;
      return evaluation;
    }
    const { language, executor } = this.#service;
    language.setCellNumber(cell.count);
    await executor.execute(source);
    return evaluation;
  }

  /** What the names of the notebook are at the moment. */
  values(): ReadonlyMap<string, unknown> {
    return this.#service.language.values();
  }

  isComplete(code: string): IsComplete {
    return protectedFromInterrupt(() => this.#service.language.isComplete(code));
  }

  async complete(code: string, position: number): Promise<CompletionInfo> {
    await this.#takeIn(code);
    return protectedFromInterrupt(() => this.#service.executor.complete(code, position));
  }

  async inspect(code: string, position: number): Promise<QuickInfo | undefined> {
    await this.#takeIn(code);
    return protectedFromInterrupt(() => this.#service.executor.inspect(code, position));
  }

  /** Builds what the first cell needs, in slices: messages are answered in between. Ends early where a cell `isWaiting` already. */
  async warm(isWaiting: () => boolean): Promise<void> {
    await nextTurn();
    await inTurns(() => this.#service.language.warmSteps(), isWaiting);
  }

  /** Ends the wait for the code that runs; the code itself may go on. */
  abandon(): void {
    this.#service.executor.interrupt();
  }

  close(): void {
    this.#loaded?.executor.close();
  }

  /** Takes in what `code` imports, in slices: a plot that grows meanwhile goes on growing. Resolves to false where that became unwanted. */
  #takeIn(code: string, isUnwanted: () => boolean = () => false): Promise<boolean> {
    return inTurns(() => this.#service.language.load(code), isUnwanted);
  }

  get #service(): { readonly language: CellLanguageService; readonly executor: Executor } {
    this.#loaded ??= protectedFromInterrupt(() => {
      const language = this.#load();
      const executor = createExecutor(process.cwd(), this.#recordingDiagnostics(language), {
        log: (value) => this.#record((evaluation) => Object.assign(evaluation, { value })),
        error: (thrown, ...diagnostic) => {
          if (diagnostic.length === 0) this.#record((evaluation) => Object.assign(evaluation, { thrown }));
        },
      });
      return { language, executor };
    });
    return this.#loaded;
  }

  /** Diagnostics are taken where they are made: the executor hands on only their text. */
  #recordingDiagnostics(converter: TslabConverter): TslabConverter {
    const record = (diagnostics: readonly Diagnostic[]): void =>
      this.#record((evaluation) => evaluation.diagnostics.push(...diagnostics));
    return {
      convert: (prevDecl, src) => {
        const result = protectedFromInterrupt(() => converter.convert(prevDecl, src));
        record(result.diagnostics);
        return result;
      },
      addModule: (name, content) => {
        const diagnostics = protectedFromInterrupt(() => converter.addModule(name, content));
        record(diagnostics);
        return diagnostics;
      },
      inspect: (prevDecl, src, position) => converter.inspect(prevDecl, src, position),
      complete: (prevDecl, src, position) => converter.complete(prevDecl, src, position),
      close: () => converter.close(),
    };
  }

  #record(write: (evaluation: Evaluation) => void): void {
    const cell = currentCell();
    const evaluation = cell && this.#running.get(cell);
    if (evaluation) write(evaluation);
  }
}

/** Does work of the language service step by step, each in a turn of its own. What needs no second step takes none. */
async function inTurns(work: () => Iterable<void>, isUnwanted: () => boolean): Promise<boolean> {
  const steps = protectedFromInterrupt(() => work()[Symbol.iterator]());
  while (!protectedFromInterrupt(() => steps.next()).done) {
    await nextTurn();
    if (isUnwanted()) return false;
  }
  return true;
}

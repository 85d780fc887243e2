/** Runs the text of a cell with tslab's executor, and returns what it gave instead of printing it. */

import { type Cell, currentCell } from "./cell";
import { protectedFromInterrupt } from "./controlChannel";
import {
  type CompletionInfo,
  type Converter,
  createExecutor,
  type Diagnostic,
  type Executor,
  type IsComplete,
  type NotebookConverter,
  type QuickInfo,
} from "./tslabAdapter";

export interface Evaluation {
  /** The TypeScript text that ran. */
  readonly source: string;
  /** Of the last expression; undefined if there is none. */
  value?: unknown;
  /** There if the code threw. */
  thrown?: unknown;
  readonly diagnostics: Diagnostic[];
}

export class CellExecutor {
  readonly #converter: NotebookConverter;
  readonly #executor: Executor;
  readonly #running = new WeakMap<Cell, Evaluation>();

  constructor(cwd: string, converter: NotebookConverter) {
    this.#converter = converter;
    this.#executor = createExecutor(cwd, this.#recordingDiagnostics(converter), {
      log: (value) => this.#record((evaluation) => Object.assign(evaluation, { value })),
      error: (thrown, ...diagnostic) => {
        if (diagnostic.length === 0) this.#record((evaluation) => Object.assign(evaluation, { thrown }));
      },
    });
  }

  /** Never rejects for the code's own failures. */
  async run(cell: Cell, source: string): Promise<Evaluation> {
    const evaluation: Evaluation = { source, diagnostics: [] };
    this.#running.set(cell, evaluation);
    await this.#executor.execute(source);
    return evaluation;
  }

  isComplete(code: string): IsComplete {
    return protectedFromInterrupt(() => this.#converter.isComplete(code));
  }

  complete(code: string, position: number): CompletionInfo {
    return protectedFromInterrupt(() => this.#executor.complete(code, position));
  }

  inspect(code: string, position: number): QuickInfo | undefined {
    return protectedFromInterrupt(() => this.#executor.inspect(code, position));
  }

  /** Builds what the first cell needs. Blocks for most of a second. */
  warm(): void {
    protectedFromInterrupt(() => this.#converter.warm());
  }

  /** Ends the wait for the code that runs; the code itself may go on. */
  abandon(): void {
    this.#executor.interrupt();
  }

  close(): void {
    this.#executor.close();
  }

  /** Diagnostics are taken where they are made: the executor hands on only their text. */
  #recordingDiagnostics(converter: NotebookConverter): Converter {
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

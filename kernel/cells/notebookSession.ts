/** The session of one notebook: runs its cells by the rules of Jupyter's protocol. */

import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { UsageError } from "../../lib/errors";
import { INTERRUPT_MARK, isJournaled, isReplaying, journalMark, REPLAY_BEGINS } from "../../lib/journal";
import type { ProvidedNames } from "../compiler/index";
import type { MagicTranslator } from "../magics/index";
import { codeHash } from "../notebookFile";
import {
  Cell,
  type CellError,
  cellErrorOf,
  type Evaluation,
  type OutputSink,
  publishChanging,
  runInCell,
  toBundle,
  typeCheckError,
} from "../output/index";
import type { CellExecutor } from "./cellExecutor";
import { type CellOutcome, CellRace, type InterruptOptions, publishFailure } from "./cellRace";
import { CodeAssistant } from "./codeAssistant";
import { History } from "./history";
import { isOwnName } from "./library";
import { missingMember, missingResult } from "./missingMember";
import { NotebookParameters } from "./notebookParameters";
import { type ExecuteReply, type ExecuteRequest, type ExecutionClient, Shell, type ShellParts } from "./shell";
import { isEmpty, isSilent } from "./showing";

export type { ExecuteReply, ExecuteRequest, ExecutionClient } from "./shell";

/** Seconds a cell waits for work that it holds (`Cell.hold`) after its code has ended. */
const HOLD = 5;

/** The mark by which a recording knows a cell until it is edited. */
const cellMark = (count: number, code: string): string => `cell ${count} ${codeHash(code)}`;

/** Modules that cells will need are loaded when no cell has run for this time. */
const IDLE_MS = 100;

const SILENT: OutputSink = {
  isSilent: true,
  canAsk: false,
  stream: () => {},
  publish: () => {},
  ask: () => Promise.reject(new Error("a silent request cannot ask for input")),
};

/** One notebook: its cells, its history, and answers about its code. */
export class NotebookSession {
  readonly executor: CellExecutor;
  readonly assistant: CodeAssistant;
  readonly history = new History();
  readonly parameters: NotebookParameters;
  readonly #magics: MagicTranslator;
  readonly #prelude: string | ProvidedNames;
  #prepared: Promise<void> | undefined;
  #warmth: "cold" | "warming" | "warm" = "cold";
  #warmTimer: NodeJS.Timeout | undefined;
  #count = 0;
  readonly #shellParts: ShellParts = {
    prepare: () => this.prepare(),
    isClosed: () => this.#closed,
    run: (request, client, shell) => this.#run(request, client, shell),
  };
  readonly #main = new Shell(false, this.#shellParts);
  readonly #subshells = new Map<string, Shell>();
  #closed = false;

  /** @param prelude The names that every cell can use, or code that declares them. */
  constructor(
    executor: CellExecutor,
    magics: MagicTranslator,
    prelude: string | ProvidedNames,
    parameters = new NotebookParameters(() => executor.values()),
  ) {
    this.executor = executor;
    this.#magics = magics;
    this.#prelude = prelude;
    this.assistant = new CodeAssistant(executor, magics);
    this.parameters = parameters;
  }

  /** Provides the names that every cell can use. Otherwise the first cell does. Never rejects. */
  prepare(): Promise<void> {
    this.#prepared ??= this.#prepare().catch(() => {
      // The first cell will fail in the same way, and report it.
      this.#prepared = undefined;
    });
    return this.#prepared;
  }

  /**
   * Runs a cell after those that wait already in its shell. @throws UsageError if there is no such subshell.
   *
   * @param subshell Default: the main shell.
   */
  execute(request: ExecuteRequest, client: ExecutionClient, subshell?: string): void {
    this.shell(subshell).execute(request, client);
  }

  /** The shell with this id. @throws UsageError if it does not exist. */
  shell(id: string | undefined): Shell {
    const shell = id === undefined ? this.#main : this.#subshells.get(id);
    if (shell) return shell;
    throw new UsageError(`there is no subshell ${id}: create_subshell_request makes one`);
  }

  /** Makes a subshell, whose cells run beside those of the other shells, and returns its id. */
  createSubshell(): string {
    const id = randomUUID();
    this.#subshells.set(id, new Shell(true, this.#shellParts));
    return id;
  }

  /** Deletes a subshell. Its cells that wait are aborted; the one that runs goes on to its end. */
  deleteSubshell(id: string): void {
    this.shell(id).clear();
    this.#subshells.delete(id);
  }

  /** The ids of the subshells, the oldest first. */
  listSubshells(): string[] {
    return [...this.#subshells.keys()];
  }

  /** Interrupts the running cells, of subshells too. After a `final` interrupt no more cells run. */
  interrupt(interrupt: InterruptOptions = {}): void {
    this.#closed ||= interrupt.final === true;
    if (this.#shells().some(({ race }) => race)) journalMark(INTERRUPT_MARK);
    for (const shell of this.#shells()) shell.interrupt(interrupt);
  }

  /** The kernel ends: code that runs may still end by itself, but no other code begins. */
  startNoMore(): void {
    this.#closed = true;
    this.executor.startNoMore();
  }

  #shells(): Shell[] {
    return [this.#main, ...this.#subshells.values()];
  }

  async #prepare(): Promise<void> {
    if (typeof this.#prelude === "string") await this.#runSilently(this.#prelude);
    else this.executor.provide(this.#prelude);
    this.#magics.libraryIsLoaded();
  }

  /**
   * Loads in idle time what cells will need. It stops when a cell runs, and goes on some time after it. Never
   * rejects.
   */
  async warm(): Promise<void> {
    if (this.#warmth !== "cold") return;
    this.#warmth = "warming";
    await this.prepare();
    const isIdle = (): boolean => !this.#shells().some((shell) => shell.isBusy);
    const isWarm = (await this.executor.warm(isIdle)) && isIdle();
    this.#warmth = isWarm ? "warm" : "cold";
    if (isWarm) await this.#runSilently("void [0].map(String)");
    else this.#warmLater();
  }

  #warmLater(): void {
    if (this.#warmth !== "cold") return;
    clearTimeout(this.#warmTimer);
    this.#warmTimer = setTimeout(() => void this.warm(), IDLE_MS).unref();
  }

  async #runSilently(code: string): Promise<void> {
    const cell = new Cell(0, code, SILENT);
    await runInCell(cell, () => this.executor.run(cell, code));
  }

  /** Runs one cell to its end and resolves with its reply. */
  async #run(request: ExecuteRequest, client: ExecutionClient, shell: Shell): Promise<ExecuteReply> {
    const silent = request.silent === true;
    const stored = !silent && request.store_history !== false;
    if (stored) {
      this.#count += 1;
      if (isJournaled()) journalMark(cellMark(this.#count, request.code));
    }
    const cell = new Cell(this.#count, request.code, silent ? SILENT : client, request.cell);
    if (!silent) this.parameters.note(cell);
    shell.race = new CellRace(
      cell,
      () => this.#body(cell, request, shell),
      (until) => this.executor.abandon(cell, until),
    );
    // The race, which asks the compiler, begins first: so the compiler works while these messages are sent.
    client.begin();
    cell.publish("execute_input", { code: request.code, execution_count: cell.count });
    const outcome = await shell.race.outcome;
    shell.race = undefined;
    this.#warmLater();
    if (stored) journalMark(`end ${cell.count}`);
    if (stored) this.history.add(cell.count, request.code, outcome.text);
    if (outcome.error) return { status: "error", execution_count: cell.count, ...outcome.error };
    return {
      status: "ok",
      execution_count: cell.count,
      payload: [],
      user_expressions: outcome.userExpressions,
    };
  }

  /** What runs as code of the cell: translates magics, runs the code, and publishes its result or error. */
  async #body(cell: Cell, request: ExecuteRequest, { isSubshell }: Shell): Promise<CellOutcome> {
    const wasJournaled = isJournaled();
    const translation = await this.#magics.translate(cell);
    // A recording that this cell began with %record knows the cell, and so does a replay.
    if (!wasJournaled && isJournaled()) journalMark(isReplaying() ? REPLAY_BEGINS : cellMark(cell.count, request.code));
    cell.signal.throwIfAborted();
    const evaluation = translation.inCell(await this.executor.run(cell, translation.text, isSubshell));
    cell.codeEndMs = performance.now();
    if (cell.ended) return {};
    const failure = this.#failureOf(evaluation, cell);
    await cell.released(HOLD);
    if (failure) return publishFailure(cell, failure);
    let text: string | undefined;
    const missing = evaluation.value === undefined && missingResult(cell.code, () => this.executor.values());
    if (missing) cell.stream("stderr", `${missing}\n`);
    // The last update of an output belongs to the cell also if its promise is not awaited.
    if (isSilent(evaluation.value)) await Promise.allSettled([evaluation.value]);
    else {
      const data = await toBundle(evaluation.value);
      if (!isEmpty(data)) {
        text = data["text/plain"];
        if (!publishChanging(evaluation.value, data, (type, content) => cell.publish(type, content)))
          cell.publish("execute_result", { execution_count: cell.count, data, metadata: {} });
      }
    }
    const userExpressions = await this.#userExpressions(cell, request.user_expressions ?? {}, isSubshell);
    // Node reports a promise that rejected without `await` after this turn: the error belongs to this cell.
    await nextTurn();
    return cell.uncaught ? { text, error: cell.uncaught } : { text, userExpressions };
  }

  async #userExpressions(
    cell: Cell,
    expressions: Readonly<Record<string, string>>,
    isSubshell: boolean,
  ): Promise<object> {
    const results: [string, object][] = [];
    for (const [name, expression] of Object.entries(expressions)) {
      const evaluation = await this.executor.run(cell, String(expression), isSubshell);
      const failure = this.#failureOf(evaluation, cell);
      results.push([
        name,
        failure
          ? { status: "error", ...failure }
          : { status: "ok", data: await toBundle(evaluation.value), metadata: {} },
      ]);
    }
    return Object.fromEntries(results);
  }

  /** The error of the cell, if the code failed. */
  #failureOf(evaluation: Evaluation, cell: Cell): CellError | undefined {
    const { diagnostics, source } = evaluation;
    if (diagnostics.length > 0) {
      const values = this.executor.values();
      return typeCheckError(diagnostics, source, cell.name, (name) => isOwnName(name, values));
    }
    if (!("thrown" in evaluation)) return undefined;
    const { thrown } = evaluation;
    const { name } = (thrown ?? {}) as { name?: unknown };
    const { aborted, reason } = cell.signal;
    // The error of an interrupted cell is the interrupt, not what its code made of it.
    if (aborted && (thrown === reason || name === "AbortError")) return cellErrorOf(reason);
    const codeOf = (label: string): string | undefined =>
      label === cell.name ? cell.code : this.history.inputOf(Number(/\d+/.exec(label)));
    return cellErrorOf(thrown, missingMember(thrown, { codeOf, values: this.executor.values() }));
  }
}

/** The session of one notebook: runs its cells one after the other, by the rules of Jupyter's protocol. */

import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { journalMark } from "../../lib/journal";
import type { MagicTranslator } from "../magics/index";
import {
  Cell,
  type CellError,
  type CellMetadata,
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
import { missingMember, missingResult } from "./missingMember";
import { NotebookParameters } from "./notebookParameters";

/** The content of an execute_request. */
export interface ExecuteRequest {
  readonly code: string;
  /** Whether nothing is published or counted. Default false. */
  readonly silent?: boolean;
  /** Whether the cell is counted and kept in the history. Default true, but false for a silent request. */
  readonly store_history?: boolean;
  /** Expressions to evaluate after the cell, by name; their results are part of the reply. */
  readonly user_expressions?: Readonly<Record<string, string>>;
  /** Whether a failure of the cell aborts the requests that wait already. Default true. */
  readonly stop_on_error?: boolean;
  /** What the front-end says of the cell, in the metadata of its message. */
  readonly cell?: CellMetadata;
}

/** The content of an execute_reply. */
export interface ExecuteReply {
  readonly status: "ok" | "error" | "aborted";
  /** The number that a front-end shows beside the cell; absent if the cell did not run. */
  readonly execution_count?: number;
  readonly [key: string]: unknown;
}

/**
 * Receives what an execution publishes: first `begin`, then the outputs of the cell,
 * then `end` with the reply.
 */
export interface ExecutionClient extends OutputSink {
  begin(): void;
  end(reply: ExecuteReply): void;
}

interface QueuedExecution {
  readonly request: ExecuteRequest;
  readonly client: ExecutionClient;
}

/** Seconds a cell waits for work that it holds (`Cell.hold`) after its code has ended. */
const HOLD = 5;

/** By which a cell is known in a recording, until it is edited. */
function cellHash(code: string): string {
  return createHash("sha256")
    .update(code.replace(/[ \t]+$/gm, "").trimEnd())
    .digest("hex")
    .slice(0, 8);
}

const SILENT: OutputSink = {
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
  readonly #prelude: string;
  #prepared: Promise<void> | undefined;
  #count = 0;
  readonly #queue: QueuedExecution[] = [];
  #draining = false;
  #race: CellRace | undefined;
  #closed = false;

  /** @param prelude Code whose names every cell can use. */
  constructor(
    executor: CellExecutor,
    magics: MagicTranslator,
    prelude: string,
    parameters = new NotebookParameters(() => executor.values()),
  ) {
    this.executor = executor;
    this.#magics = magics;
    this.#prelude = prelude;
    this.assistant = new CodeAssistant(executor, magics);
    this.parameters = parameters;
  }

  /**
   * Loads what the first cell needs and runs the prelude, which takes a second or two. Otherwise the first
   * cell does. Never rejects.
   */
  prepare(): Promise<void> {
    this.#prepared ??= this.#prepare().catch(() => {
      // The first cell will fail in the same way, and report it.
      this.#prepared = undefined;
    });
    return this.#prepared;
  }

  /** Runs a cell after those that wait already. */
  execute(request: ExecuteRequest, client: ExecutionClient): void {
    this.#queue.push({ request, client });
    if (!this.#draining) void this.#drain();
  }

  /** Interrupts the running cell, if there is one. After a `final` interrupt no more cells run. */
  interrupt(interrupt: InterruptOptions = {}): void {
    this.#closed ||= interrupt.final === true;
    this.#race?.interrupt(interrupt);
  }

  async #prepare(): Promise<void> {
    const isWaiting = (): boolean => this.#queue.length > 0;
    await this.executor.warm(isWaiting);
    // The second piece of code warms up what later cells need: it uses names of an
    // earlier cell and has no imports.
    for (const code of [this.#prelude, ...(isWaiting() ? [] : ["void [0].map(String)"])]) {
      const cell = new Cell(0, code, SILENT);
      await runInCell(cell, () => this.executor.run(cell, code));
    }
    this.#magics.libraryIsLoaded();
  }

  /** Runs the cells that wait, one after the other. */
  async #drain(): Promise<void> {
    this.#draining = true;
    await this.prepare();
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { request, client } = next;
      if (this.#closed) {
        this.#abort(next);
        continue;
      }
      client.begin();
      const reply = await this.#run(request, client);
      const aborted = reply.status === "error" && request.stop_on_error !== false ? await this.#takeQueued() : [];
      client.end(reply);
      for (const execution of aborted) this.#abort(execution);
    }
    this.#draining = false;
  }

  /** Replies to a request whose cell does not run. */
  #abort({ client }: QueuedExecution): void {
    client.begin();
    client.end({ status: "aborted" });
  }

  /** Takes the requests that were sent before this moment, also those that are still in the socket. */
  async #takeQueued(): Promise<QueuedExecution[]> {
    // Two turns of the event loop are enough for messages to get from the socket into the queue.
    for (let turn = 0; turn < 2; turn++) await nextTurn();
    return this.#queue.splice(0);
  }

  /** Runs one cell to its end and resolves with its reply. */
  async #run(request: ExecuteRequest, client: ExecutionClient): Promise<ExecuteReply> {
    const silent = request.silent === true;
    const stored = !silent && request.store_history !== false;
    if (stored) {
      this.#count += 1;
      journalMark(`cell ${this.#count} ${cellHash(request.code)}`);
    }
    const cell = new Cell(this.#count, request.code, silent ? SILENT : client, request.cell);
    if (!silent) this.parameters.note(cell);
    cell.publish("execute_input", { code: request.code, execution_count: cell.count });
    this.#race = new CellRace(
      cell,
      () => this.#body(cell, request),
      (until) => this.executor.abandon(until),
    );
    const outcome = await this.#race.outcome;
    this.#race = undefined;
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
  async #body(cell: Cell, request: ExecuteRequest): Promise<CellOutcome> {
    const translation = await this.#magics.translate(cell);
    cell.signal.throwIfAborted();
    const evaluation = translation.inCell(await this.executor.run(cell, translation.text));
    cell.codeEndMs = performance.now();
    if (cell.ended) return {};
    const failure = this.#failureOf(evaluation, cell);
    await cell.released(HOLD);
    if (failure) return publishFailure(cell, failure);
    let text: string | undefined;
    const missing = evaluation.value === undefined && missingResult(cell.code, this.executor.values());
    if (missing) cell.stream("stderr", `${missing}\n`);
    if (evaluation.value !== undefined && evaluation.value !== null) {
      const data = await toBundle(evaluation.value);
      text = data["text/plain"];
      if (!publishChanging(evaluation.value, data, (type, content) => cell.publish(type, content)))
        cell.publish("execute_result", { execution_count: cell.count, data, metadata: {} });
    }
    const userExpressions = await this.#userExpressions(cell, request.user_expressions ?? {});
    // Node reports a promise that rejected without `await` after this turn: the error belongs to this cell.
    await nextTurn();
    return cell.uncaught ? { text, error: cell.uncaught } : { text, userExpressions };
  }

  async #userExpressions(cell: Cell, expressions: Readonly<Record<string, string>>): Promise<object> {
    const results: [string, object][] = [];
    for (const [name, expression] of Object.entries(expressions)) {
      const evaluation = await this.executor.run(cell, String(expression));
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
    if (evaluation.diagnostics.length > 0) return typeCheckError(evaluation.diagnostics, evaluation.source, cell.name);
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

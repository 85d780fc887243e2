/**
 * The cells of one notebook: runs them one after the other, by Jupyter's rules, and answers questions about their code.
 * Knows nothing of sockets: the kernel and the headless runner both drive it.
 */

import type { MagicTranslator } from "../magics/translate";
import {
  Cell,
  type CellError,
  cellErrorOf,
  type Evaluation,
  type OutputSink,
  runInCell,
  toBundle,
  typeCheckError,
} from "../output/index";
import type { CellExecutor } from "./cellExecutor";
import { type CellOutcome, CellRace, type InterruptOptions, publishFailure } from "./cellRace";
import { CodeAssistant } from "./codeAssistant";
import { History } from "./history";
import { missingMember, missingResult } from "./missingMember";

export interface ExecuteRequest {
  readonly code: string;
  /** Nothing is published or counted. Default false. */
  readonly silent?: boolean;
  /** Default true, unless silent. */
  readonly store_history?: boolean;
  readonly user_expressions?: Readonly<Record<string, string>>;
  /** Whether a failure aborts the requests that wait already. Default true. */
  readonly stop_on_error?: boolean;
}

export interface ExecuteReply {
  readonly status: "ok" | "error" | "aborted";
  /** Of what was run: a front-end writes it beside the cell. */
  readonly execution_count?: number;
  readonly [key: string]: unknown;
}

/** Who asked for an execution. `begin` and `end` enclose everything the cell publishes before its reply. */
export interface ExecutionClient extends OutputSink {
  begin(): void;
  end(reply: ExecuteReply): void;
}

interface QueuedExecution {
  readonly request: ExecuteRequest;
  readonly client: ExecutionClient;
}

/** How long a cell waits for output that comes after its code. */
const HOLD_MS = 5000;

const SILENT: OutputSink = {
  stream: () => undefined,
  publish: () => undefined,
  ask: () => Promise.reject(new Error("a silent request cannot ask for input")),
};

export class NotebookSession {
  readonly executor: CellExecutor;
  readonly assistant: CodeAssistant;
  readonly history = new History();
  readonly #magics: MagicTranslator;
  readonly #prelude: string;
  #prepared: Promise<void> | undefined;
  #count = 0;
  readonly #waiting: QueuedExecution[] = [];
  #draining = false;
  #race: CellRace | undefined;
  #closed = false;

  /** `prelude`: code whose names are there in every cell. */
  constructor(executor: CellExecutor, magics: MagicTranslator, prelude: string) {
    this.executor = executor;
    this.#magics = magics;
    this.#prelude = prelude;
    this.assistant = new CodeAssistant(executor, magics);
  }

  /** Loads what the first cell needs, the prelude among it, which takes a second or two; else the first cell does. Never rejects. */
  prepare(): Promise<void> {
    this.#prepared ??= this.#prepare().catch(() => {
      // The cell meets the same failure, and tells of it.
      this.#prepared = undefined;
    });
    return this.#prepared;
  }

  execute(request: ExecuteRequest, client: ExecutionClient): void {
    this.#waiting.push({ request, client });
    if (!this.#draining) void this.#drain();
  }

  /** Interrupts the running cell, if there is one. After a `final` interrupt no cell runs any more. */
  interrupt(interrupt: InterruptOptions = {}): void {
    this.#closed ||= interrupt.final === true;
    this.#race?.interrupt(interrupt);
  }

  async #prepare(): Promise<void> {
    const isWaiting = (): boolean => this.#waiting.length > 0;
    await this.executor.warm(isWaiting);
    // The second one meets what every cell after it meets: names of an earlier cell, and no imports of its own.
    for (const code of [this.#prelude, ...(isWaiting() ? [] : ["void [0].map(String)"])]) {
      const cell = new Cell(0, code, SILENT);
      await runInCell(cell, () => this.executor.run(cell, code));
    }
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    await this.prepare();
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { request, client } = next;
      if (this.#closed) {
        this.#abort(next);
        continue;
      }
      client.begin();
      const reply = await this.#run(request, client);
      const aborted = reply.status === "error" && request.stop_on_error !== false ? await this.#takeQueued() : [];
      client.end(reply);
      for (const waiting of aborted) this.#abort(waiting);
    }
    this.#draining = false;
  }

  #abort({ client }: QueuedExecution): void {
    client.begin();
    client.end({ status: "aborted" });
  }

  /** The requests sent before this moment; those of the same burst may still be in the socket. */
  async #takeQueued(): Promise<QueuedExecution[]> {
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    return this.#waiting.splice(0);
  }

  async #run(request: ExecuteRequest, client: ExecutionClient): Promise<ExecuteReply> {
    const silent = request.silent === true;
    const stored = !silent && request.store_history !== false;
    if (stored) this.#count += 1;
    const cell = new Cell(this.#count, request.code, silent ? SILENT : client);
    cell.publish("execute_input", { code: request.code, execution_count: cell.count });
    this.#race = new CellRace(
      cell,
      () => this.#body(cell, request),
      () => this.executor.abandon(),
    );
    const outcome = await this.#race.outcome;
    this.#race = undefined;
    if (stored) this.history.add(cell.count, request.code, outcome.text);
    if (outcome.error) return { status: "error", execution_count: cell.count, ...outcome.error };
    return {
      status: "ok",
      execution_count: cell.count,
      payload: [],
      user_expressions: outcome.userExpressions,
    };
  }

  async #body(cell: Cell, request: ExecuteRequest): Promise<CellOutcome> {
    const translation = await this.#magics.translate(cell);
    cell.signal.throwIfAborted();
    const evaluation = translation.inCell(await this.executor.run(cell, translation.text));
    if (cell.ended) return { text: null };
    const failure = this.#failureOf(evaluation, cell);
    await cell.released(HOLD_MS);
    if (failure) return publishFailure(cell, failure);
    let text: string | null = null;
    const missing = evaluation.value === undefined && missingResult(cell.code, this.executor.values());
    if (missing) cell.stream("stderr", `${missing}\n`);
    if (evaluation.value != null) {
      const data = await toBundle(evaluation.value);
      text = data["text/plain"];
      cell.publish("execute_result", { execution_count: cell.count, data, metadata: {} });
    }
    return { text, userExpressions: await this.#userExpressions(cell, request.user_expressions ?? {}) };
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

  #failureOf(evaluation: Evaluation, cell: Cell): CellError | undefined {
    if (evaluation.diagnostics.length > 0) return typeCheckError(evaluation.diagnostics, evaluation.source, cell.name);
    if (!("thrown" in evaluation)) return undefined;
    const { thrown } = evaluation;
    const { name } = (thrown ?? {}) as { name?: unknown };
    const { aborted, reason } = cell.signal;
    if (aborted && (thrown === reason || name === "AbortError")) return cellErrorOf(reason);
    const codeOf = (label: string): string | undefined =>
      label === cell.name ? cell.code : this.history.inputOf(Number(/\d+/.exec(label)));
    return cellErrorOf(thrown, missingMember(thrown, { codeOf, values: this.executor.values() }));
  }
}

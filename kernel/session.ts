/**
 * The cells of one notebook: runs them one after the other, by Jupyter's rules, and answers questions about their code.
 * Knows nothing of sockets: the kernel and the headless runner both drive it.
 */

import { Cell, type CellOutput, runInCell } from "./cell";
import type { CellExecutor, Evaluation } from "./cellExecutor";
import { toBundle } from "./displayBundle";
import { diagnosticsReport, type ErrorReport, errorReport } from "./errorReport";
import { History } from "./history";
import { isInterrupting, setInterrupting } from "./interruption";
import { Language } from "./language";
import type { MagicTranslator } from "./magics/translate";

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
  readonly execution_count: number;
  readonly [key: string]: unknown;
}

/** Who asked for an execution. `begin` and `end` enclose everything the cell publishes before its reply. */
export interface ExecutionClient extends CellOutput {
  begin(): void;
  end(reply: ExecuteReply): void;
}

interface Waiting {
  readonly request: ExecuteRequest;
  readonly client: ExecutionClient;
}

/** How long an interrupted cell may take to end by itself, stopping hardware for instance. */
const INTERRUPT_GRACE_MS = 1000;

/** How long a cell waits for output that comes after its code. */
const HOLD_MS = 5000;

const SILENT: CellOutput = {
  stream: () => undefined,
  publish: () => undefined,
  ask: () => Promise.reject(new Error("a silent request cannot ask for input")),
};

export class Session {
  readonly executor: CellExecutor;
  readonly language: Language;
  readonly history = new History();
  readonly #magics: MagicTranslator;
  #prepared: Promise<void> | undefined;
  #count = 0;
  readonly #waiting: Waiting[] = [];
  #draining = false;
  /** Ends the running cell by the race; `atOnce` where its code is known to be dead. */
  #interruptRunning: ((atOnce: boolean, reason?: Error) => void) | undefined;

  constructor(executor: CellExecutor, magics: MagicTranslator) {
    this.executor = executor;
    this.#magics = magics;
    this.language = new Language(executor, magics);
  }

  /** Loads what the first cell needs, which blocks for most of a second, and makes the names of `prelude` known to the cells. */
  prepare(prelude: string): Promise<void> {
    this.#prepared ??= this.#prepare(prelude);
    return this.#prepared;
  }

  execute(request: ExecuteRequest, client: ExecutionClient): void {
    this.#waiting.push({ request, client });
    if (!this.#draining) void this.#drain();
  }

  /**
   * Interrupts the running cell. `terminated`: its code was stopped by force and will not answer any more. `reason`: of
   * its AbortSignal, if not the person. Returns whether there was one.
   */
  interrupt(terminated = false, reason?: Error): boolean {
    if (!this.#interruptRunning) return false;
    this.#interruptRunning(terminated, reason);
    return true;
  }

  async #prepare(prelude: string): Promise<void> {
    await this.executor.warm();
    // The second one meets what every cell after it meets: names of an earlier cell, and no imports of its own.
    for (const code of [prelude, "void [0].map(String)"]) {
      const cell = new Cell(0, code, SILENT);
      await runInCell(cell, () => this.executor.run(cell, code));
    }
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    await this.#prepared;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { request, client } = next;
      client.begin();
      const reply = await this.#run(request, client);
      const aborted = reply.status === "error" && request.stop_on_error !== false ? await this.#takeQueued() : [];
      client.end(reply);
      for (const waiting of aborted) {
        waiting.client.begin();
        waiting.client.end({ status: "aborted", execution_count: this.#count });
      }
    }
    this.#draining = false;
  }

  /** The requests sent before this moment; those of the same burst may still be in the socket. */
  async #takeQueued(): Promise<Waiting[]> {
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
    const outcome = await this.#race(cell, () => this.#body(cell, request));
    if (stored) this.history.add(cell.count, request.code, outcome.text);
    if (outcome.error) return { status: "error", execution_count: cell.count, ...outcome.error };
    return {
      status: "ok",
      execution_count: cell.count,
      payload: [],
      user_expressions: outcome.userExpressions,
    };
  }

  /**
   * The outcome of `body`, or the interrupt's if that comes first. `body` starts from a turn of its own: where its code is
   * stopped by force, all frames of its turn are gone, and ours must not be among them.
   */
  #race(cell: Cell, body: () => Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        this.#interruptRunning = undefined;
        setInterrupting(false);
        cell.end();
        resolve(outcome);
      };
      const leave = (outcome: (report: ErrorReport) => Outcome): void => {
        if (this.#interruptRunning !== interrupt) return;
        this.executor.abandon();
        settle(outcome(errorReport(cell.signal.reason)));
      };
      const giveUp = (): void => leave((error) => publishFailure(cell, error));
      // The reply still says that the cell did not end by itself: what waits behind it must not run.
      const endQuietly = (): void => leave((error) => ({ text: null, error }));
      const interrupt = (atOnce: boolean, reason?: Error): void => {
        const again = isInterrupting();
        setInterrupting(true);
        cell.interrupt(endQuietly, reason);
        if (atOnce || again) giveUp();
        else setTimeout(giveUp, INTERRUPT_GRACE_MS);
      };
      this.#interruptRunning = interrupt;
      setImmediate(() => {
        const done = (outcome: Outcome): void => {
          if (this.#interruptRunning === interrupt) settle(outcome);
        };
        void runInCell(cell, () => body().then(done, (error) => done(publishFailure(cell, errorReport(error)))));
      });
    });
  }

  async #body(cell: Cell, request: ExecuteRequest): Promise<Outcome> {
    const translation = await this.#magics.translate(cell);
    cell.signal.throwIfAborted();
    const evaluation = translation.inCell(await this.executor.run(cell, translation.text));
    if (cell.ended) return { text: null };
    const failure = failureOf(evaluation, cell);
    await cell.released(HOLD_MS);
    if (failure) return publishFailure(cell, failure);
    let text: string | null = null;
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
      const evaluation = await this.executor.run(cell, expression);
      const failure = failureOf(evaluation, cell);
      results.push([
        name,
        failure
          ? { status: "error", ...failure }
          : { status: "ok", data: await toBundle(evaluation.value), metadata: {} },
      ]);
    }
    return Object.fromEntries(results);
  }
}

interface Outcome {
  readonly text: string | null;
  readonly error?: ErrorReport;
  readonly userExpressions?: object;
}

function publishFailure(cell: Cell, error: ErrorReport): Outcome {
  cell.publish("error", error);
  return { text: null, error };
}

function failureOf(evaluation: Evaluation, cell: Cell): ErrorReport | undefined {
  if (evaluation.diagnostics.length > 0) return diagnosticsReport(evaluation.diagnostics, evaluation.source, cell.name);
  if (!("thrown" in evaluation)) return undefined;
  const { thrown } = evaluation;
  const { name } = (thrown ?? {}) as { name?: unknown };
  const { aborted, reason } = cell.signal;
  const interrupted = aborted && (thrown === reason || name === "AbortError");
  return errorReport(interrupted ? reason : thrown);
}

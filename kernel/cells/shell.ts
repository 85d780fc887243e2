/**
 * A queue of cells that run one after the other: the main shell of a notebook, or a subshell, whose cells run
 * beside those of the others (JEP 91).
 */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { CellMetadata, OutputSink } from "../output/index";
import type { CellRace, InterruptOptions } from "./cellRace";

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
  /** The facts about the cell that the front-end gives in the metadata of its message. */
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

/** The parts of a notebook that a shell needs. */
export interface ShellParts {
  /** Resolves when the first cell can run. */
  prepare(): Promise<void>;
  /** Whether cells that wait are aborted instead of run. */
  isClosed(): boolean;
  /** Runs a cell from `client.begin` to its end; sets `shell.race` while it runs. */
  run(request: ExecuteRequest, client: ExecutionClient, shell: Shell): Promise<ExecuteReply>;
}

export class Shell {
  /** Whether its cells may run beside those of the main shell. */
  readonly isSubshell: boolean;
  /** The cell that runs now. */
  race: CellRace | undefined;
  readonly #parts: ShellParts;
  readonly #queue: QueuedExecution[] = [];
  #draining = false;

  constructor(isSubshell: boolean, parts: ShellParts) {
    this.isSubshell = isSubshell;
    this.#parts = parts;
  }

  /** Whether a cell runs or waits. */
  get isBusy(): boolean {
    return this.#draining;
  }

  /** Runs a cell after those that wait already. */
  execute(request: ExecuteRequest, client: ExecutionClient): void {
    this.#queue.push({ request, client });
    if (!this.#draining) void this.#drain();
  }

  /** Interrupts the running cell, if there is one. */
  interrupt(interrupt: InterruptOptions): void {
    this.race?.interrupt(interrupt);
  }

  /** Aborts the cells that wait. */
  clear(): void {
    for (const execution of this.#queue.splice(0)) this.#abort(execution);
  }

  /** Runs the cells that wait, one after the other. */
  async #drain(): Promise<void> {
    this.#draining = true;
    await this.#parts.prepare();
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { request, client } = next;
      if (this.#parts.isClosed()) {
        this.#abort(next);
        continue;
      }
      const reply = await this.#parts.run(request, client, this);
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
}

// One identified connection to a SEC node: requests with deadlines, and events.

import { CommunicationFailedError, errorText, SecopTimeoutError } from "../../errors";
import { afterSeconds } from "../../timeLimit";
import { checkIdentification, closedUnidentified } from "../wire/identify";
import { formatMessage, splitMessage } from "../wire/secopMessage";
import { openTcp } from "../wire/transport/tcp";
import type { Transport } from "../wire/transport/transport";
import { openWebSocket } from "../wire/transport/webSocket";
import type { NodeAddress } from "../wire/uri";
import { PendingReplies, type Reply } from "./pendingReplies";
import { Request, type RequestOptions } from "./request";
import { withSignals } from "./withSignals";

export interface ConnectionEvents {
  /** An `update` (`isError` false) or `error_update`; its data as JSON text. */
  update(specifier: string, json: string | undefined, isError: boolean): void;
  /** Any other message that answers no request. */
  message(message: Reply): void;
  /** Something that could not be used: one line. */
  problem(text: string): void;
  /** The connection ended without `close`, after its requests were rejected. */
  lost(reason: string): void;
  /** Every line that goes out (`>`) or comes in (`<`). Absent costs nothing. */
  trace?: ((direction: "<" | ">", line: string) => void) | undefined;
}

export interface ConnectionOptions {
  /**
   * Seconds to connect and identify, and then for every request: a node that owes a reply for longer is dead or stuck.
   */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /**
   * Whether an update answers a waiting read of the same parameter. On an activated connection a node without
   * TCP_NODELAY sends the `reply` 40 ms after the `update` with the same content (Nagle's algorithm against delayed
   * acknowledgement).
   */
  readonly updatesAnswerReads: boolean;
}

/** Why a connection ends that the client itself closes. */
export const BY_US = "closed by this client";

export class Connection {
  readonly address: NodeAddress;
  /** The node's answer to `*IDN?`. */
  identification = "";
  /** Seconds, as in the options. */
  timeout: number;
  readonly #updatesAnswerReads: boolean;
  readonly #events: ConnectionEvents;
  readonly #pending = new PendingReplies<Request>();
  #transport: Transport | undefined;
  #identified: ((answer: string) => void) | undefined;
  #received = 0;
  #overdue = 0;
  #ended: string | undefined;

  private constructor(address: NodeAddress, options: ConnectionOptions, events: ConnectionEvents) {
    this.address = address;
    this.timeout = options.timeout;
    this.#updatesAnswerReads = options.updatesAnswerReads;
    this.#events = events;
  }

  /** Connects and identifies; rejects with one line that says what is there instead of a SEC node. */
  static async open(address: NodeAddress, options: ConnectionOptions, events: ConnectionEvents): Promise<Connection> {
    const connection = new Connection(address, options, events);
    const deadline = new AbortController();
    const cancel = afterSeconds(options.timeout, () => deadline.abort(deadline));
    try {
      await withSignals([options.signal, deadline.signal], (signal) => connection.#identify(signal));
      return connection;
    } catch (error) {
      connection.close();
      if (error !== deadline) throw error;
      const what = connection.#transport ? "it accepts connections but does not answer *IDN?" : "it does not answer";
      throw new SecopTimeoutError(`cannot connect to ${address.text}: ${what} within ${options.timeout} s`);
    } finally {
      cancel();
    }
  }

  /** How many lines came: a silent node's do not grow. */
  get received(): number {
    return this.#received;
  }

  /** Whether the node owes no reply. */
  get isIdle(): boolean {
    return this.#pending.isEmpty;
  }

  /** Why it ended; undefined while it is open. */
  get ended(): string | undefined {
    return this.#ended;
  }

  /**
   * Sends a request and resolves with its reply, an error report included. Rejects when the deadline passes, the signal
   * aborts or the connection ends. A reply owed for longer than the node's timeout ends the connection: a late one dies
   * with it. Not so that of a read, if the node answers otherwise: then it is one parameter that hangs, not the node.
   */
  request(action: string, specifier: string, data: unknown, options: RequestOptions = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const line = formatMessage(action, specifier, data);
      options.signal?.throwIfAborted();
      if (this.#ended !== undefined) throw this.#lostError(this.#ended);
      const overdue = (reason: string) => this.#onOverdue(request, reason);
      const request = new Request(action, specifier, this.timeout, options, { resolve, reject, overdue });
      this.#pending.add(request);
      this.#send(line);
    });
  }

  /** Ends the connection; its requests are rejected with the reason. */
  close(reason = BY_US): void {
    this.#end(reason);
  }

  /** Ends the connection as if the node had. */
  abandon(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#end(reason);
    this.#events.lost(reason);
  }

  async #identify(signal: AbortSignal): Promise<void> {
    const open = this.address.transport === "tcp" ? openTcp : openWebSocket;
    this.#transport = await open(
      this.address,
      {
        line: (line) => this.#onLine(line),
        problem: (text) => this.#events.problem(text),
        closed: (reason) => this.#onClosed(reason),
      },
      signal,
    );
    const answer = await new Promise<string>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#identified = resolve;
      this.#send("*IDN?");
    });
    this.#identified = undefined;
    if (this.#ended !== undefined) throw closedUnidentified(this.address, this.#ended);
    checkIdentification(this.address, answer);
    this.identification = answer;
  }

  #onOverdue(overdue: Request, reason: string): void {
    if (overdue.action !== "read") {
      this.abandon(reason);
      return;
    }
    this.#overdue += 1;
    const isAlive = this.request("ping", `overdue-${this.#overdue}`, undefined);
    isAlive.then(
      () => this.#pending.remove(overdue),
      () => this.abandon(reason),
    );
  }

  #onClosed(reason: string): void {
    if (this.identification !== "") {
      this.abandon(reason);
      return;
    }
    this.#end(reason);
    this.#identified?.("");
  }

  #send(line: string): void {
    this.#events.trace?.(">", line);
    this.#transport?.send(line);
  }

  #onLine(line: string): void {
    this.#received += 1;
    this.#events.trace?.("<", line);
    try {
      if (line.startsWith("update ")) this.#onUpdate(line, false);
      else if (line.startsWith("error_update ")) this.#onUpdate(line, true);
      else if (line === "") return;
      else if (this.#identified) this.#identified(line);
      else this.#onMessage(splitMessage(line));
    } catch (error) {
      this.#events.problem(`"${line.slice(0, 80)}" could not be used: ${errorText(error)}`);
    }
  }

  #onUpdate(line: string, isError: boolean): void {
    const message = splitMessage(line);
    this.#events.update(message.specifier, message.json, isError);
    if (!this.#updatesAnswerReads || this.#pending.isEmpty) return;
    const read = this.#pending.waiting("read", message.specifier);
    read?.settle?.({ ...message, action: isError ? "error_read" : "reply" });
  }

  #onMessage(message: Reply): void {
    if (message.action === "error_closed") {
      this.abandon("the node ended the session, its description may have changed");
      return;
    }
    const request = this.#pending.take(message.action, message.specifier);
    request?.paid();
    if (request) request.settle?.(message);
    else this.#events.message(message);
  }

  #end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#transport?.close();
    for (const request of this.#pending.clear()) request.fail(this.#lostError(reason));
  }

  #lostError(reason: string): CommunicationFailedError {
    return new CommunicationFailedError(`the connection to ${this.address.text} was lost: ${reason}`);
  }
}

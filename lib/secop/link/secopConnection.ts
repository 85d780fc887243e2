/** One identified connection to a SEC node: requests with deadlines, and what comes unasked. */

import { monotonicTime } from "../../clock";
import { CommunicationFailedError, errorText, LostInFlightError, SecopTimeoutError } from "../../errors";
import { afterSeconds } from "../../timeLimit";
import { withSignals } from "../../withSignals";
import { afterBanner, checkIdentification, closedUnidentified } from "../wire/identify";
import { formatMessage, type RawMessage, splitMessage } from "../wire/secopMessage";
import { openTransport, type Transport } from "../wire/transport/index";
import type { NodeAddress } from "../wire/uri";
import { Deadlines } from "./deadlines";
import { HasteningPings } from "./hasteningPings";
import type { ConnectionRole, LinkListener } from "./linkListener";
import { PendingReplies } from "./pendingReplies";
import { PendingRequest, type RequestOptions } from "./pendingRequest";

export interface SecopConnectionOptions {
  /**
   * Seconds to connect and identify, and then for every request: a node that owes a reply for longer is taken
   * for dead.
   */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly role: ConnectionRole;
  /** Called when the connection ended without `close`, after its requests were rejected. */
  readonly onLost: (reason: string) => void;
  /**
   * Whether an update answers a waiting read of the same parameter. On an activated connection a node without
   * TCP_NODELAY sends the `reply` 40 ms after the `update` with the same content (Nagle's algorithm against
   * delayed acknowledgement).
   */
  readonly updatesAnswerReads: boolean;
  /** Called with every update. */
  readonly onUpdate?: (update: RawMessage, isError: boolean) => void;
}

/** A node that replies to a read does so within this time after the update that the read caused. Seconds. */
const REPLY_AFTER_UPDATE = 0.1;

/** The reason of a connection that the client itself closes. */
export const BY_US = "closed by this client";

export class SecopConnection {
  readonly address: NodeAddress;
  /** The node's answer to `*IDN?`. */
  identification = "";
  /** Seconds, as in the options. */
  timeout: number;
  readonly hastening = new HasteningPings(() => void this.ping().catch(() => {}));
  readonly #role: ConnectionRole;
  readonly #onLost: (reason: string) => void;
  readonly #updatesAnswerReads: boolean;
  readonly #onUpdateSeen: ((update: RawMessage, isError: boolean) => void) | undefined;
  readonly #listener: LinkListener;
  readonly #pending = new PendingReplies<PendingRequest>();
  readonly #deadlines = new Deadlines(
    () => this.#pending.all,
    (request, reason) => this.#onOverdue(request, reason),
  );
  #transport: Transport | undefined;
  #identified: ((answer: string) => void) | undefined;
  #received = 0;
  #overdue = 0;
  #pings = 0;
  /** Whether the node ever answered a ping. */
  #answersPings = false;
  #ended: string | undefined;

  private constructor(address: NodeAddress, options: SecopConnectionOptions, listener: LinkListener) {
    this.address = address;
    this.timeout = options.timeout;
    this.#role = options.role;
    this.#onLost = options.onLost;
    this.#updatesAnswerReads = options.updatesAnswerReads;
    this.#onUpdateSeen = options.onUpdate;
    this.#listener = listener;
  }

  /** Connects and identifies; rejects with one line that says what is there instead of a SEC node. */
  static async open(
    address: NodeAddress,
    options: SecopConnectionOptions,
    listener: LinkListener,
  ): Promise<SecopConnection> {
    const connection = new SecopConnection(address, options, listener);
    const deadline = new AbortController();
    const { timeout, role } = options;
    const awaits = (words: string) => role === "updates" && listener.awaits(words, timeout);
    awaits("does not answer yet");
    const cancel = afterSeconds(timeout, () => deadline.abort(deadline), { idle: true });
    try {
      await withSignals([options.signal, deadline.signal], (signal) =>
        connection.#identify(signal, () => awaits("has not said what it is yet (*IDN?)")),
      );
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

  /** How many lines arrived; it stands still while the node is silent. */
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
   * Sends a request and resolves with its reply, which may be an error report. Rejects when the deadline
   * passes, the signal aborts or the connection ends. A reply owed for longer than the node's timeout ends
   * the connection, so that it cannot arrive late. An overdue read does not, if the node still answers a
   * ping: then one parameter hangs, not the node.
   */
  request(action: string, specifier: string, data: unknown, options: RequestOptions = {}): Promise<RawMessage> {
    return new Promise((resolve, reject) => {
      const line = formatMessage(action, specifier, data);
      options.signal?.throwIfAborted();
      if (this.#ended !== undefined) throw this.#lostError(this.#ended);
      // First of all, so that the node works on it while the rest is done here.
      this.#send(line);
      // The trace of the line may have closed the connection.
      if (this.#ended !== undefined) throw new LostInFlightError(this.#lostText(this.#ended));
      const request = new PendingRequest(action, specifier, this.timeout, options, { resolve, reject });
      this.#pending.add(request);
      this.#deadlines.lookAt(request.due);
      this.hastening.sent(request);
    });
  }

  /**
   * The parameter (`module:parameter`) that is read to see whether a node without `ping` is alive; undefined
   * for none.
   */
  heartbeat: string | undefined;

  /** Resolves with the seconds that a message takes to the node and back. */
  async ping(options?: RequestOptions): Promise<number> {
    this.#pings += 1;
    const start = monotonicTime();
    await this.request("ping", `${this.#pings}`, undefined, options);
    this.#answersPings = true;
    return monotonicTime() - start;
  }

  /** Ends the connection; its requests are rejected with the reason. */
  close(reason = BY_US): void {
    this.#end(reason);
  }

  /** Ends the connection as if the node had ended it. */
  abandon(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#end(reason);
    this.#onLost(reason);
  }

  async #identify(signal: AbortSignal, onConnected: () => void): Promise<void> {
    this.#transport = await openTransport(
      this.address,
      {
        line: (line) => this.#onLine(line),
        problem: (text) => this.#listener.problem(text),
        closed: (reason) => this.#onClosed(reason),
      },
      signal,
    );
    onConnected();
    const answer = await new Promise<string>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#identified = afterBanner(resolve);
      this.#send("*IDN?");
    });
    this.#identified = undefined;
    if (answer !== "") checkIdentification(this.address, answer);
    if (this.#ended !== undefined) throw closedUnidentified(this.address, this.#ended);
    this.identification = answer;
  }

  /**
   * A node that answers nothing is dead, but old ones answer no `activate` or no `ping`, and a parameter may
   * hang by itself.
   */
  #onOverdue(overdue: PendingRequest, reason: string): void {
    const { action } = overdue;
    const { heartbeat } = this;
    const mayLackPing = heartbeat !== undefined && !this.#answersPings;
    if (action !== "read" && action !== "activate" && !(action === "ping" && mayLackPing)) {
      this.abandon(reason);
      return;
    }
    this.#overdue += 1;
    const isAlive =
      action === "ping" && heartbeat !== undefined
        ? this.request("read", heartbeat, undefined)
        : this.request("ping", `overdue-${this.#overdue}`, undefined).then(() => {
            this.#answersPings = true;
          });
    isAlive.then(
      () => this.#pending.remove(overdue),
      () => {
        // A ping without an answer is overdue itself, and then it is the read of a parameter that decides.
        if (action !== "ping" && mayLackPing) this.#pending.remove(overdue);
        else this.abandon(reason);
      },
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
    this.#listener.trace?.(">", line);
    this.#transport?.send(line);
  }

  #onLine(line: string): void {
    this.#received += 1;
    this.#listener.trace?.("<", line);
    try {
      if (line.startsWith("update ")) this.#onUpdate(line, false);
      else if (line.startsWith("error_update ")) this.#onUpdate(line, true);
      else if (line === "") return;
      else if (this.#identified) this.#identified(line);
      else this.#onMessage(splitMessage(line));
    } catch (error) {
      this.#listener.problem(`"${line.slice(0, 80)}" could not be used: ${errorText(error)}`);
    }
  }

  #onUpdate(line: string, isError: boolean): void {
    const message = splitMessage(line);
    this.hastening.updated();
    this.#listener.updates.receive(message.specifier, message.json, isError, this.#role);
    this.#onUpdateSeen?.(message, isError);
    if (!this.#updatesAnswerReads) return;
    this.#waitingRead(message)?.settle({ ...message, action: isError ? "error_read" : "reply" });
  }

  /**
   * Gives an update that came over another connection to a read that still waits for its reply some time
   * later: some nodes answer reads only by an update to activated connections.
   */
  offer(update: RawMessage, isError: boolean): void {
    const read = this.#waitingRead(update);
    read?.settleLater({ ...update, action: isError ? "error_read" : "reply" }, REPLY_AFTER_UPDATE);
  }

  /** The oldest read of the parameter of an update whose caller still waits. */
  #waitingRead({ specifier }: RawMessage): PendingRequest | undefined {
    if (this.#pending.isEmpty) return undefined;
    return this.#pending.alike("read", specifier)?.find(({ isAwaited }) => isAwaited);
  }

  #onMessage(message: RawMessage): void {
    if (message.action === "error_closed") {
      this.abandon("the node ended the session, its description may have changed");
      return;
    }
    const request = this.#pending.take(message.action, message.specifier);
    if (!request) {
      this.#listener.message(message);
      return;
    }
    this.hastening.answered(request);
    request.settle(message);
  }

  #end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.hastening.end();
    this.#deadlines.end();
    this.#transport?.close();
    for (const request of this.#pending.clear()) request.fail(new LostInFlightError(this.#lostText(reason)));
  }

  #lostError(reason: string): CommunicationFailedError {
    return new CommunicationFailedError(this.#lostText(reason));
  }

  #lostText(reason: string): string {
    return `the connection to ${this.address.text} was lost: ${reason}`;
  }
}

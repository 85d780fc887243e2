/**
 * The server of a kernel: it answers every message of Jupyter's protocol, on the sockets of tslab's server.
 */

import { resolve } from "node:path";
import { type Reply as HeartbeatSocket, type Publisher, Router } from "zeromq";
import { errorText, UsageError } from "../../lib/errors";
import {
  type ExecuteRequest,
  type ExecutionClient,
  isCommMessage,
  type NotebookSession,
  notebookComms,
} from "../cells/index";
import { OutOfMemory } from "../output/index";
import {
  bind,
  channelAddress,
  IopubQueue,
  IopubSocket,
  type JupyterMessage,
  LINGER_MS,
  MessageCodec,
  type MessageHeader,
  SocketSender,
  socketSecurity,
  takeMessages,
} from "../protocol/index";
import type { MemoryUse } from "../stop/index";
import { tslabServerClass } from "../tslabAdapter";
import { answer, codeOf, failure } from "./answers";
import { ControlChannel } from "./controlChannel";
import { StdinChannel } from "./stdinChannel";

type Send = (frames: (Buffer | string | Uint8Array)[]) => unknown;

/** The events that the server reports to the process. */
export interface KernelEvents {
  /**
   * The front-end knows now that the kernel is alive, so this is the time for work that blocks for a while.
   */
  firstReply(): void;
  /** Code was stopped by force, and does not continue. */
  terminated(): void;
  /** The kernel should end. The front-end gets its reply when the promise resolves. */
  shutdown(): Promise<void>;
}

/** Passes messages of the front-end to the session, and sends its replies and publications. */
export class KernelServer extends tslabServerClass() {
  readonly #session: NotebookSession;
  readonly #events: KernelEvents;
  readonly #connectionFile: string;
  readonly #iopubSocket = new IopubSocket(LINGER_MS, (subscription) => this.#welcome(subscription));
  #replied = false;
  #ending = false;
  // `init` sets the following before the first message arrives.
  #codec!: MessageCodec;
  #iopub!: IopubQueue;
  #shell!: SocketSender;
  #stdin!: StdinChannel;
  #control!: ControlChannel;

  constructor(session: NotebookSession, connectionFile: string, events: KernelEvents) {
    super({ close: () => session.executor.close() }, connectionFile);
    this.#session = session;
    this.#events = events;
    this.#connectionFile = resolve(connectionFile);
  }

  override async init(): Promise<void> {
    await super.init();
    this.#control = await ControlChannel.open(this.connInfo, this.#connectionFile, {
      message: (frames) => this.#receive(frames, (reply) => this.#control.send(reply)),
      terminated: (memory) => this.#onTerminated(memory),
      ended: () => void this.#end(() => {}),
    });
    // Code of a cell may also end the process.
    process.once("exit", this.#onExit);
    this.#listen();
  }

  /**
   * tslab's server calls this for each socket. The control thread owns control and heartbeat, and we
   * publish on another socket.
   */
  override async bindSocket(socket: Publisher | Router | HeartbeatSocket, port: number): Promise<void> {
    if (socket === this.control || socket === this.hb) return;
    const address = channelAddress(this.connInfo, port);
    if (socket !== this.iopub) return bind(socket, address);
    this.#prepare();
    await bind(this.#iopubSocket, address);
  }

  override close(): void {
    super.close();
    this.#iopubSocket.close();
  }

  #listen(): void {
    void takeMessages(this.shell, (frames) => this.#receive(frames, (reply) => this.#shell.send(reply)));
    void this.#stdin.listen();
  }

  /**
   * Prepares the channels when all sockets exist and none is bound yet. The shell socket is replaced, because
   * tslab's loop that reads it would end at the first error.
   */
  #prepare(): void {
    this.shell.close();
    this.shell = new Router();
    const security = socketSecurity(this.connInfo);
    for (const socket of [this.shell, this.stdin]) Object.assign(socket, { linger: LINGER_MS, ...security });
    this.#iopubSocket.secure(security);
    this.#codec = new MessageCodec(this.connInfo.key, this.connInfo.signature_scheme);
    this.#iopub = new IopubQueue(this.#iopubSocket, this.#codec);
    this.#shell = new SocketSender(this.shell);
    // Publish this before any reply, since a front-end that has a reply takes the kernel for started.
    this.#iopub.publish({}, "status", { execution_state: "starting" });
    this.#stdin = new StdinChannel(this.stdin, this.#codec);
  }

  /** Lets a front-end know that what is published from now on reaches it (JEP 65). */
  #welcome(subscription: string): void {
    const topic = subscription === "" ? {} : { topic: subscription };
    this.#iopub.publish({}, "iopub_welcome", { subscription }, topic);
  }

  #receive(frames: readonly Buffer[], send: Send): void {
    const message = this.#codec.decodeOrLog(frames);
    if (message) void this.#handle(message, send);
  }

  async #handle(message: JupyterMessage, send: Send): Promise<void> {
    const { header, content } = message;
    if (header.msg_type === "execute_request") {
      await this.#iopubSocket.subscribed;
      const request = { ...content, code: codeOf(content.code), cell: message.metadata } as ExecuteRequest;
      if (this.#isForUnknownSubshell(message, send)) return;
      this.#session.execute(request, this.#client(message, send), header.subshell_id ?? undefined);
      return;
    }
    if (this.#isForUnknownSubshell(message, send)) return;
    this.#status(header, "busy");
    if (header.msg_type === "shutdown_request") {
      await this.#end(() => {
        this.#reply(message, send, { status: "ok", restart: content.restart === true });
        this.#idle(header);
      });
    } else if (isCommMessage(header.msg_type)) {
      notebookComms.receive(message);
    } else if (header.msg_type.endsWith("_request")) {
      this.#reply(message, send, await answer(this.#session, header.msg_type, content));
    }
    this.#idle(header);
    if (!this.#replied) void this.#onFirstReply();
  }

  /** Whether a request names a subshell that does not exist: then it gets its error here. */
  #isForUnknownSubshell(message: JupyterMessage, send: Send): boolean {
    const { header } = message;
    try {
      this.#session.shell(header.subshell_id ?? undefined);
      return false;
    } catch (error) {
      this.#status(header, "busy");
      if (header.msg_type.endsWith("_request"))
        this.#reply(message, send, failure("UnknownSubshell", errorText(error)));
      this.#idle(header);
      return true;
    }
  }

  /** Reports the first reply when it has been sent. */
  async #onFirstReply(): Promise<void> {
    this.#replied = true;
    await Promise.all([this.#shell.flush(), this.#iopub.flush()]);
    setImmediate(() => this.#events.firstReply());
  }

  /** Connects an execution to the front-end that requested it. */
  #client(message: JupyterMessage, send: Send): ExecutionClient {
    const { header, content } = message;
    return {
      begin: () => this.#status(header, "busy"),
      stream: (name, text) => this.#iopub.stream(header, name, text),
      publish: (type, body, options) => this.#iopub.publish(header, type, body, options),
      canAsk: content.allow_stdin !== false,
      ask: (prompt, password, signal) => {
        if (content.allow_stdin === false) {
          return Promise.reject(new UsageError("this front-end cannot ask for input"));
        }
        return this.#stdin.ask(message, prompt, password, signal);
      },
      end: (reply) => {
        this.#reply(message, send, reply);
        this.#idle(header);
      },
    };
  }

  /** Sends `idle` immediately: a front-end waits for it, and the next cell may block this thread. */
  #idle(parent: MessageHeader): void {
    this.#status(parent, "idle");
    void this.#iopub.flush();
  }

  #status(parent: MessageHeader, state: "busy" | "idle"): void {
    this.#iopub.publish(parent, "status", { execution_state: state });
  }

  #reply(message: JupyterMessage, send: Send, content: object): void {
    const type = message.header.msg_type.replace(/_request$/, "_reply");
    const reply = { type, parent: message.header, content: JSON.stringify(content) };
    send(this.#codec.encode(reply, message.identities));
  }

  /** Restores what the stopped code may have cut off: sending and receiving. Then interrupts the cell. */
  #onTerminated(memory: MemoryUse | undefined): void {
    this.#iopub.recover();
    this.#shell.recover();
    this.#listen();
    this.#events.terminated();
    this.#session.interrupt({ terminated: true, ...(memory && { reason: new OutOfMemory(memory) }) });
  }

  /** Ends the process after its connections are closed and everything published is sent. */
  async #end(reply: () => void): Promise<void> {
    if (this.#ending) return reply();
    this.#ending = true;
    this.#session.startNoMore();
    await this.#events.shutdown();
    reply();
    await Promise.all([this.#iopub.flush(), this.#shell.flush()]);
    // The exit closes the control thread. No code may run after that, since nothing else stops code that
    // blocks.
    process.exit(0);
  }

  readonly #onExit = (): void => {
    this.#iopub.sendRest();
    this.#control.closeNow();
    this.close();
  };
}

/** Sending on ZeroMQ sockets, which accept one message at a time. */

/** The frames of one message, as ZeroMQ takes them. */
export type MessageFrames = readonly (Buffer | string | Uint8Array)[];

/** The part of a ZeroMQ socket that sends. */
export interface SendingSocket {
  send(frames: (Buffer | string | Uint8Array)[]): Promise<void>;
}

/**
 * Sends the messages that `next` returns, one after the other: a socket refuses a second `send` (EBUSY) while
 * the first is pending. A message whose receiver is gone is dropped.
 */
export class SocketPump {
  readonly #socket: SendingSocket;
  readonly #next: () => MessageFrames | undefined;
  #run: object | undefined;
  #waiting: (() => void)[] = [];

  /** @param next Returns the next message, or undefined if there is nothing to send now. */
  constructor(socket: SendingSocket, next: () => MessageFrames | undefined) {
    this.#socket = socket;
    this.#next = next;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  /** Call this when `next` has a message. */
  start(): void {
    if (this.#run) return;
    this.#run = {};
    void this.#pump(this.#run);
  }

  /** Resolves when `next` has no more messages and all are sent. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.start();
    });
  }

  /** Sends everything without waiting; a message that the socket refuses is lost. */
  sendRest(): void {
    for (let frames = this.#next(); frames; frames = this.#next()) {
      // Ignore a failure: the process ends, and nobody is left to report it to.
      this.#socket.send([...frames]).catch(() => {});
    }
  }

  /** Starts again after code was stopped by force: the `send` that the pump waits for may never settle. */
  recover(): void {
    this.#run = undefined;
    this.start();
  }

  async #pump(run: object): Promise<void> {
    for (let frames = this.#next(); frames; frames = this.#next()) {
      await this.#sendOne(frames);
      if (this.#run !== run) return;
    }
    this.#run = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #sendOne(frames: MessageFrames): Promise<void> {
    for (;;) {
      try {
        await this.#socket.send([...frames]);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EBUSY") return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

/** Sends messages on one socket in the order they were given. */
export class SocketSender {
  readonly #queue: MessageFrames[] = [];
  readonly #pump: SocketPump;

  constructor(socket: SendingSocket) {
    this.#pump = new SocketPump(socket, () => this.#queue.shift());
  }

  send(frames: MessageFrames): void {
    this.#queue.push(frames);
    this.#pump.start();
  }

  /** Resolves when ZeroMQ has accepted everything given so far. */
  flush(): Promise<void> {
    return this.#pump.flush();
  }

  /** See `SocketPump.recover`. */
  recover(): void {
    this.#pump.recover();
  }
}

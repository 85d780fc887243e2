/** The parts of one message, as ZeroMQ takes them. */
export type MessageFrames = readonly (Buffer | string | Uint8Array)[];

/** What we need of a ZeroMQ socket. */
export interface SendingSocket {
  send(frames: (Buffer | string | Uint8Array)[]): Promise<void>;
}

/**
 * Sends what `next` gives, one message after the other: a socket refuses ("busy") a second send while one is under way.
 * A message whose receiver is gone is dropped.
 */
export class SocketPump {
  readonly #socket: SendingSocket;
  readonly #next: () => MessageFrames | undefined;
  #run: object | undefined;
  #waiting: (() => void)[] = [];

  /** `next` returns undefined where there is nothing to send now. */
  constructor(socket: SendingSocket, next: () => MessageFrames | undefined) {
    this.#socket = socket;
    this.#next = next;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  /** Call this when `next` has something. */
  start(): void {
    if (this.#run) return;
    this.#run = {};
    void this.#pump(this.#run);
  }

  /** Resolves when `next` has nothing more. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.start();
    });
  }

  /** Sends without waiting; what the socket does not take is lost. */
  sendRest(): void {
    for (let frames = this.#next(); frames; frames = this.#next())
      this.#socket.send([...frames]).catch(() => undefined);
  }

  /** After code was stopped by force: what this pump waited for may never come, so it begins anew. */
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

/** A queue of messages for one socket. */
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

  /** Resolves when everything given so far is with ZeroMQ. */
  flush(): Promise<void> {
    return this.#pump.flush();
  }

  recover(): void {
    this.#pump.recover();
  }
}

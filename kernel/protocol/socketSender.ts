type Frames = readonly (Buffer | string | Uint8Array)[];

/** Sends on one ZeroMQ socket, one message after the other: the socket refuses ("busy") a second send while one is under way. */
export class SocketSender {
  readonly #socket: { send(frames: (Buffer | string | Uint8Array)[]): Promise<void> };
  #tail: Promise<void> = Promise.resolve();

  constructor(socket: { send(frames: (Buffer | string | Uint8Array)[]): Promise<void> }) {
    this.#socket = socket;
  }

  /** Resolves when the message is with ZeroMQ, or when it cannot be sent any more because its receiver or the socket is gone. */
  send(frames: Frames): Promise<void> {
    const sent = this.#tail.then(() => this.#socket.send([...frames]));
    this.#tail = sent.catch(() => undefined);
    return this.#tail;
  }

  /** Resolves when everything given so far is sent. */
  flush(): Promise<void> {
    return this.#tail;
  }
}

/** How something is connected, and given back. */
export interface ConnectorParts<T> {
  /** Names it in errors. */
  readonly place: string;
  readonly error: new (message: string) => Error;
  /** Makes what is held. It may give up when the signal aborts; what it makes then nevertheless is closed. */
  open(timeout: number, signal: AbortSignal): Promise<T>;
  close(item: T): void;
}

/** What is held while something is connected: one item, however many connect at the same time, given back also while it is being made. */
export class Connector<T extends object> {
  readonly #parts: ConnectorParts<T>;
  #item: T | null = null;
  #connecting: { readonly work: Promise<void>; readonly giveUp: AbortController } | null = null;

  constructor(parts: ConnectorParts<T>) {
    this.#parts = parts;
  }

  /** Null while it is not connected. */
  get item(): T | null {
    return this.#item;
  }

  /** The same. @throws the `error` of its parts while it is not connected. */
  get connected(): T {
    if (this.#item) return this.#item;
    throw new this.#parts.error(`${this.#parts.place} is not connected: connect its device first`);
  }

  /** Who comes while it connects gets the same, with the timeout (in seconds) of who came first. Rejects as `open` does. */
  async connect(timeout: number): Promise<void> {
    if (this.#item) return;
    if (!this.#connecting) {
      const giveUp = new AbortController();
      this.#connecting = { work: this.#connect(timeout, giveUp.signal), giveUp };
    }
    await this.#connecting.work;
  }

  /** A later `connect` opens it again. */
  dispose(): void {
    const item = this.#item;
    const { place, error } = this.#parts;
    this.#connecting?.giveUp.abort(new error(`${place} was disposed while it connected`));
    this.#connecting = null;
    this.#item = null;
    if (item) this.#parts.close(item);
  }

  /** Called when the item is held. */
  protected opened(_item: T): void {}

  async #connect(timeout: number, signal: AbortSignal): Promise<void> {
    try {
      const item = await this.#parts.open(timeout, signal);
      if (signal.aborted) this.#parts.close(item);
      else this.#item = item;
    } catch (error) {
      if (!signal.aborted) this.#connecting = null;
      throw signal.aborted ? signal.reason : error;
    }
    signal.throwIfAborted();
    this.#connecting = null;
    if (this.#item) this.opened(this.#item);
  }
}

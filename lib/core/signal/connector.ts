/** Opens a connection once for all callers, and closes it even while it is being opened. */

import { withWaitingLine } from "../../display/waitingLine";

/** How an item, for example a connection, is opened and closed. */
export interface ConnectorParts<T> {
  /** The name of the item in errors. */
  readonly place: string;
  readonly error: new (message: string) => Error;
  /**
   * Opens the item within `timeout` seconds. It may give up when the signal aborts; an item that it
   * opens afterwards is closed at once.
   */
  open(timeout: number, signal: AbortSignal): Promise<T>;
  close(item: T): void;
}

/** Holds one open item. Several callers may ask for it at once, and it can be disposed while it opens. */
export class Connector<T extends object> {
  readonly #parts: ConnectorParts<T>;
  #item: T | undefined;
  #connecting: { readonly work: Promise<void>; readonly giveUp: AbortController } | undefined;

  constructor(parts: ConnectorParts<T>) {
    this.#parts = parts;
  }

  /** The item; undefined while it is not open. */
  get item(): T | undefined {
    return this.#item;
  }

  /** The item. @throws the `error` of the parts while it is not open. */
  get connected(): T {
    if (this.#item) return this.#item;
    throw new this.#parts.error(`${this.#parts.place} is not connected: connect its device first`);
  }

  /**
   * Opens the item. Calls that come while it opens wait for the same item, with the `timeout` (seconds) of
   * the first call. Rejects as `open` does.
   */
  async connect(timeout: number): Promise<void> {
    if (this.#item) return;
    if (!this.#connecting) {
      const giveUp = new AbortController();
      this.#connecting = { work: this.#connect(timeout, giveUp.signal), giveUp };
    }
    await this.#connecting.work;
  }

  /** Closes the item, also while it opens. A later `connect` opens it again. */
  dispose(): void {
    const item = this.#item;
    const { place, error } = this.#parts;
    this.#connecting?.giveUp.abort(new error(`${place} was disposed while it connected`));
    this.#connecting = undefined;
    this.#item = undefined;
    if (item) this.#parts.close(item);
  }

  /** Called when the item is open. */
  protected opened(_item: T): void {}

  async #connect(timeout: number, signal: AbortSignal): Promise<void> {
    try {
      const item = await withWaitingLine(this.#parts.place, () => this.#parts.open(timeout, signal), timeout);
      if (signal.aborted) this.#parts.close(item);
      else this.#item = item;
    } catch (error) {
      if (!signal.aborted) this.#connecting = undefined;
      throw signal.aborted ? signal.reason : error;
    }
    signal.throwIfAborted();
    this.#connecting = undefined;
    if (this.#item) this.opened(this.#item);
  }
}

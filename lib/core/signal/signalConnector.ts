/** The connection of a signal, whose callback survives a reconnection. */

import { timeNow } from "../../clock";
import type { Reading } from "../protocols/protocols";
import { Connector, type ConnectorParts } from "./connector";

type Callback<V> = (reading: Reading<V>) => void;

/** How a signal connects, and how its value is watched. */
export interface SignalConnectorParts<T, V> extends ConnectorParts<T> {
  /**
   * Calls `report` with each reading until the returned function is called, and with an error while there is
   * no value. For an error, the callback of the signal gets the last value, marked as invalid.
   */
  watch(item: T, report: (result: Reading<V> | Error) => void): () => void;
}

/**
 * The connection of a signal. Its callback is kept through `dispose`, and is called again once the signal is
 * connected again.
 */
export class SignalConnector<T extends object, V> extends Connector<T> {
  readonly #watch: SignalConnectorParts<T, V>["watch"];
  #callback: Callback<V> | null = null;
  #unwatch: (() => void) | undefined;

  constructor(parts: SignalConnectorParts<T, V>) {
    super(parts);
    this.#watch = parts.watch;
  }

  /**
   * Sets the one callback; null removes it. @throws the `error` of the parts while there is no connection.
   */
  setCallback(fn: Callback<V> | null): void {
    const item = fn ? this.connected : null;
    this.#end();
    this.#callback = fn;
    if (item) this.opened(item);
  }

  override dispose(): void {
    this.#end();
    super.dispose();
  }

  protected override opened(item: T): void {
    const fn = this.#callback;
    if (!fn) return;
    let isOver = false;
    let value: V | undefined;
    const unwatch = this.#watch(item, (result) => {
      if (isOver) return;
      if (result instanceof Error) {
        fn({ value: value as V, timestamp: timeNow(), alarm_severity: -1, message: result.message });
        return;
      }
      value = result.value;
      fn(result);
    });
    this.#unwatch = () => {
      isOver = true;
      unwatch();
    };
  }

  #end(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }
}

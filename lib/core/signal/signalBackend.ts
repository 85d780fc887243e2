/** The interface between a signal and its control system. */

import type { DataKeyBody } from "../protocols/dataKeyOf";
import type { LostConnection } from "../protocols/lostConnection";
import type { Reading, SyncOrAsync } from "../protocols/protocols";
import type { Status } from "../status/status";

export type { DataKeyBody };

/** Options of a read. */
export interface ReadOptions {
  /** True: return the last pushed value, if values are pushed. False: ask the hardware. */
  readonly cached?: boolean;
  /** Seconds to wait for the answer. Default: the backend decides. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Options of a write. `timeout` is in seconds; null waits for ever. */
export interface PutOptions {
  readonly timeout?: number | null;
  readonly signal?: AbortSignal;
}

/**
 * Handles a value that is put: what it returns becomes the value, and returning nothing keeps the value that
 * was put.
 */
export type Settle<T> =
  | ((value: T) => SyncOrAsync<T | undefined>)
  | ((value: T) => void)
  | ((value: T) => Promise<void>);

/** One field of a struct or tuple. */
export interface Field<T> {
  readonly dataKey: DataKeyBody;
  pick(value: T): unknown;
}

/**
 * The access to one value in a control system. Errors of a backend name the value as that system does
 * (`cryo:target`), since only the backend knows that name.
 */
export interface SignalBackend<T> {
  /**
   * The address of the value: `soft://name`, `host:port:module:parameter`, `ca://PV`. `name` is that of the
   * signal.
   */
  source(name: string): string;
  /** The unit of the value; empty if it has none. Known once connected. */
  readonly units: string;
  /** Digits after the decimal point; undefined if that is not known. Known once connected. */
  readonly precision?: number | undefined;
  /** `timeout` is in seconds; undefined stands for the default of the backend. */
  connect(timeout: number | undefined): SyncOrAsync<void>;
  getDataKey(): SyncOrAsync<DataKeyBody>;
  getReading(options?: ReadOptions): SyncOrAsync<Reading<T>>;
  /** The value that was set last. */
  getSetpoint(): SyncOrAsync<T>;
  /**
   * Done when the other side has accepted the value. `name` is the signal's, for messages of backends whose
   * values have no name.
   */
  put(value: T, options?: PutOptions, name?: string): Status;
  /**
   * Sets the one callback; null removes it. It is called with each pushed reading, and at once with the
   * present one if that is known. A reading without a valid value has `alarm_severity` -1 and the reason in
   * `message`.
   */
  setCallback(fn: ((reading: Reading<T>) => void) | null): void;
  /**
   * The fields of a struct or tuple by name, so that each can be recorded under its own key. Null for other
   * values.
   */
  getFields?(): ReadonlyMap<string, Field<T>> | null;
  /** A backend with the same data key and no hardware, for `connect({mock: true})`. */
  mock(): SignalBackend<T>;
  /** The connection of the value, while it is lost. Default: there is none that could be lost. */
  lostConnection?(): LostConnection | undefined;
  /** Resolves if the other end of the connection answers. Default: there is none. */
  pingConnection?(): Promise<unknown>;
  /** Closes what the backend holds open. A later `connect` opens it again. */
  dispose?(): void;
  /** Backends in memory only: changes the value as hardware would, without checking limits. */
  post?(value: T): void;
}

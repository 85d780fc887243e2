import type { DataKey, Reading, SyncOrAsync } from "../protocols/protocols";
import type { Status } from "../status/status";

/** What a backend knows of the data: a data key but for `source`, which the signal adds. */
export type DataKeyBody = Omit<DataKey, "source">;

/** Options of a read. */
export interface ReadOptions {
  /** The last pushed value will do, where values are pushed; otherwise, and by default, the hardware is asked. */
  readonly cached?: boolean;
  /** Seconds; default: the backend's own rule. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Options of a write; `timeout: null` waits for ever. */
export interface PutOptions {
  readonly timeout?: number | null;
  readonly signal?: AbortSignal;
}

/** Handles a value that is put: what it returns becomes the value, and returning nothing keeps the value that was put. */
export type Settle<T> = ((value: T) => SyncOrAsync<T | undefined>) | ((value: T) => void);

/** One field of a composite value. */
export interface Field<T> {
  readonly dataKey: DataKeyBody;
  pick(value: T): unknown;
}

/**
 * Where a signal's value lives: one per control system. A backend fails in words that name the thing (`cryo:target`),
 * since it alone knows them.
 */
export interface SignalBackend<T> {
  /** `soft://name`, `host:port:module:parameter`, `ca://PV`. */
  source(name: string): string;
  /** Empty where there is none. Known once connected. */
  readonly units: string;
  connect(timeout: number | undefined): SyncOrAsync<void>;
  getDataKey(): SyncOrAsync<DataKeyBody>;
  getReading(options?: ReadOptions): SyncOrAsync<Reading<T>>;
  /** What was last asked for. */
  getSetpoint(): SyncOrAsync<T>;
  /** Done when the other side has taken the value. `name` is the signal's, for what has no name of its own to refuse a value by. */
  put(value: T, options?: PutOptions, name?: string): Status;
  /**
   * At most one callback; null takes it away. Called with each reading that is pushed, and at once with the present one if it is
   * known. A reading without a valid value has `alarm_severity` -1 and says why in `message`.
   */
  setCallback(fn: ((reading: Reading<T>) => void) | null): void;
  /** The fields of a struct or tuple, by name, for recording each under its own key. */
  getFields?(): ReadonlyMap<string, Field<T>> | null;
  /** A stand-in of the same data key without hardware, for `connect({mock: true})`. */
  mock(): SignalBackend<T>;
  /** Gives back what the backend holds open; a later `connect` opens it again. */
  dispose?(): void;
  /** For backends in memory: makes `value` what is read, as hardware would, whatever the limits. */
  post?(value: T): void;
}

/**
 * bluesky's protocols as interfaces: what an object must offer to take part in a plan, whatever control system it comes from.
 * Method names are camelCase; keys of readings and data keys stay as in event-model.
 */

export type SyncOrAsync<T> = T | Promise<T>;

/** One value with the time it was obtained. */
export interface Reading<T = unknown> {
  readonly value: T;
  /** Unix seconds, as told by the device where it tells. */
  readonly timestamp: number;
  /** < 0 unknown, 0 fine, 1 warning, 2 error. */
  readonly alarm_severity?: number;
  /** Why the severity is not 0. */
  readonly message?: string;
}

export interface LimitRange {
  readonly low: number | null;
  readonly high: number | null;
}

/** event-model `DataKey`: what a column of a run holds. Extra keys are allowed by the schema. */
export interface DataKey {
  readonly source: string;
  readonly dtype: "string" | "number" | "array" | "boolean" | "integer";
  readonly shape: readonly (number | null)[];
  readonly units?: string | null;
  /** Digits after the decimal point that mean something. */
  readonly precision?: number | null;
  readonly dtype_numpy?: string | readonly (readonly [string, string])[];
  readonly dims?: readonly string[];
  readonly choices?: readonly string[];
  readonly limits?: {
    readonly control?: LimitRange;
    readonly display?: LimitRange;
    readonly warning?: LimitRange;
    readonly alarm?: LimitRange;
  };
  readonly external?: string;
  readonly object_name?: string;
  /** The SECoP datainfo as JSON text. */
  readonly SECOP_datainfo?: string;
}

export type Readings<T = unknown> = Record<string, Reading<T>>;
export type DataKeys = Record<string, DataKey>;

export interface HasName {
  readonly name: string;
}

export interface HasParent {
  readonly parent: unknown;
}

/** `read()[name].value` is of type `T` for the key that carries the object's own name. */
export interface Readable<T = unknown> extends HasName {
  read(): SyncOrAsync<Readings<T>>;
  describe(): SyncOrAsync<DataKeys>;
}

export interface Configurable {
  readConfiguration(): SyncOrAsync<Readings>;
  describeConfiguration(): SyncOrAsync<DataKeys>;
}

/** What comes back at once from an action that takes time. `Status` of status.ts is the usual implementation. */
export interface StatusLike<T = unknown> {
  readonly done: boolean;
  readonly success: boolean;
  /** The error of a failed status, else null. */
  exception(): Error | null;
  /** Calls `fn` when done; at once if it is done already. */
  addCallback(fn: (status: this) => void): void;
  readonly result?: T;
}

export interface Triggerable {
  trigger(): StatusLike;
}

export interface Preparable<T = unknown> {
  prepare(value: T): StatusLike;
}

/** Options every `set` takes. */
export interface SetOptions {
  /** Seconds until the set fails; default: the device's own rule; null: for ever. */
  readonly timeout?: number | null;
  /** Gives up waiting when aborted. */
  readonly signal?: AbortSignal;
}

export interface Movable<T = unknown> extends HasName {
  set(value: T, options?: SetOptions): StatusLike;
}

export interface Location<T> {
  readonly setpoint: T;
  readonly readback: T;
}

export interface Locatable<T = unknown> extends Movable<T> {
  locate(): SyncOrAsync<Location<T>>;
}

/** `checkValue` throws if `set` would refuse the value; it never writes. */
export interface Checkable<T = unknown> {
  checkValue(value: T): SyncOrAsync<void>;
}

export interface Stageable {
  stage(): StatusLike | readonly unknown[];
  unstage(): StatusLike | readonly unknown[];
}

export interface Pausable {
  pause(): SyncOrAsync<void>;
  resume(): SyncOrAsync<void>;
}

export interface Stoppable {
  /** `success: false` says that the stop ends a failure or an abort. */
  stop(success?: boolean): SyncOrAsync<void>;
}

export interface Subscribable<T = unknown> extends HasName {
  subscribe(fn: (readings: Readings<T>) => void): void;
  clearSub(fn: (readings: Readings<T>) => void): void;
}

export interface Flyable extends HasName {
  kickoff(): StatusLike;
  complete(): StatusLike;
}

export interface Collectable extends HasName {
  describeCollect(): SyncOrAsync<DataKeys | Record<string, DataKeys>>;
}

/** Values that a hint-aware view shows first. */
export interface Hints {
  readonly fields?: readonly string[];
  readonly dimensions?: readonly (readonly [readonly string[], string])[];
  readonly gridding?: "rectilinear" | "rectilinear_nonsequential";
}

export interface HasHints {
  readonly hints: Hints;
}

/** One step of a long action, for progress bars. */
export interface WatcherUpdate<T = unknown> {
  readonly name?: string;
  readonly current: T;
  readonly initial: T;
  readonly target: T;
  readonly unit?: string;
  readonly precision?: number;
  /** 0 at the start, 1 at the target. */
  readonly fraction?: number;
  /** Seconds. */
  readonly time_elapsed?: number;
  /** Seconds. */
  readonly time_remaining?: number;
}

const has = (obj: unknown, ...methods: string[]): boolean =>
  ((typeof obj === "object" && obj !== null) || typeof obj === "function") &&
  methods.every((m) => typeof (obj as Record<string, unknown>)[m] === "function");

export const isReadable = (obj: unknown): obj is Readable => has(obj, "read", "describe");
export const isConfigurable = (obj: unknown): obj is Configurable =>
  has(obj, "readConfiguration", "describeConfiguration");
export const isTriggerable = (obj: unknown): obj is Triggerable => has(obj, "trigger");
export const isPreparable = (obj: unknown): obj is Preparable => has(obj, "prepare");
export const isMovable = (obj: unknown): obj is Movable => has(obj, "set");
export const isLocatable = (obj: unknown): obj is Locatable => has(obj, "set", "locate");
export const isCheckable = (obj: unknown): obj is Checkable => has(obj, "checkValue");
export const isStageable = (obj: unknown): obj is Stageable => has(obj, "stage", "unstage");
export const isPausable = (obj: unknown): obj is Pausable => has(obj, "pause", "resume");
export const isStoppable = (obj: unknown): obj is Stoppable => has(obj, "stop");
export const isSubscribable = (obj: unknown): obj is Subscribable => has(obj, "subscribe", "clearSub");
export const isFlyable = (obj: unknown): obj is Flyable => has(obj, "kickoff", "complete");
export const isCollectable = (obj: unknown): obj is Collectable => has(obj, "describeCollect");
export const hasHints = (obj: unknown): obj is HasHints =>
  typeof obj === "object" && obj !== null && typeof (obj as { hints?: unknown }).hints === "object";
export const isStatus = (obj: unknown): obj is StatusLike => has(obj, "addCallback", "exception");

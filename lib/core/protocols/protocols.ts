/**
 * bluesky's protocols as interfaces: what an object must offer to take part in a plan, whatever its control
 * system.
 *
 * Names of methods are camelCase. Keys of readings and data keys are those of event-model, in snake_case.
 */

export type SyncOrAsync<T> = T | Promise<T>;

/** One value with the time it was obtained. */
export interface Reading<T = unknown> {
  readonly value: T;
  /** Seconds since 1970 (UTC): of the device if it sends a time, else of the arrival. */
  readonly timestamp: number;
  /** Below 0: the value is unknown or invalid; 0: no alarm; 1: warning; 2: error. Default 0. */
  readonly alarm_severity?: number;
  /** The reason of a severity other than 0. */
  readonly message?: string;
}

export interface LimitRange {
  readonly low: number | null;
  readonly high: number | null;
}

/** event-model's `DataKey`: describes one column of a run. The schema allows extra keys. */
export interface DataKey {
  readonly source: string;
  readonly dtype: "string" | "number" | "array" | "boolean" | "integer";
  readonly shape: readonly (number | null)[];
  readonly units?: string | null;
  /** Significant digits after the decimal point. */
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

/** An object with readings. `read()[name].value` is a `T`, where `name` is the object's own name. */
export interface Readable<T = unknown> extends HasName {
  read(): SyncOrAsync<Readings<T>>;
  describe(): SyncOrAsync<DataKeys>;
}

export interface Configurable {
  readConfiguration(): SyncOrAsync<Readings>;
  describeConfiguration(): SyncOrAsync<DataKeys>;
}

/** An action that takes time, returned as soon as it begins. `Status` is the usual implementation. */
export interface StatusLike<T = unknown> {
  readonly done: boolean;
  readonly success: boolean;
  /** The error of a failed action; null while it runs and after success. */
  exception(): Error | null;
  /** Calls `fn` at the end of the action, at once if it has ended already. */
  addCallback(fn: (status: this) => void): void;
  readonly result?: T;
}

/** What a method that begins an action returns: a status, or a promise if the method is `async`. */
export type ActionResult = StatusLike | PromiseLike<unknown>;

export interface Triggerable {
  trigger(): ActionResult;
}

export interface Preparable<T = unknown> {
  prepare(value: T): ActionResult;
}

/** The options of every `set`. */
export interface SetOptions {
  /** Seconds until the set fails. Default: the device decides; null: never. */
  readonly timeout?: number | null;
  /** Ends the wait when it aborts; the status then fails with an AbortError. */
  readonly signal?: AbortSignal;
}

/**
 * An object that moves. A scan also reads its motors: write `(motor: ReadableMotor)` in plans of your own
 * that scan.
 */
export interface Movable<T = unknown> extends HasName {
  set(value: T, options?: SetOptions): ActionResult;
}

export interface Location<T> {
  readonly setpoint: T;
  readonly readback: T;
}

export interface Locatable<T = unknown> extends Movable<T> {
  locate(): SyncOrAsync<Location<T>>;
}

/**
 * An object that can check a value: `checkValue` throws or rejects if `set` would refuse it, and never
 * writes.
 */
export interface Checkable<T = unknown> {
  checkValue(value: T): SyncOrAsync<void>;
}

export interface Stageable {
  stage(): ActionResult | readonly unknown[];
  unstage(): ActionResult | readonly unknown[];
}

export interface Pausable {
  pause(): SyncOrAsync<void>;
  resume(): SyncOrAsync<void>;
}

export interface Stoppable {
  /** Ends the movement under way. `success` is false when a failure or an abort is the reason. */
  stop(success?: boolean): SyncOrAsync<void>;
}

export interface Subscribable<T = unknown> extends HasName {
  subscribe(fn: (readings: Readings<T>) => void): void;
  clearSub(fn: (readings: Readings<T>) => void): void;
}

export interface Flyable extends HasName {
  kickoff(): ActionResult;
  complete(): ActionResult;
}

export interface Collectable extends HasName {
  describeCollect(): SyncOrAsync<DataKeys | Record<string, DataKeys>>;
}

/** What views show first, as in event-model. */
export interface Hints {
  readonly fields?: readonly string[];
  readonly dimensions?: readonly (readonly [readonly string[], string])[];
  readonly gridding?: "rectilinear" | "rectilinear_nonsequential";
}

export interface HasHints {
  readonly hints: Hints;
}

/** How far a long action is, for progress bars. */
export interface WatcherUpdate<T = unknown> {
  readonly name?: string;
  readonly current: T;
  readonly initial: T;
  readonly target: T;
  readonly unit?: string;
  readonly precision?: number;
  /** From 0 at the start to 1 at the target. */
  readonly fraction?: number;
  /** Seconds since the start. */
  readonly time_elapsed?: number;
  /** Seconds until the end, as estimated. */
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

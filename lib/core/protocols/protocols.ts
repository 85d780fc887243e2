/**
 * bluesky's protocols as interfaces: what an object must offer to take part in a plan, whatever its control
 * system.
 */

// Names of methods are camelCase. Keys of readings and data keys are those of event-model, in snake_case.

export type SyncOrAsync<T> = T | Promise<T>;

/** One value with the time it was obtained. */
export interface Reading<T = unknown> {
  /** The value. */
  readonly value: T;
  /** Seconds since 1970 (UTC): of the device if it sends a time, else of the arrival. */
  readonly timestamp: number;
  /** Below 0: the value is unknown or invalid; 0: no alarm; 1: warning; 2: error. Default 0. */
  readonly alarm_severity?: number;
  /** The reason of a severity other than 0. */
  readonly message?: string;
}

/** The lower and the upper limit in the units of the value; `null` where there is none. */
export interface LimitRange {
  /** The lowest allowed value; `null` if there is none. */
  readonly low: number | null;
  /** The highest allowed value; `null` if there is none. */
  readonly high: number | null;
}

/** event-model's `DataKey`: describes one column of a run. The schema allows extra keys. */
export interface DataKey {
  /** Where the value comes from: the address of a signal, or a text that says how it is made. */
  readonly source: string;
  /** The JSON type of a value. */
  readonly dtype: "string" | "number" | "array" | "boolean" | "integer";
  /** The length of each dimension, the slowest one first; empty for a single value. */
  readonly shape: readonly (number | null)[];
  /** The unit of the value. */
  readonly units?: string | null;
  /** Significant digits after the decimal point. */
  readonly precision?: number | null;
  /** The type of the elements as numpy writes it, for example "<f8". */
  readonly dtype_numpy?: string | readonly (readonly [string, string])[];
  /** The names of the dimensions. */
  readonly dims?: readonly string[];
  /** The texts of an enumeration. */
  readonly choices?: readonly string[];
  /** The limits within which values are allowed, and those of alarms. */
  readonly limits?: {
    readonly control?: LimitRange;
    readonly display?: LimitRange;
    readonly warning?: LimitRange;
    readonly alarm?: LimitRange;
  };
  /** Set if the value is not in events, but in a file: `STREAM:` or `FILESTORE:`. */
  readonly external?: string;
  /** The device that the value belongs to. */
  readonly object_name?: string;
  /** The SECoP datainfo as JSON text. */
  readonly SECOP_datainfo?: string;
}

/** Readings by their data keys. */
export type Readings<T = unknown> = Record<string, Reading<T>>;
/** The data keys of a device, by their names. */
export type DataKeys = Record<string, DataKey>;

/** An object with the name under which its data are recorded. */
export interface HasName {
  /** The name under which data are recorded; empty until the device has one. */
  readonly name: string;
}

/** A device that is part of another one. */
export interface HasParent {
  /** The device that this one is part of. */
  readonly parent: unknown;
}

/** An object with readings. `read()[name].value` is a `T`, where `name` is the object's own name. */
export interface Readable<T = unknown> extends HasName {
  /** Reads all values. A promise may reject: then the plan fails. */
  read(): SyncOrAsync<Readings<T>>;
  /** Describes what `read` gives, by the same data keys. */
  describe(): SyncOrAsync<DataKeys>;
}

/** A device with a configuration, recorded once in the descriptor of each stream (bluesky `Configurable`). */
export interface Configurable {
  /** Reads the configuration. */
  readConfiguration(): SyncOrAsync<Readings>;
  /** Describes the configuration, by the same data keys. */
  describeConfiguration(): SyncOrAsync<DataKeys>;
}

/** An action that takes time, returned as soon as it begins. `Status` is the usual implementation. */
export interface StatusLike<T = unknown> {
  /** Whether the action has ended. */
  readonly done: boolean;
  /** Whether it has ended well. */
  readonly success: boolean;
  /** The error of a failed action; null while it runs and after success. */
  exception(): Error | null;
  /** Calls `fn` at the end of the action, at once if it has ended already. */
  addCallback(fn: (status: this) => void): void;
  readonly result?: T;
}

/** What a method that begins an action returns: a status, or a promise if the method is `async`. */
export type ActionResult = StatusLike | PromiseLike<unknown>;

/** A device that takes a measurement; the action ends when the data can be read (bluesky `Triggerable`). */
export interface Triggerable {
  /** Takes a measurement. */
  trigger(): ActionResult;
}

/**
 * A device that is prepared for a trigger or a flight; the action ends when it is ready (bluesky
 * `Preparable`).
 */
export interface Preparable<T = unknown> {
  /** Makes ready for a trigger or a flight of this kind. */
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
  /** Moves to a value; the action ends when it is there, and fails if it does not get there. */
  set(value: T, options?: SetOptions): ActionResult;
}

/** Where a device should be and where it is, both in its units. */
export interface Location<T> {
  /** Where it should be. */
  readonly setpoint: T;
  /** Where it is. */
  readonly readback: T;
}

/** A movable that tells where it is and where it should be (bluesky `Locatable`). */
export interface Locatable<T = unknown> extends Movable<T> {
  /** Tells setpoint and readback. */
  locate(): SyncOrAsync<Location<T>>;
}

/**
 * An object that can check a value: `checkValue` throws or rejects if `set` would refuse it, and never
 * writes.
 */
export interface Checkable<T = unknown> {
  /** Rejects a value that `set` would refuse, before anything moves. */
  checkValue(value: T): SyncOrAsync<void>;
}

/**
 * A device that is made ready before a scan and put back behind it (bluesky `Stageable`). Both return an
 * action, or the list of devices that were staged.
 */
export interface Stageable {
  /** Makes ready before a scan. */
  stage(): ActionResult | readonly unknown[];
  /** Puts back what `stage` did. */
  unstage(): ActionResult | readonly unknown[];
}

/** A device that is called when a plan pauses and resumes (bluesky `Pausable`). */
export interface Pausable {
  /** Called when a plan pauses. */
  pause(): SyncOrAsync<void>;
  /** Called before a plan goes on. */
  resume(): SyncOrAsync<void>;
}

/** A device whose movement can be ended (bluesky `Stoppable`). */
export interface Stoppable {
  /** Ends the movement under way. `success` is false when a failure or an abort is the reason. */
  stop(success?: boolean): SyncOrAsync<void>;
}

/**
 * A device that calls functions with its readings: at once, and whenever they change (bluesky
 * `Subscribable`).
 */
export interface Subscribable<T = unknown> extends HasName {
  /** Calls `fn` with the present readings and at each change. */
  subscribe(fn: (readings: Readings<T>) => void): void;
  /** Ends a subscription. */
  clearSub(fn: (readings: Readings<T>) => void): void;
}

/**
 * A device that measures by itself between `kickoff` and `complete`; both resolve with their actions (bluesky
 * `Flyable`).
 */
export interface Flyable extends HasName {
  /** Begins the flight; the action ends when it has begun. */
  kickoff(): ActionResult;
  /** Ends the flight, or waits for its end. */
  complete(): ActionResult;
}

/**
 * A flyer whose data are collected: it describes them by data keys, or by streams (bluesky `Collectable`).
 */
export interface Collectable extends HasName {
  /** Describes the collected data: data keys, or data keys by streams. */
  describeCollect(): SyncOrAsync<DataKeys | Record<string, DataKeys>>;
}

/** What views show first, as in event-model. */
export interface Hints {
  /** The data keys that tables and plots show first. */
  readonly fields?: readonly string[];
  readonly dimensions?: readonly (readonly [readonly string[], string])[];
  readonly gridding?: "rectilinear" | "rectilinear_nonsequential";
}

/** A device that names the fields which tables and plots show first (bluesky `HasHints`). */
export interface HasHints {
  /** The fields that are shown first. */
  readonly hints: Hints;
}

/** How far a long action is, for progress bars. */
export interface WatcherUpdate<T = unknown> {
  /** The name of the device. */
  readonly name?: string;
  /** Where it is. */
  readonly current: T;
  /** Where it was at the beginning. */
  readonly initial: T;
  /** Where it is going. */
  readonly target: T;
  /** The unit of the positions. */
  readonly unit?: string;
  /** Digits after the decimal point. */
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

/** Whether an object can be read in a scan. */
export const isReadable = (obj: unknown): obj is Readable => has(obj, "read", "describe");
/** Whether an object has a configuration. */
export const isConfigurable = (obj: unknown): obj is Configurable =>
  has(obj, "readConfiguration", "describeConfiguration");
/** Whether an object can be triggered. */
export const isTriggerable = (obj: unknown): obj is Triggerable => has(obj, "trigger");
/** Whether an object can be prepared for a trigger or a flight. */
export const isPreparable = (obj: unknown): obj is Preparable => has(obj, "prepare");
/** Whether an object can be set. */
export const isMovable = (obj: unknown): obj is Movable => has(obj, "set");
/** Whether an object tells its setpoint and its readback. */
export const isLocatable = (obj: unknown): obj is Locatable => has(obj, "set", "locate");
/** Whether an object can check a value before a scan begins. */
export const isCheckable = (obj: unknown): obj is Checkable => has(obj, "checkValue");
/** Whether an object is staged before a scan and unstaged behind it. */
export const isStageable = (obj: unknown): obj is Stageable => has(obj, "stage", "unstage");
/** Whether an object wants to know when a plan pauses and resumes. */
export const isPausable = (obj: unknown): obj is Pausable => has(obj, "pause", "resume");
/** Whether an object can be stopped. */
export const isStoppable = (obj: unknown): obj is Stoppable => has(obj, "stop");
/** Whether an object calls functions with its new readings. */
export const isSubscribable = (obj: unknown): obj is Subscribable => has(obj, "subscribe", "clearSub");
/** Whether an object can be kicked off and completed. */
export const isFlyable = (obj: unknown): obj is Flyable => has(obj, "kickoff", "complete");
/** Whether an object is a flyer whose data can be collected. */
export const isCollectable = (obj: unknown): obj is Collectable => has(obj, "describeCollect");
/** Whether an object has hints. */
export const hasHints = (obj: unknown): obj is HasHints =>
  typeof obj === "object" && obj !== null && typeof (obj as { hints?: unknown }).hints === "object";
/** Whether an object is the status of an action, of this package or of another one. */
export const isStatus = (obj: unknown): obj is StatusLike => has(obj, "addCallback", "exception");

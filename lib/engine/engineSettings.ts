/** The settings of a RunEngine, and its states. */

import type { DisconnectPolicy } from "../core/protocols/lostConnection";
import type { Msg, Plan } from "../core/protocols/msg";
import type { StatusLike, SyncOrAsync } from "../core/protocols/protocols";
import type { Callout } from "../display/callout";

/** The display id of a notice; with `update` the notice replaces the one that was shown under this id. */
export interface NoticePlace {
  readonly id: string;
  readonly update: boolean;
}

/**
 * The state of the engine. `suspended`: a suspender holds the plan until its condition is fine again.
 * `pausing` leads to `paused`; `stopping`, `aborting` and `halting` lead to `idle`.
 */
export type RunEngineState =
  | "idle"
  | "running"
  | "pausing"
  | "paused"
  | "suspended"
  | "stopping"
  | "aborting"
  | "halting";

/**
 * Metadata of start documents, under keys without "." and "/". Objects keep their own properties; devices and
 * functions become their names. A promise is refused.
 */
export type Metadata = Record<string, unknown>;

/** Metadata without promises: one was not awaited, and `await` in front of it mends that. */
export type SettledMetadata<M> = { readonly [K in keyof M]: SettledValue<M[K]> };

/** Not a promise, nor what may be one. A value of any type is checked when the run opens. */
type SettledValue<T> = unknown extends T
  ? T
  : [Extract<T, PromiseLike<unknown>>] extends [never]
    ? T
    : "this is a promise: await it";

/** Wraps a plan before it runs; `RE.preprocessors` are applied in their order. */
export type Preprocessor = ((plan: Plan) => Plan) | { preprocess(plan: Plan): Plan };

/** A command added by `registerCommand`. Its result is sent to the plan; a promise is awaited first. */
export type UserCommand = (msg: Msg) => unknown;

/** Everything about a RunEngine that can be set at any time. */
export interface Settings {
  /**
   * Metadata of every run; the engine counts `scan_id` in it. Use `persistentMetadata(file)` to keep it in a
   * file.
   */
  md: Metadata;
  /** Applied to every plan in their order, so the first one is the innermost; default none. */
  preprocessors: Preprocessor[];
  /** Called with every message before the engine does it; default null. */
  msgHook: ((msg: Msg) => void) | null;
  /** Called at every change of state; an error that it throws is shown and changes nothing. Default null. */
  stateHook: ((state: RunEngineState, previous: RunEngineState) => void) | null;
  /** Called with the statuses that a plan waits for, and with null when it goes on. Default null. */
  waitingHook: ((statuses: readonly StatusLike[] | null) => void) | null;
  /**
   * Whether each run has a stream `interruptions` with an event per pause, resume and suspension; default
   * false.
   */
  recordInterruptions: boolean;
  /**
   * Whether the plan pauses when a message fails, before the plan itself learns of it: its run is open and
   * nothing is cleaned up. `RE.resume()` then lets the plan have the error. Default false.
   */
  pauseOnError: boolean;
  /**
   * Called with the metadata of a run before it opens; throws to refuse the run. Default: `sample` must be a
   * text or an object.
   */
  mdValidator: (md: Metadata) => void;
  /**
   * Called with a copy of the metadata; returns the metadata of the start document. Default: returns them
   * unchanged.
   */
  mdNormalizer: (md: Metadata) => Metadata;
  /**
   * Called with the metadata of a run when it opens; returns what its start document says of its origin,
   * beside the metadata and replaced by these. Default null; `createRunEngine` uses `provenance()`.
   */
  provenance: ((md: Metadata) => SyncOrAsync<Metadata>) | null;
  /** Returns the next `scan_id`; default one more than `md.scan_id`. */
  scanIdSource: (md: Metadata) => SyncOrAsync<number>;
  /**
   * What a plan does while a device is gone (a pulled cable, a node or an IOC that restarts): "fail", "wait"
   * (the default: up to 30 s, then it fails) or "suspend" (for as long as it takes), or with a limit in
   * seconds `{ policy: "wait", limit: 60 }`. It goes on from the last checkpoint, so the point is measured
   * again. A device with its own `onDisconnect` overrides this.
   */
  onDisconnect: DisconnectPolicy;
  /**
   * Asks the user for a line of text (`input` messages). Default: in the running cell, or on the terminal; it
   * rejects where nobody can type.
   */
  ask: (prompt: string) => SyncOrAsync<string>;
  /**
   * Shows the user a notice: paused, suspended, a consumer that failed. Default: in the cell that runs the
   * plan.
   */
  notify: (notice: Callout, place?: NoticePlace) => void;
}

/** What a RunEngine can be told, and what a running plan asks it. */
import type { Msg, Plan } from "../core/protocols/msg";
import type { StatusLike, SyncOrAsync } from "../core/protocols/protocols";
import type { Callout } from "../display/callout";

/** Where a notice stands, so that a later one can take its place (`update`). */
export interface NoticePlace {
  readonly id: string;
  readonly update: boolean;
}

/**
 * `suspended`: a suspender holds the plan until its condition is fine again. `pausing`, `stopping`, `aborting`, `halting` are on the
 * way to `paused` or `idle`.
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

/** Goes into start documents as it is: values JSON can hold, keys without "." and "/". */
export type Metadata = Record<string, unknown>;

/** Changes a plan before it runs; `RE.preprocessors` are applied in their order. */
export type Preprocessor = ((plan: Plan) => Plan) | { preprocess(plan: Plan): Plan };

/** A command added by `registerCommand`: its result, or what its promise gives, is sent to the plan. */
export type UserCommand = (msg: Msg) => unknown;

/** Everything about a RunEngine that can be set at any time. */
export interface Settings {
  /** Goes into the start document of every run; `scan_id` counts in it. Give `persistentMetadata(file)` to keep it. */
  md: Metadata;
  /** Applied to every plan in their order, the first one innermost; default none. */
  preprocessors: Preprocessor[];
  /** Sees every message before it is processed. */
  msgHook: ((msg: Msg) => void) | null;
  /** Told of every change of state; what it throws is shown and changes nothing. */
  stateHook: ((state: RunEngineState, previous: RunEngineState) => void) | null;
  /** Gets the statuses a plan starts to wait for, and null when it waits no more. */
  waitingHook: ((statuses: readonly StatusLike[] | null) => void) | null;
  /** Whether each run gets a stream `interruptions` with an event per pause, resume and suspension; default false. */
  recordInterruptions: boolean;
  /** Throws to refuse a run. Default: `sample` must be a text or an object. */
  mdValidator: (md: Metadata) => void;
  /** Gets a copy of the metadata and returns what the start document will hold. */
  mdNormalizer: (md: Metadata) => Metadata;
  /** The next `scan_id`; default one more than `md.scan_id`. */
  scanIdSource: (md: Metadata) => SyncOrAsync<number>;
  /** Asks the person for a line of text (`input` messages). Default: on the terminal; in a notebook without one it throws. */
  ask: (prompt: string) => SyncOrAsync<string>;
  /** Shows the person a notice: paused, suspended, a consumer that failed. Default: in the cell that runs the plan. */
  notify: (notice: Callout, place?: NoticePlace) => void;
}

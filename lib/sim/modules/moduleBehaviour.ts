/** How a module of a simulated node behaves, beyond what its description says: read from a recording. */

import { isBusy } from "../../secop/values/moduleStatus";
import type { FollowBehaviour } from "./followerNumber";

/** A status as on the wire: code and text. */
export type StatusWords = readonly [code: number, text: string];

/** A value of the wire as a status; undefined if it is not one. */
export function statusOnWire(wire: unknown): StatusWords | undefined {
  const [code, text] = Array.isArray(wire) ? wire : [];
  return typeof code === "number" ? [code, String(text ?? "")] : undefined;
}

/** Whether a status as on the wire says BUSY. */
export function isBusyStatus(wire: unknown): boolean {
  const words = statusOnWire(wire);
  return words !== undefined && isBusy(words[0]);
}

/** How a module gets from one target to the next. Times are in seconds. */
export interface MoveBehaviour {
  /** Units of the value per second; undefined if the value is not a number. */
  readonly rate?: number;
  /** The rate divided by the value that the speed parameter of the module had then; undefined without one. */
  readonly rateBySpeed?: number;
  /** From the answer to `change` to the first BUSY. 0: BUSY comes before the answer. */
  readonly busyAfter: number;
  /** From the change to the first motion. */
  readonly delay: number;
  /** From the arrival at the target to IDLE. */
  readonly settling: number;
  /** How long a movement takes if its value is not a number; undefined if no end was recorded. */
  readonly duration?: number;
  /** The status while it moves, and while it settles. */
  readonly busy?: StatusWords;
  readonly settles?: StatusWords;
}

/** What a command answered to an argument. */
export interface CommandAnswer {
  /** The argument as JSON text; empty for none. */
  readonly argument: string;
  /** The result as on the wire, or the error. */
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly text: string };
}

/** How a module behaves. Parameters and commands are named as on the wire. */
export interface ModuleBehaviour {
  /** Values at the start, as on the wire. */
  readonly start: ReadonlyMap<string, unknown>;
  /** The status at rest. */
  readonly idle?: StatusWords;
  /** The standard deviation of readings. */
  readonly noise: ReadonlyMap<string, number>;
  /** Seconds between two readings. */
  readonly pollPeriod?: number;
  readonly move?: MoveBehaviour;
  /** Numbers that follow others of the node, by parameter. */
  readonly follows: ReadonlyMap<string, FollowBehaviour>;
  /** What commands answered, in the order in which they were called. */
  readonly commands: ReadonlyMap<string, readonly CommandAnswer[]>;
  /** Values that were refused, by parameter and JSON text. */
  readonly refusals: ReadonlyMap<string, ReadonlyMap<string, { readonly code: string; readonly text: string }>>;
}

/** How the modules of a node behave. */
export interface NodeBehaviour {
  readonly modules: ReadonlyMap<string, ModuleBehaviour>;
  /** The answer to `*IDN?`. */
  readonly identity?: string;
}

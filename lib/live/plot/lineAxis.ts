/** The x axis of lines: a field, the time since the start of the run, or the number of the point. */

import type { Event, RunStart } from "../../engine/documents/documents";
import { numeric, type StreamField, valueIn } from "../view/streamFields";

/** The x axis: a field, the time since the start of the run in seconds, or the number of the point. */
export type XAxis = StreamField | "time" | "point";

/** The name and the unit of an axis. */
export function titleOf(x: XAxis): { readonly title: string; readonly units: string | undefined } {
  if (typeof x !== "string") return { title: x.key, units: x.units };
  return { title: x, units: x === "time" ? "s" : undefined };
}

/** Returns the function that gives the position of an event. */
export function positionIn(x: XAxis, start: RunStart): (event: Event) => number {
  if (x === "time") return (event) => event.time - start.time;
  if (x === "point") return (event) => event.seq_num;
  return (event) => numeric(valueIn(x, event.data));
}

/**
 * The first and last position of a motor that the plan announced:
 * `plan_pattern_args.args` is motor, start, stop, ...
 */
export function plannedRange(
  start: RunStart,
  key: string,
): { readonly range: Float64Array; readonly log: boolean } | undefined {
  const pattern = start.plan_pattern_args;
  if (start.plan_pattern === "logspace") return logspace(pattern);
  const args = typeof pattern === "object" && pattern !== null ? (pattern as { args?: unknown }).args : undefined;
  const motors = Array.isArray(start.motors) ? start.motors : [];
  const at = motors.findIndex((motor) => typeof motor === "string" && (key === motor || key.startsWith(`${motor}-`)));
  if (!Array.isArray(args) || at < 0 || start.plan_pattern !== "inner_product") return undefined;
  const [from, to] = [args[3 * at + 1], args[3 * at + 2]];
  return typeof from === "number" && typeof to === "number"
    ? { range: Float64Array.of(from, to), log: false }
    : undefined;
}

/** The positions of a scan in equal factors; its arguments are powers of ten. */
function logspace(pattern: unknown): { readonly range: Float64Array; readonly log: boolean } | undefined {
  const { start, stop } = (pattern ?? {}) as { readonly start?: unknown; readonly stop?: unknown };
  if (typeof start !== "number" || typeof stop !== "number") return undefined;
  const range = Float64Array.of(10 ** start, 10 ** stop);
  return range.every((end) => end > 0 && Number.isFinite(end))
    ? { range, log: Math.abs(stop - start) >= 2 }
    : undefined;
}

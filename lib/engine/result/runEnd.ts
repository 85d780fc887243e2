/** How a run ended, in the same word and colour wherever it is shown. */

import { counted } from "../../display/number";
import type { State } from "../../display/statusDot";
import type { ExitStatus, RunStart, RunStop } from "../documents/documents";

/** A state with its word and sign. */
export interface EndWord {
  readonly state: State;
  readonly word: string;
  readonly sign: string;
}

const ENDS: Readonly<Record<ExitStatus, EndWord>> = {
  success: { state: "ok", word: "success", sign: "✔" },
  abort: { state: "warn", word: "aborted", sign: "■" },
  fail: { state: "bad", word: "failed", sign: "✖" },
};
const EARLY: EndWord = { state: "ok", word: "stopped early", sign: "✔" };
const OPEN: EndWord = { state: "off", word: "no end", sign: "○" };

/**
 * The end of a run in words; "no end" for a run without one, whose process may have died. A run that
 * was stopped before its last point is successful, but says that it is not complete.
 * @param count the number of its points, if that is known
 */
export function runEnd(exitStatus: ExitStatus | undefined, start?: RunStart, count?: number): EndWord {
  if (exitStatus === undefined || !Object.hasOwn(ENDS, exitStatus)) return OPEN;
  return exitStatus === "success" && start && count !== undefined && isIncomplete(start, count)
    ? EARLY
    : ENDS[exitStatus];
}

/** The end of a run by its documents alone. */
export function documentedEnd(start: RunStart, stop: RunStop | undefined): EndWord {
  const events = stop?.num_events ?? {};
  return runEnd(stop?.exit_status, start, Object.keys(events).length === 0 ? 0 : events.primary);
}

/** Whether the plan announced more points than came. */
export function isIncomplete({ num_points: all }: RunStart, count: number): boolean {
  return typeof all === "number" && Number.isSafeInteger(all) && count < all;
}

/** `31 points`, or `3 of 15 points` if the plan announced more. */
export function pointCountText(start: RunStart, count: number): string {
  return isIncomplete(start, count) ? `${count} of ${pointsText(start.num_points as number)}` : pointsText(count);
}

/** The words for points that have no number to draw. */
export function noNumberText(count: number): string {
  return count === 0 ? "waiting for the first point" : `${pointsText(count)} without a number`;
}

/** A number of points in words: `1 point`, `16 points`. */
export function pointsText(count: number): string {
  return counted(count, "point");
}

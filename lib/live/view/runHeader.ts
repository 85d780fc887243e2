/** The words that name a run above its views, in text and in legends. */

import { type Header, headerText } from "../../display/header";
import { formatDuration, formatMoment } from "../../display/time";
import type { RunStart, RunStop } from "../../engine/documents/documents";
import { pointCountText, runEnd } from "../../engine/result/runEnd";

export { noNumberText, pointCountText as countText, pointsText } from "../../engine/result/runEnd";

/** What is known about a run besides its start document. */
export interface RunFacts {
  /** Its stop document, when it has ended. */
  readonly stop?: RunStop | undefined;
  /** The word that replaces "running" while the plan is paused or suspended. */
  readonly held?: string | undefined;
  /** Why the plan is held, and what releases it. */
  readonly why?: readonly string[];
  /** The number of points, shown at the end. */
  readonly count?: number | undefined;
  /** Where the run is stored, shown at the end. */
  readonly file?: string | undefined;
}

/** Whether a run has a number; documents of Python have null for none. */
export const hasNumber = ({ scan_id }: RunStart): boolean => typeof scan_id === "number" || typeof scan_id === "string";

/** The header of a run: its plan, number, uid and time, and how it ended. */
export function runHeader(start: RunStart, { stop, held, why = [], count, file }: RunFacts = {}): Header {
  const running = held
    ? ({ state: "warn", word: held, sign: "❚❚" } as const)
    : ({ state: "busy", word: "running" } as const);
  const took = stop ? formatDuration(stop.time - start.time) : undefined;
  return {
    title: typeof start.plan_name === "string" ? start.plan_name : "run",
    status: stop ? runEnd(stop.exit_status, start, count) : running,
    facts: [
      hasNumber(start) ? `#${start.scan_id}` : undefined,
      start.uid.slice(0, 8),
      formatMoment(start.time),
      ...(stop ? [] : why),
      took && (count === undefined ? took : `${pointCountText(start, count)} in ${took}`),
      stop && file,
      stop?.reason,
    ],
  };
}

/**
 * The first line of a run in text, which stays the same during the run:
 * `scan · #12 · 3f9a2c41 · 2026-11-22 14:03:21`.
 */
export function introduction(start: RunStart): string {
  const { title, facts } = runHeader(start);
  return headerText({ title, facts: facts ?? [] });
}

/** The name of a run in the legend of a plot: `scan 12`. */
export function runLabel(start: RunStart): string {
  return hasNumber(start) ? `scan ${start.scan_id}` : `run ${start.uid.slice(0, 8)}`;
}

/** The name of a run above its plot: `scan #12`. */
export function runTitle(start: RunStart): string {
  const plan = typeof start.plan_name === "string" ? start.plan_name : "run";
  return `${plan} ${hasNumber(start) ? `#${start.scan_id}` : start.uid.slice(0, 8)}`;
}

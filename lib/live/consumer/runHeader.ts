import { type Header, headerText } from "../../display/header";
import { formatDateTime, formatDuration } from "../../display/time";
import type { RunStart, RunStop } from "../../engine/documents/documents";

/** What is known of a run besides its start. */
export interface RunFacts {
  readonly stop?: RunStop | undefined;
  /** In place of "running", while the plan is held. */
  readonly held?: string | undefined;
  /** Why it is held, and what releases it. */
  readonly why?: readonly string[];
  /** Points of the table, told at the end. */
  readonly count?: number | undefined;
  /** Where the run is kept, told at the end. */
  readonly file?: string | undefined;
}

/** How a run is named above its views: plan, number, uid, when, and how it ended. */
export function runHeader(start: RunStart, { stop, held, why = [], count, file }: RunFacts = {}): Header {
  const running = held ? ({ state: "warn", word: held } as const) : ({ state: "busy", word: "running" } as const);
  const took = stop ? formatDuration(stop.time - start.time) : undefined;
  return {
    title: typeof start.plan_name === "string" ? start.plan_name : "run",
    status: stop ? ENDS[stop.exit_status] : running,
    facts: [
      start.scan_id === undefined ? undefined : `#${start.scan_id}`,
      start.uid.slice(0, 8),
      formatDateTime(start.time),
      ...(stop ? [] : why),
      took && (count === undefined ? took : `${points(count)} in ${took}`),
      stop && file,
      stop?.reason,
    ],
  };
}

/** The first line of a run in text, which does not change while it goes on: `scan · #12 · 3f9a2c41 · 2026-11-22 14:03:21`. */
export function introduction(start: RunStart): string {
  const { title, facts } = runHeader(start);
  return headerText({ title, facts: facts ?? [] });
}

/** A run in the legend of a plot: `scan 12`. */
export function runLabel(start: RunStart): string {
  return start.scan_id === undefined ? `run ${start.uid.slice(0, 8)}` : `scan ${start.scan_id}`;
}

/** `1 point`, `16 points`. */
export function points(count: number): string {
  return `${count} point${count === 1 ? "" : "s"}`;
}

const ENDS = {
  success: { state: "ok", word: "success" },
  abort: { state: "warn", word: "aborted" },
  fail: { state: "bad", word: "failed" },
} as const;

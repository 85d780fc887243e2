import type { Header } from "../display/header";
import { formatDateTime } from "../display/time";
import type { RunStart, RunStop } from "../engine/documents";

/** How a run is named above its views: plan, number, uid, when, and how it ended. */
export function runHeader(start: RunStart, stop?: RunStop): Header {
  return {
    title: typeof start.plan_name === "string" ? start.plan_name : "run",
    status: stop ? ENDS[stop.exit_status] : { state: "busy", word: "running" },
    facts: [
      start.scan_id === undefined ? undefined : `#${start.scan_id}`,
      start.uid.slice(0, 8),
      formatDateTime(start.time),
    ],
  };
}

const ENDS = {
  success: { state: "ok", word: "success" },
  abort: { state: "warn", word: "aborted" },
  fail: { state: "bad", word: "failed" },
} as const;

import type { Progress } from "../../display/progressBar";
import { formatDuration } from "../../display/time";
import type { RunStart } from "../../engine/documents/documents";
import { points } from "../consumer/runHeader";

/**
 * How far a run is: `9 of 16 points · 1 min 48 s left`, by the pace so far. Without `num_points` in its start document, how many points it has.
 * @param now unix seconds
 * @param paused seconds of it in which the plan was held
 */
export function runProgress(start: RunStart, count: number, now: number, paused = 0): Progress {
  const elapsed = Math.max(0, now - start.time - paused);
  const all = start.num_points;
  const name = start.scan_id === undefined ? "run" : `${start.plan_name ?? "run"} #${start.scan_id}`;
  if (typeof all !== "number" || !(all > 0)) {
    const text = `${points(count)} in ${formatDuration(elapsed)}`;
    return { name, fraction: undefined, text };
  }
  const left = count > 0 && count < all ? ` · ${formatDuration((elapsed / count) * (all - count))} left` : "";
  return { name, fraction: count / all, text: `${count} of ${points(all)}${left}` };
}

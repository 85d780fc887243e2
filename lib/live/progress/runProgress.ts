/** How far a run is, as a progress bar. */

import type { Progress } from "../../display/progressBar";
import { formatDuration, timeLeftText } from "../../display/time";
import type { RunStart } from "../../engine/documents/documents";
import { hasNumber, pointsText, runTitle } from "../view/runHeader";

/**
 * The progress of a run at its pace so far, e.g. `9 of 16 points · 1 min 48 s left`. If its start document
 * has no `num_points`, it says only how many points there are.
 * @param now the time in unix seconds
 * @param paused the seconds for which the plan has been held during the run
 * @param least the seconds that the present move needs at least until its end
 */
export function runProgress(start: RunStart, count: number, now: number, paused = 0, least = 0): Progress {
  const elapsed = Math.max(0, now - start.time - paused);
  const all = start.num_points;
  const name = hasNumber(start) ? runTitle(start) : "run";
  if (typeof all !== "number" || !(all > 0)) {
    const text = `${pointsText(count)} in ${formatDuration(elapsed)}`;
    return { name, fraction: undefined, text };
  }
  // Before the first point the pace is unknown, and more is left than the present move.
  const seconds = count > 0 && count < all ? Math.max(least, (elapsed / count) * (all - count)) : 0;
  const left = seconds > 0 ? ` · ${timeLeftText(seconds)}` : "";
  return { name, fraction: count / all, text: `${count} of ${pointsText(all)}${left}` };
}

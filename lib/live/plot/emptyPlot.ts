/** The plot of a run that has no point yet: its axes, as far as the start of the run names them. */

import type { RunStart } from "../../engine/documents/documents";
import { runTitle } from "../view/runHeader";
import { dimensionsOf } from "../view/streamFields";
import { plannedRange } from "./lineAxis";
import { lineSpec } from "./lineSpec";
import type { PlotFrame } from "./plotDisplay";

const NO_POINTS = { x: new Float64Array(0), y: new Float64Array(0), length: 0 };

/** An empty plot of the size of the first frame, so that nothing moves when that comes. */
export function emptyPlot(start: RunStart): PlotFrame {
  const [x] = dimensionsOf(start).axes.slice(-1);
  const planned = x === undefined ? undefined : plannedRange(start, x);
  const [from, to] = planned?.range ?? [0, 1];
  const domain = [Math.min(from as number, to as number), Math.max(from as number, to as number)] as const;
  const detectors = Array.isArray(start.detectors) ? start.detectors.filter((name) => typeof name === "string") : [];
  const spec = lineSpec({
    x: { title: x ?? "time", units: x === undefined ? "s" : undefined, domain, log: planned?.log === true },
    panels: [
      {
        title: detectors.length === 1 ? String(detectors[0]) : "",
        units: undefined,
        lines: [{ label: runTitle(start), points: NO_POINTS }],
      },
    ],
    title: { text: runTitle(start), subtitle: "waiting for the first point" },
  });
  return { spec, words: "" };
}

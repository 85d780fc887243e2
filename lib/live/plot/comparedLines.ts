/** Lines of several runs in one plot. */

import { pointsText } from "../view/runHeader";
import type { Line, Panel } from "./lineData";
import type { LinePlot } from "./linePlot";
import { lineSpec } from "./lineSpec";
import type { PlotFrame } from "./plotDisplay";

/** Each panel of the first run, with the same lines of the others; the x axis shows all of them. */
export function comparedLines(plots: readonly LinePlot[]): PlotFrame {
  const [first] = plots;
  if (!first) throw new Error("there is no run to compare");
  const all = plots.map((plot) => plot.lines(false));
  const domains = all.map(({ x }) => x.domain);
  const domain = [Math.min(...domains.map(([low]) => low)), Math.max(...domains.map(([, high]) => high))] as const;
  const panels = first.axes.fields.map((field): Panel => {
    const lines = plots.flatMap((plot): Line[] => {
      const points = plot.asPrevious().lines.get(field.key);
      return points ? [{ label: plot.label, points }] : [];
    });
    return { title: field.key, units: field.units, precision: field.precision, lines };
  });
  const title = {
    text: plots.map(({ label }) => label).join(", "),
    subtitle: pointsText(plots.reduce((sum, { count }) => sum + count, 0)),
  };
  const x = { ...(all[0] as (typeof all)[number]).x, domain };
  return {
    spec: lineSpec({ x, panels, title, final: true }),
    words: plots.map((plot) => `${plot.label}: ${plot.words(true)}`).join("\n"),
  };
}

/** Lines of several runs in one plot. */

import { axisTitle } from "../../display/plotTheme";
import { UsageError } from "../../errors";
import { pointsText } from "../view/runHeader";
import { titleOf } from "./lineAxis";
import type { Line, Panel } from "./lineData";
import type { LinePlot } from "./linePlot";
import { lineSpec } from "./lineSpec";
import type { PlotFrame } from "./plotDisplay";

/** Each panel of the first run, with the same lines of the others; the x axis shows all of them. */
export function comparedLines(plots: readonly LinePlot[]): PlotFrame {
  const [first] = plots;
  if (!first) throw new Error("there is no run to compare");
  const labels = labelsOf(plots);
  const all = plots.map((plot) => plot.lines(false));
  const domains = all.map(({ x }) => x.domain);
  const domain = [Math.min(...domains.map(([low]) => low)), Math.max(...domains.map(([, high]) => high))] as const;
  const panels = first.fields.map((field): Panel => {
    const lines = plots.flatMap((plot, i): Line[] => {
      const points = plot.asPrevious().lines.get(field.key);
      return points ? [{ label: labels[i] as string, points }] : [];
    });
    return { title: field.key, units: field.units, precision: field.precision, lines };
  });
  const title = {
    text: labels.join(", "),
    subtitle: pointsText(plots.reduce((sum, { count }) => sum + count, 0)),
  };
  const x = { ...(all[0] as (typeof all)[number]).x, ...commonAxis(plots), domain };
  return {
    spec: lineSpec({ x, panels, title, final: true }),
    words: plots.map((plot, i) => `${labels[i]}: ${plot.words(true)}`).join("\n"),
  };
}

/**
 * The names of the runs. Numbers of runs begin anew with each engine, so those that occur twice have their
 * uid.
 */
function labelsOf(plots: readonly LinePlot[]): string[] {
  const labels = plots.map(({ label }) => label);
  return plots.map(({ label, uid }) =>
    labels.filter((each) => each === label).length > 1 ? `${label} (${uid.slice(0, 8)})` : label,
  );
}

/** The title of an x axis for all runs; throws if their positions have different units. */
function commonAxis(plots: readonly LinePlot[]): { readonly title: string } {
  const titles = plots.map(({ axes }) => titleOf(axes.x));
  const [first] = titles;
  const other = titles.find(({ units }) => units !== first?.units);
  if (first && other)
    throw new UsageError(
      `plot: the runs have different x axes, ${axisTitle(first.title, first.units)} and ${axisTitle(other.title, other.units)}: plot them alone, or name a common one: { x: "time" }`,
    );
  return { title: [...new Set(titles.map(({ title }) => title))].join(", ") };
}

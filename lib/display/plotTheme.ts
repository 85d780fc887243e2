/** How plots look: quiet grey axes and colours which colour-blind eyes tell apart, readable on white and on black. */

import { oneLine } from "./printable";

export const WIDTH = 520;

/** One per line of a panel. */
export const LINE_COLORS = ["#2a86cf", "#d9662b", "#1f9e78", "#b767ab", "#bd8600", "#6f7bd6"] as const;

export const MARKER_COLOR = "#d9662b";
const GREY = "#80868f";

/** Of an earlier run: the same colour, faint. */
export const faint = (color: string): string => `${color}66`;

export const CONFIG = {
  font: 'system-ui, -apple-system, "Segoe UI", sans-serif',
  background: "transparent",
  axis: {
    labelColor: GREY,
    titleColor: GREY,
    gridColor: "#8a8f9830",
    domainColor: "#8a8f98",
    tickColor: "#8a8f98",
    titleFontWeight: 500,
    titleFontSize: 12,
    labelFontSize: 11,
    titlePadding: 8,
    labelOverlap: true,
    labelSeparation: 6,
  },
  // Wide enough for most labels, so that the plot does not jump while it grows.
  axisY: { minExtent: 38 },
  view: { stroke: null },
  legend: {
    labelColor: GREY,
    labelFontSize: 11,
    labelLimit: 400,
    orient: "top",
    direction: "horizontal",
    title: null,
    symbolType: "stroke",
    symbolStrokeWidth: 2,
    offset: 4,
  },
  title: { anchor: "start", color: GREY, fontSize: 12, fontWeight: 500, offset: 6 },
  header: { labelColor: GREY, titleColor: GREY },
} as const;

/** A Vega-Lite specification; version 5 is what JupyterLab and VS Code draw. */
export interface PlotSpec {
  readonly $schema: string;
  readonly [key: string]: unknown;
}

export function plotSpec(content: Readonly<Record<string, unknown>>): PlotSpec {
  return { $schema: "https://vega.github.io/schema/vega-lite/v5.json", ...content, config: CONFIG };
}

/** `cryo (K)`. */
export function axisTitle(name: string, units: string | undefined): string {
  return plotText(units ? `${name} (${units})` : name);
}

/**
 * Text from a node as a title. Vega-Lite pastes titles into expressions (tooltips, descriptions for screen readers) between double
 * quotes as they are: what would end the string, and run what follows, is written in other letters.
 */
export function plotText(text: string): string {
  return oneLine(text).replaceAll('"', "″").replaceAll("\\", "∖");
}

/** Ticks of large and tiny values get prefixes: `9.6k`, `3n`. */
export function tickFormat(low: number, high: number): string | undefined {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return size >= 1e5 || (size > 0 && size < 1e-3) ? "~s" : undefined;
}

/**
 * The look of plots: grey axes, and colours that colour-blind users can distinguish on white and on black.
 */

import { oneLine } from "../printable";

/** Width of a plot in pixels. */
export const WIDTH = 520;

/** The colours of the lines of a panel, in their order. */
export const LINE_COLORS = ["#2a86cf", "#d9662b", "#1f9e78", "#b767ab", "#bd8600", "#6f7bd6"] as const;

export const MARKER_COLOR = "#d9662b";
const GREY = "#80868f";

/** The colour of the same line in an earlier run: faint. */
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

/** A Vega-Lite specification. It is of version 5, which JupyterLab and VS Code can draw. */
export interface PlotSpec {
  readonly $schema: string;
  readonly [key: string]: unknown;
}

export function plotSpec(content: Readonly<Record<string, unknown>>): PlotSpec {
  return { $schema: "https://vega.github.io/schema/vega-lite/v5.json", ...content, config: CONFIG };
}

/** The title of an axis: `cryo (K)`. */
export function axisTitle(name: string, units: string | undefined): string {
  return plotText(units ? `${name} (${units})` : name);
}

/**
 * Text from a node as a title. Vega-Lite pastes titles unescaped into expressions, between double quotes. So
 * characters that could end the string are replaced by others that look the same, and nothing of the text can
 * run as code.
 */
export function plotText(text: string): string {
  return oneLine(text).replaceAll('"', "″").replaceAll("\\", "∖");
}

/** The format of ticks: with a prefix (`9.6k`, `3n`) for very large and very small values. */
export function tickFormat(low: number, high: number): string | undefined {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return size >= 1e5 || (size > 0 && size < 1e-3) ? "~s" : undefined;
}

/**
 * The look of plots: grey axes, and colours that colour-blind users can distinguish on white and on black.
 */

import { oneLine } from "../printable";

/** Width of a plot in pixels. */
export const WIDTH = 520;

/** Height of a plot in pixels. */
export const HEIGHT = 260;

/** Width of a map in pixels, which has the bar of colours to its right. */
export const MAP_WIDTH = 420;

/** The colours of the lines of a panel, in their order: at least 3 : 1 on white and on black. */
export const LINE_COLORS = ["#2a86cf", "#f2690d", "#0f7a70", "#d64a9a", "#6a3de8", "#915810"] as const;

/** The dashes of the first six lines, the next six, and the next. */
export const LINE_DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
] as const;

export const MARKER_COLOR = "#f2690d";
/** The lines of earlier runs. */
export const EARLIER_COLOR = "#8a8f98";
/**
 * All text of plots: JupyterLab does not draw again when its theme changes, so one grey serves both themes.
 */
export const GREY = "#767b83";

/**
 * Zooming a last frame: Ctrl or ⌘ with the wheel zooms, dragging moves, a double click resets. The wheel
 * alone scrolls the page.
 */
export const zoomParam = (encodings: readonly ("x" | "y")[] = ["x", "y"]): object => ({
  name: "zoom",
  select: { type: "interval", encodings, zoom: "wheel![event.ctrlKey || event.metaKey]", clear: "dblclick" },
  bind: "scales",
});

export const CONFIG = {
  font: 'system-ui, -apple-system, "Segoe UI", sans-serif',
  background: "transparent",
  axis: {
    labelColor: GREY,
    titleColor: GREY,
    gridColor: "#8a8f9830",
    domainColor: "#8a8f98",
    tickColor: "#8a8f98",
    labelFontWeight: 500,
    titleFontWeight: 600,
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
    labelFontWeight: 500,
    labelFontSize: 11,
    labelLimit: 400,
    titleColor: GREY,
    orient: "top",
    direction: "horizontal",
    title: null,
    symbolType: "stroke",
    symbolStrokeWidth: 2,
    offset: 4,
  },
  title: { anchor: "start", color: GREY, fontSize: 12, fontWeight: 600, offset: 6, subtitleColor: GREY },
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

/** The heading of a plot: the run, and below it what is known so far. */
export interface PlotHeading {
  readonly text: string;
  /** One line, or several with line feeds between them. */
  readonly subtitle: string;
}

/** The characters of a subtitle for which a line has room; `plotText` would cut longer lines. */
const SUBTITLE_LENGTH = 80;

/** The title of a plot; both its lines are there from the first frame, so that nothing moves. */
export function plotTitle({ text, subtitle }: PlotHeading): object {
  // A number must never be cut, so a part that is longer than a line goes on in the next one.
  const lines = subtitle.split("\n").flatMap((line) => {
    const parts = line.split(" · ").flatMap((part) => filled(part.split(" "), " "));
    return filled(parts, " · ");
  });
  return { title: { text: plotText(text), subtitle: lines.map((line) => plotText(line) || " ") } };
}

/** Puts as many parts into each line as have room. */
function filled(parts: readonly string[], between: string): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + between.length + part.length <= SUBTITLE_LENGTH)
      lines[lines.length - 1] = line + between + part;
    else lines.push(part);
  }
  return lines;
}

/**
 * The labels of ticks of an axis or of a bar of colours: with a prefix (`9.6k`, `3n`) for very large and very
 * small values, and with a power of ten where there is no prefix that one knows. Nothing for all others.
 */
export function tickLabels([low, high]: readonly [number, number]): {
  readonly format?: string;
  readonly labelExpr?: string;
} {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size === 0 || (size >= 1e-3 && size < 1e5)) return {};
  // Zero has neither prefix nor power: `0` and not `0p`.
  if (size >= 1e-12 && size < 1e15) return { format: "~s", labelExpr: "datum.value === 0 ? '0' : datum.label" };
  return { format: "~e", labelExpr: "datum.value === 0 ? '0' : replace(datum.label, 'e+', 'e')" };
}

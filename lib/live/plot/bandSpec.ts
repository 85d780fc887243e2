/** The Vega-Lite specification of words over time or along a motor: one row of bands for each signal. */

import { GREY, plotText, WIDTH } from "../../display/plotTheme";
import type { StateSpan } from "../view/stateSeries";
import { jsonNumber, sentDigits, tooltipFormat } from "./quantities";
import { stateColors } from "./stateColors";

/** One row: the stretches of a signal. */
export interface BandRow {
  readonly label: string;
  readonly spans: readonly StateSpan[];
  /** The words that the signal can have, in the order of their colours; undefined if they are not known. */
  readonly choices?: readonly string[] | undefined;
}

/** The height of a row in pixels. */
export const BAND_HEIGHT = 24;
/** Pixels that a letter needs. */
const LETTER = 6.6;

/** The view of rows of bands, to stand below panels of lines or alone. `x` is the encoding of the x axis. */
export function bandView(
  rows: readonly BandRow[],
  x: Readonly<Record<string, unknown>> & { readonly title?: unknown },
  domain: readonly [number, number],
  final: boolean,
): object {
  const y = {
    field: "row",
    type: "nominal",
    sort: null,
    title: null,
    scale: { paddingInner: 0.25, paddingOuter: 0.1 },
    axis: { labelLimit: 110, domain: false, ticks: false },
  };
  const tooltip = [
    { field: "row", type: "nominal", title: "signal" },
    { field: "word", type: "nominal", title: "value" },
    { field: "a", type: "quantitative", title: "from", format: tooltipFormat(domain) },
    { field: "b", type: "quantitative", title: "to", format: tooltipFormat(domain) },
  ];
  return {
    width: WIDTH,
    height: rows.length * BAND_HEIGHT,
    data: { values: bandsOf(rows, domain) },
    encoding: { y },
    layer: [
      {
        mark: { type: "bar", clip: true, stroke: GREY, strokeWidth: 0.5 },
        encoding: {
          x: { ...x, field: "a" },
          x2: { field: "b" },
          color: { field: "fill", type: "nominal", scale: null, legend: null },
          ...(final ? { tooltip } : {}),
        },
      },
      {
        mark: { type: "text", align: "left", baseline: "middle", dx: 4, fontSize: 11, clip: true },
        encoding: {
          x: { ...x, field: "a" },
          text: { field: "shown", type: "nominal" },
          color: { field: "ink", type: "nominal", scale: null, legend: null },
        },
      },
    ],
  };
}

/** The bands as data: where each begins and ends, its word, its colours, and the word if it has room. */
function bandsOf(rows: readonly BandRow[], domain: readonly [number, number]): object[] {
  const digits = sentDigits(domain);
  const perUnit = WIDTH / (domain[1] - domain[0] || 1);
  return rows.flatMap(({ label, spans, choices }) => {
    const color = stateColors(choices ?? [...new Set(spans.map(({ word }) => word))].sort());
    return spans.map(({ from, to, word }, i) => {
      const last = i === spans.length - 1;
      // A single point still has to be seen.
      const end = from === to ? to + (domain[1] - domain[0]) / 200 : to;
      const pixels = (Math.min(end, domain[1]) - Math.max(from, domain[0])) * perUnit;
      const fill = color(word);
      return {
        row: plotText(label),
        a: jsonNumber(from, digits),
        b: jsonNumber(last ? end : to, digits),
        word: plotText(word),
        shown: plotText(fittingWords(word, pixels)),
        fill,
        ink: inkOn(fill),
      };
    });
  });
}

/** The words of a band if they have room; of a status at least its name: `RAMPING` of `RAMPING: going up`. */
function fittingWords(word: string, pixels: number): string {
  const short = word.split(":")[0] as string;
  return [word, short].find((words) => pixels >= LETTER * words.length + 6) ?? "";
}

/** Black or white, whichever is read better on a colour; grey on one that is almost transparent. */
function inkOn(fill: string): string {
  if (fill.length > 7) return GREY;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(fill.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? "#000000" : "#ffffff";
}

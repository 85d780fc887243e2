/** The differences between the data of two plots, point by point; colours and scales are ignored. */

import { isDeepStrictEqual } from "node:util";
import { counted } from "../../display/number";
import { oneLine } from "../../printable";
import { columnDifference } from "./columnDifference";

type Row = Readonly<Record<string, unknown>>;

/** The data of a plot or of one of its layers. */
interface PlotData {
  /** The title of the vertical axis; empty without one. */
  readonly title: string;
  readonly rows: readonly Row[];
}

/** How plots are compared. */
interface PlotComparison {
  /** Whether both plots are of the same recording. If not, numbers may differ by their noise. */
  readonly exact: boolean;
  /** The allowed difference of numbers if both plots are of the same recording; default 0. */
  readonly tolerance?: number;
}

/** Numbers above this one are times since 1970, in s or ms, which differ between two measurements. */
const TIMES = 1e9;

/** The differences, one line each. The plots are Vega-Lite specifications, as notebooks keep them. */
export function plotDifferences(then: unknown, now: unknown, how: PlotComparison): string[] {
  const [before, after] = [dataIn(then), dataIn(now)];
  if (before.length !== after.length)
    return [`its plot has ${counted(before.length, "set")} of data then, ${after.length} now`];
  return before.flatMap((data, i) => rowDifferences(data, after[i] as PlotData, how));
}

function rowDifferences({ title, rows }: PlotData, now: PlotData, how: PlotComparison): string[] {
  const { exact, tolerance = 0 } = how;
  const what = title === "" ? "its plot" : `its plot of ${oneLine(title, 80)}`;
  if (title !== now.title) return [`${what} is now of ${oneLine(now.title, 80) || "something else"}`];
  const found: string[] = [];
  if (rows.length !== now.rows.length)
    found.push(`${what}: ${counted(rows.length, "point")} then, ${now.rows.length} now`);
  for (const field of new Set([...rows, ...now.rows].flatMap((row) => Object.keys(row)))) {
    const [before, after] = [valuesOf(rows, field, how), valuesOf(now.rows, field, how)];
    const allowance = { exact, tolerances: exact ? { [field]: tolerance } : {} };
    const difference = columnDifference(field, { source: "", dtype: "number", shape: [] }, before, after, allowance);
    if (difference !== undefined) found.push(`${what}, ${difference}`);
  }
  return found;
}

/** The values of a field. For two measurements, texts are ignored, and times are relative to the first. */
function valuesOf(rows: readonly Row[], field: string, { exact }: PlotComparison): unknown[] {
  const values = rows.map((row) => row[field]);
  if (exact) return values;
  const numbers = values.map((value) => (typeof value === "number" ? value : undefined));
  const first = numbers.find((value) => value !== undefined) ?? 0;
  return Math.abs(first) > TIMES ? numbers.map((value) => value && value - first) : numbers;
}

/** All data of a specification; layers that show the same data count once. */
function dataIn(spec: unknown, title = ""): PlotData[] {
  if (typeof spec !== "object" || spec === null) return [];
  if (Array.isArray(spec)) return distinct(spec.flatMap((part) => dataIn(part, title)));
  const { data, datasets, layer, hconcat, vconcat, concat, spec: inner, encoding } = spec as Row;
  const own = titleOf(encoding) ?? title;
  const named = Object.values((datasets ?? {}) as Row).map((values) => ({ values }));
  const sets = [data, ...named].flatMap((one): PlotData[] => {
    const values = (one as { readonly values?: unknown } | undefined)?.values;
    return Array.isArray(values) ? [{ title: own, rows: values.map(rowOf) }] : [];
  });
  return distinct([...sets, ...[layer, hconcat, vconcat, concat, inner].flatMap((part) => dataIn(part, own))]);
}

const rowOf = (value: unknown): Row => (typeof value === "object" && value !== null ? (value as Row) : { value });

function titleOf(encoding: unknown): string | undefined {
  const { y } = (encoding ?? {}) as { readonly y?: { readonly title?: unknown } };
  return typeof y?.title === "string" ? y.title : undefined;
}

const distinct = (sets: readonly PlotData[]): PlotData[] =>
  sets.filter((one, i) => sets.findIndex((other) => isDeepStrictEqual(one.rows, other.rows)) === i);

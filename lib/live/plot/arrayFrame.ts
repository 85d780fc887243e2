/** The frame of a map of arrays: of the rows of a waterfall, or of the pixels of an image. */

import type { StreamField } from "../view/streamFields";
import { blocks, reduced } from "./gridPlot";
import { cellAxis } from "./gridShape";
import { highestOf, type MapSpecData, mapSpec } from "./mapSpec";
import type { CellValues } from "./palettePng";
import type { PlotFrame } from "./plotDisplay";

/** Rows and columns that are drawn at most. */
export const MOST_ACROSS = 512;

/** What is drawn, and the name of its run. */
export interface NamedField {
  readonly field: StreamField;
  readonly title: string;
}

/** The axes and colours of the cells, and what is said about them. */
export interface ArrayFrameChoices extends Pick<MapSpecData, "up" | "x" | "y" | "range" | "downwards" | "trace"> {
  readonly said: string;
}

/** The frame of these cells; of more than fit, the highest of each block is drawn. */
export function arrayFrame(
  { field, title }: NamedField,
  cells: CellValues,
  final: boolean,
  { said, ...how }: ArrayFrameChoices,
): PlotFrame {
  const { key, units } = field;
  const block = blockOf(cells);
  const note = block > 1 ? ` · every ${block} × ${block}: the highest` : "";
  const across = cellAxis([0, Math.max(1, cells.columns - 1)], cells.columns);
  const data = {
    ...how,
    color: { title: key, units },
    maps: [reduced(cells, block)],
    across: blocks(across, block),
    up: blocks(how.up, block),
    whole: highestOf(cells.values.map((value) => (Number.isSafeInteger(value) || Number.isNaN(value) ? 0 : 1))) < 0,
    heading: { text: `${title} · ${key}`, subtitle: said + note },
  };
  const picture = mapSpec({ ...data, tooltips: false });
  const spec = final ? mapSpec({ ...data, tooltips: true, zoom: true }) : picture;
  return { spec, picture, run: title, words: final ? `${key}: ${said}${note}` : key };
}

/** The number of rows and columns of which one cell is drawn. */
export const blockOf = ({ rows, columns }: { readonly rows: number; readonly columns: number }): number =>
  Math.ceil(Math.max(columns, rows) / MOST_ACROSS);

/** The Vega-Lite specification of many lines as small plots. */

import {
  axisTitle,
  LINE_COLORS,
  type PlotSpec,
  plotSpec,
  plotText,
  plotTitle,
  tickLabels,
} from "../../display/plotTheme";
import { domainOf } from "./axisScale";
import { type LineSpecData, rowsOf } from "./lineData";
import { tooltipFormat } from "./quantities";
import { rangeAround, rangeOf } from "./range";

const SMALL = { columns: 5, width: 80, height: 52 };
/** The most small plots; of more lines, the first ones are shown. */
const MOST_SMALL = 40;

/** Many lines as small plots, each with a y axis of its own. */
export function smallMultiples({ x, panels, title, final = false }: LineSpecData): PlotSpec {
  const lines = panels.flatMap(({ lines: all, title, units }) =>
    all.map((line) => ({ ...line, label: axisTitle(panels.length > 1 && title ? title : line.label, units) })),
  );
  const views = lines.slice(0, MOST_SMALL).map(({ label, points }) => {
    const [low, high] = rangeOf([points.y.subarray(0, points.length)]);
    const axis = (domain: readonly [number, number], tickCount: number) => ({
      ...tickLabels(domain),
      tickCount,
      title: null,
      minExtent: 26,
    });
    const domain = high > low ? domainOf(low, high) : rangeAround(low);
    const tip = (field: string, title: string, range: readonly [number, number]) => ({
      field,
      type: "quantitative",
      title,
      format: tooltipFormat(range),
    });
    return {
      title: { text: plotText(label.length > 20 ? `${label.slice(0, 19)}…` : label), fontSize: 11, offset: 2 },
      width: SMALL.width,
      height: SMALL.height,
      data: rowsOf([{ id: label, points, color: "", dash: [], line: undefined }]),
      mark: {
        type: "line",
        order: false,
        strokeWidth: 1.5,
        color: LINE_COLORS[0],
        clip: true,
        point: points.length === 1,
      },
      encoding: {
        x: {
          field: "x",
          type: "quantitative",
          scale: { domain: x.domain, nice: false, ...(x.log ? { type: "log" } : {}) },
          axis: { ...axis(x.domain, 3), grid: false },
        },
        y: { field: "y", type: "quantitative", scale: { domain, nice: false, zero: false }, axis: axis(domain, 2) },
        ...(final
          ? { tooltip: [tip("x", axisTitle(x.title, x.units), x.domain), tip("y", plotText(label), [low, high])] }
          : {}),
      },
    };
  });
  const left = lines.length - MOST_SMALL;
  const over = `${Math.min(lines.length, MOST_SMALL)} signals over ${axisTitle(x.title, x.units)}, each with an axis of its own`;
  const note = left > 0 ? ` · ${left} more are in the table` : "";
  const heading = title ? plotTitle({ text: title.text, subtitle: `${title.subtitle} · ${over}${note}` }) : {};
  return plotSpec({ ...heading, concat: views, columns: SMALL.columns, spacing: 12 });
}

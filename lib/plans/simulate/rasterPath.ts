/** The path of two motors through a plan, drawn before it runs. */

import { $display, type Displayable, type MimeBundle } from "../../display/bundle";
import { axisTitle, LINE_COLORS, plotSpec, WIDTH } from "../../display/plotTheme";
import type { PlanSource } from "../../engine/loop/planSource";
import { printable } from "../../printable";
import { preview } from "./preview";

/** The path of two motors through a plan. As the last expression of a cell it shows itself as a drawing. */
export class RasterPath implements Displayable {
  /** The name of the motor along x. */
  readonly xMotor: string;
  /** The name of the motor along y. */
  readonly yMotor: string;
  /** Where the plan measures, in order; NaN for a motor that has not been set before. */
  readonly points: readonly { readonly x: number; readonly y: number }[];

  constructor(xMotor: string, yMotor: string, points: readonly { readonly x: number; readonly y: number }[]) {
    this.xMotor = xMotor;
    this.yMotor = yMotor;
    this.points = points;
  }

  [$display](): MimeBundle {
    const values = this.points.map((point, i) => ({ ...point, i }));
    const axis = (field: string, name: string) => ({
      field,
      type: "quantitative",
      title: axisTitle(name, undefined),
      scale: { zero: false },
    });
    return {
      // There is no HTML here, since JupyterLab would show it instead of the drawing.
      "text/plain": printable(`${this.points.length} points of ${this.xMotor} and ${this.yMotor}`),
      "application/vnd.vegalite.v5+json": plotSpec({
        width: WIDTH / 2,
        height: WIDTH / 2,
        data: { values },
        mark: { type: "line", color: LINE_COLORS[0], strokeWidth: 1, point: { size: 24, color: LINE_COLORS[0] } },
        encoding: {
          x: axis("x", this.xMotor),
          y: axis("y", this.yMotor),
          order: { field: "i", type: "quantitative" },
        },
      }),
    };
  }
}

/** Finds the path of a plan in the plane of two motors, which are given by name. This uses the plan up. */
export async function plotRasterPath(source: PlanSource<unknown>, xMotor: string, yMotor: string): Promise<RasterPath> {
  const { messages } = await preview(source);
  const at = new Map<string, number>();
  const points: { x: number; y: number }[] = [];
  for (const { command, obj, args } of messages) {
    if (command === "set") at.set(String((obj as { name?: unknown }).name), Number(args[0]));
    else if (command === "save") points.push({ x: at.get(xMotor) ?? Number.NaN, y: at.get(yMotor) ?? Number.NaN });
  }
  return new RasterPath(xMotor, yMotor, points);
}

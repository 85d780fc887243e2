/** The way two motors go in a plan, to look at before it runs. */
import { $display, type Displayable, type MimeBundle } from "../../display/bundle";
import { axisTitle, LINE_COLORS, plotSpec, WIDTH } from "../../display/plotTheme";
import { printable } from "../../display/printable";
import type { PlanSource } from "../../engine/loop/planSource";
import { preview } from "./preview";

/** The way of two motors through a plan, as `plotRasterPath` finds it; shows itself as a drawing. */
export class RasterPath implements Displayable {
  /** Names of the motors. */
  readonly xMotor: string;
  readonly yMotor: string;
  /** Where it measures, in order. */
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
      // Without HTML, which JupyterLab would show in place of the drawing.
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

/** The points of a plan in the plane of two motors, given by name. The plan is used up by this. */
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

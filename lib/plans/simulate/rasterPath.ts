/** The path of two motors through a plan, drawn before it runs. */

import { inspect } from "node:util";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { axisTitle, LINE_COLORS, plotSpec, WIDTH } from "../../display/plotTheme";
import type { PlanSource } from "../../engine/loop/planSource";
import { UsageError } from "../../errors";
import { printable } from "../../printable";
import { preview } from "./preview";

/** The full width and height of the spot that is measured at one point, in the units of the motors. */
export interface ProbeSize {
  readonly width: number;
  readonly height: number;
}

/** Options of `plotRasterPath`. */
export interface RasterPathOptions {
  /**
   * The size of the beam or probe at each point, in the units of the motors: a diameter, or
   * `{ width, height }`. It is drawn to scale, so that gaps and overlaps are seen. Default: points only.
   */
  readonly probeSize?: number | ProbeSize;
}

/** The path of two motors through a plan. As the last expression of a cell it shows itself as a drawing. */
export class RasterPath implements Displayable {
  /** The name of the motor along x. */
  readonly xMotor: string;
  /** The name of the motor along y. */
  readonly yMotor: string;
  /** Where the plan measures, in order; NaN for a motor that has not been set before. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Full width and height of the beam or probe, in the units of the motors; null if none is drawn. */
  readonly probe: ProbeSize | null;

  constructor(
    xMotor: string,
    yMotor: string,
    points: readonly { readonly x: number; readonly y: number }[],
    probe: ProbeSize | null = null,
  ) {
    this.xMotor = xMotor;
    this.yMotor = yMotor;
    this.points = points;
    this.probe = probe;
  }

  [$display](): MimeBundle {
    const { probe } = this;
    const count = `${this.points.length} points of ${this.xMotor} and ${this.yMotor}`;
    const size = probe ? `, each ${probe.width} wide and ${probe.height} high` : "";
    return {
      // There is no HTML here, since JupyterLab would show it instead of the drawing.
      "text/plain": printable(`${count}${size}`),
      "application/vnd.vegalite.v5+json": plotSpec({
        width: WIDTH / 2,
        height: WIDTH / 2,
        data: { values: this.points.map((point, i) => ({ ...point, i })) },
        layer: probe ? [this.#outlines(probe), this.#line()] : [this.#line()],
      }),
    };
  }

  #line(): object {
    return {
      mark: { type: "line", color: LINE_COLORS[0], strokeWidth: 1, point: { size: 24, color: LINE_COLORS[0] } },
      encoding: {
        x: this.#axis("x"),
        y: this.#axis("y"),
        order: { field: "i", type: "quantitative" },
      },
    };
  }

  /** The probe at each point, as an ellipse in the units of the axes. */
  #outlines({ width, height }: ProbeSize): object {
    const corners = Array.from({ length: OUTLINE_CORNERS + 1 }, (_, k) => (2 * Math.PI * k) / OUTLINE_CORNERS);
    const values = this.points.flatMap(({ x, y }, i) =>
      corners.map((angle, k) => ({
        x: x + (width / 2) * Math.cos(angle),
        y: y + (height / 2) * Math.sin(angle),
        i,
        k,
      })),
    );
    return {
      data: { values },
      mark: { type: "line", color: LINE_COLORS[0], fill: LINE_COLORS[0], fillOpacity: 0.12, strokeWidth: 0.5 },
      encoding: {
        x: this.#axis("x"),
        y: this.#axis("y"),
        detail: { field: "i", type: "nominal" },
        order: { field: "k", type: "quantitative" },
      },
    };
  }

  #axis(field: "x" | "y"): object {
    const title = axisTitle(field === "x" ? this.xMotor : this.yMotor, undefined);
    return { field, type: "quantitative", title, scale: { zero: false } };
  }
}

/** Corners of the polygon that stands for the outline of the probe. */
const OUTLINE_CORNERS = 24;

/**
 * Finds the path of a plan in the plane of two motors, which are given by name. This uses the plan up.
 * `await plotRasterPath(spiral(...), "x", "y", { probeSize: 0.3 })` also draws the beam at each point.
 */
export async function plotRasterPath(
  source: PlanSource<unknown>,
  xMotor: string,
  yMotor: string,
  { probeSize }: RasterPathOptions = {},
): Promise<RasterPath> {
  const probe = probeSize === undefined ? null : sizeOf(probeSize);
  const { messages } = await preview(source);
  const at = new Map<string, number>();
  const points: { x: number; y: number }[] = [];
  for (const { command, obj, args } of messages) {
    if (command === "set") at.set(String((obj as { name?: unknown }).name), Number(args[0]));
    else if (command === "save") points.push({ x: at.get(xMotor) ?? Number.NaN, y: at.get(yMotor) ?? Number.NaN });
  }
  return new RasterPath(xMotor, yMotor, points, probe);
}

function sizeOf(probe: number | ProbeSize): ProbeSize {
  const size = typeof probe === "number" ? { width: probe, height: probe } : probe;
  if (size.width > 0 && size.height > 0) return size;
  throw new UsageError(
    `plotRasterPath: probeSize is a diameter above 0 or { width, height }, not ${inspect(probe, { depth: 0 })}`,
  );
}

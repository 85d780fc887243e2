/** Scans over grids of lists of positions; the first motor is the slowest. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { type AnyMotor, checkDetectors } from "../arguments/deviceArguments";
import { outerListProduct } from "../patterns/products";
import { plan } from "../plan";
import { checkPositions } from "./checkPositions";
import { GRID_NAMES, type GridScanOptions, snakeAxesOf } from "./gridScan";
import type { ListScan } from "./listScan";
import { deviceText, documentedName, functionInPlanArgs, motorDimensions, withMetadata } from "./planMetadata";
import { relativeToStart } from "./relativeToStart";
import { type ListScanArgs, readListScanArgs } from "./scanArguments";
import { scanNd } from "./scanNd";

/**
 * Measures a grid of lists of positions: `listGridScan([det], slow, [1, 2], fast, [0, 3, 4])`.
 * @returns the run's uid
 */
export const listGridScan = plan(
  "listGridScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("listGridScan", detectors);
    const parsed = readListScanArgs("listGridScan", args, GRID_NAMES);
    yield* checkPositions(parsed.pairs);
    return yield* scanListGrid("listGridScan", detectors, parsed);
  },
) as ListScan<GridScanOptions>;

/**
 * Like `listGridScan`, with positions relative to where the motors are. It moves them back there at its end.
 */
export const relListGridScan = plan(
  "relListGridScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("relListGridScan", detectors);
    const parsed = readListScanArgs("relListGridScan", args, GRID_NAMES);
    return yield* relativeToStart(parsed.pairs, scanListGrid("relListGridScan", detectors, parsed));
  },
) as ListScan<GridScanOptions>;

function* scanListGrid(
  name: string,
  detectors: readonly Readable[],
  { pairs, options }: ListScanArgs<GridScanOptions>,
): Plan<string> {
  const { perStep, md: given } = options;
  const snakeAxes = snakeAxesOf(name, options) ?? false;
  const motors = pairs.map(([motor]) => motor);
  const texts = pairs.flatMap(([motor, points]) => [deviceText(motor), points]);
  const snakeText = typeof snakeAxes === "boolean" ? snakeAxes : snakeAxes.map(deviceText);
  const md = withMetadata(
    {
      shape: pairs.map(([, points]) => points.length),
      extents: pairs.map(([, points]) => extentOf(points)),
      snake_axes: snakeText,
      plan_args: { detectors: detectors.map(deviceText), args: texts, per_step: functionInPlanArgs(perStep) },
      plan_name: documentedName(name),
      plan_pattern: "outer_list_product",
      plan_pattern_args: { args: texts, snake_axes: snakeText },
      plan_pattern_module: "bluesky.plan_patterns",
      motors: motors.map((motor) => motor.name),
    },
    given,
    motorDimensions(motors),
  );
  // The option takes any object, so that a motor need not be cast; one that is not an axis has no effect.
  const snaking = snakeAxes as boolean | readonly AnyMotor[];
  return yield* scanNd(detectors, outerListProduct<AnyMotor>(pairs, snaking), { ...(perStep ? { perStep } : {}), md });
}

/** Lowest and highest position of a list, or first and last if they are not all numbers. */
function extentOf(points: readonly unknown[]): [unknown, unknown] {
  const sorted = points.filter((point) => typeof point === "number").sort((a, b) => a - b);
  return sorted.length === points.length ? [sorted[0], sorted.at(-1)] : [points[0], points.at(-1)];
}

/** Scans over rectilinear grids; the first motor is the slowest. */

import { inspect } from "node:util";
import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import type { OptionNames } from "../../options";
import { type AnyMotor, checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { takeOptions } from "../arguments/namedArguments";
import { checkNum, isFiniteNumber } from "../arguments/valueArguments";
import { outerProduct } from "../patterns/products";
import { plan } from "../plan";
import { checkPositions } from "./checkPositions";
import { deviceText, documentedName, functionInPlanArgs, motorDimensions, withMetadata } from "./planMetadata";
import { relativeToStart } from "./relativeToStart";
import { rangesOf } from "./scan";
import { type ScanOptions, scanNd } from "./scanNd";

/** Options of grid scans, the last argument. */
export interface GridScanOptions extends ScanOptions {
  /**
   * The motors that go back and forth instead of starting over; true
   * stands for all but the first. Default false.
   */
  readonly snakeAxes?: boolean | readonly object[];
  /** Another name of `snakeAxes`. */
  readonly snake?: boolean | readonly object[];
}

/** The names of the options of grid scans. */
export const GRID_NAMES: OptionNames<GridScanOptions> = { snakeAxes: true, snake: true, perStep: true, md: true };

/** Which motors go back and forth, by either name of the option. */
export function snakeAxesOf(
  name: string,
  { snakeAxes, snake }: GridScanOptions,
): boolean | readonly object[] | undefined {
  if (snakeAxes !== undefined && snake !== undefined) throw new UsageError(`${name}: snake and snakeAxes are the same`);
  return snakeAxes ?? snake;
}

type Axis = [motor: ReadableMotor<number>, start: number, stop: number, num: number];
type SnakedAxis = [...axis: Axis, snake: boolean];
type Options = [options?: GridScanOptions];

/**
 * `motor, start, stop, num, motor, start, stop, num, ..., options?`, or
 * with `snake` after each axis but the first.
 *
 * There is one signature for each number of motors, as in `LineScan`.
 */
export interface GridScan {
  (
    detectors: readonly Readable[],
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    num: number,
    options?: GridScanOptions,
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...axis: Axis, ...axis: Axis, snake?: boolean | GridScanOptions, ...options: Options]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...axis: Axis, ...axis: Axis, ...axis: Axis, ...options: Options]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...axis: Axis, ...snakedAxis: SnakedAxis, ...snakedAxis: SnakedAxis, ...options: Options]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...axis: Axis, ...axis: Axis, ...axis: Axis, ...axis: Axis, ...options: Options]
  ): Plan<string>;
}

interface GridScanAxis {
  readonly motor: ReadableMotor<number>;
  readonly start: number;
  readonly stop: number;
  readonly num: number;
  snake: boolean;
}

interface GridScanArgs {
  readonly axes: readonly GridScanAxis[];
  readonly options: GridScanOptions;
}

/**
 * Measures a rectilinear grid: `gridScan([det], slow, 0, 1, 3, fast, 0, 10, 11, { snakeAxes: true })`.
 * @returns the run's uid
 */
export const gridScan = plan(
  "gridScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("gridScan", detectors);
    const parsed = readGridScanArgs("gridScan", args);
    yield* checkPositions(rangesOf(parsed));
    return yield* scanGrid("gridScan", detectors, parsed);
  },
) as GridScan;

/** Like `gridScan`, with positions relative to where the motors are. It moves them back there at its end. */
export const relGridScan = plan(
  "relGridScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("relGridScan", detectors);
    const parsed = readGridScanArgs("relGridScan", args);
    return yield* relativeToStart(rangesOf(parsed), scanGrid("relGridScan", detectors, parsed));
  },
) as GridScan;

function* scanGrid(name: string, detectors: readonly Readable[], { axes, options }: GridScanArgs): Plan<string> {
  const motors = axes.map((axis) => axis.motor);
  const texts = axes.flatMap(({ motor, start, stop, num, snake }, i) =>
    i === 0 ? [deviceText(motor), start, stop, num] : [deviceText(motor), start, stop, num, snake],
  );
  const md = withMetadata(
    {
      shape: axes.map((axis) => axis.num),
      extents: axes.map((axis) => [axis.start, axis.stop]),
      snaking: axes.map((axis) => axis.snake),
      plan_args: { detectors: detectors.map(deviceText), args: texts, per_step: functionInPlanArgs(options.perStep) },
      plan_name: documentedName(name),
      plan_pattern: "outer_product",
      plan_pattern_args: { args: texts },
      plan_pattern_module: "bluesky.plan_patterns",
      motors: motors.map((motor) => motor.name),
    },
    options.md,
    { gridding: "rectilinear", ...motorDimensions(motors) },
  );
  const { perStep } = options;
  return yield* scanNd(detectors, outerProduct<AnyMotor>(axes), { ...(perStep ? { perStep } : {}), md });
}

/** Reads `motor, start, stop, num, snake?, ..., options?`; throws at the first argument that is wrong. */
function readGridScanArgs(name: string, given: readonly unknown[]): GridScanArgs {
  const args = [...given];
  const options = takeOptions(name, args, GRID_NAMES);
  const usage = `${name}([detector], slow, 0, 1, 3, fast, 0, 10, 11)`;
  const axes: GridScanAxis[] = [];
  let snakesInArgs = false;
  while (args.length > 0) {
    const position = 2 + given.length - args.length;
    const [motor, start, stop, num] = args.splice(0, 4) as [GridScanAxis["motor"], unknown, unknown, unknown];
    checkMotor(name, position, motor, usage);
    if (!isFiniteNumber(start) || !isFiniteNumber(stop)) {
      throw new UsageError(`${name}: ${motor.name} needs start, stop and number of points: ${usage}`);
    }
    checkNum(name, num);
    const snake = axes.length > 0 && typeof args[0] === "boolean" ? args.shift() : undefined;
    snakesInArgs ||= snake !== undefined;
    if (axes.some((axis) => axis.motor === motor)) throw new UsageError(`${name}: ${motor.name} is an axis twice`);
    axes.push({ motor, start, stop, num, snake: snake === true });
  }
  if (axes.length === 0) throw new UsageError(`${name}: a grid needs at least one axis: ${usage}`);
  const snakeAxes = snakeAxesOf(name, options);
  if (snakeAxes !== undefined) {
    if (snakesInArgs) throw new UsageError(`${name}: give either snakeAxes or a boolean after each axis, not both`);
    applySnakeAxes(name, axes, snakeAxes);
  }
  return { axes, options };
}

/** Sets `snake` of each axis as the option says. */
function applySnakeAxes(name: string, axes: readonly GridScanAxis[], snakeAxes: boolean | readonly object[]): void {
  if (typeof snakeAxes === "boolean") {
    for (const [i, axis] of axes.entries()) axis.snake = snakeAxes && i > 0;
    return;
  }
  if (!Array.isArray(snakeAxes)) {
    throw new UsageError(
      `${name}: snakeAxes is true, false or a list of motors, not ${inspect(snakeAxes, { depth: 0 })}`,
    );
  }
  const twice = snakeAxes.find((motor, i) => snakeAxes.indexOf(motor) !== i) as ReadableMotor<number> | undefined;
  if (twice) throw new UsageError(`${name}: snakeAxes names ${twice.name} twice`);
  if (axes[0] && snakeAxes.includes(axes[0].motor)) {
    throw new UsageError(`${name}: the slowest motor ${axes[0].motor.name} can't snake: it goes through once`);
  }
  if (!snakeAxes.every((motor) => axes.some((axis) => axis.motor === motor))) {
    throw new UsageError(`${name}: snakeAxes names a motor that is not an axis`);
  }
  for (const axis of axes) axis.snake = snakeAxes.includes(axis.motor);
}

/** Scans over grids, the first motor slowest. */
import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { outerListProduct, outerProduct } from "../patterns/patterns";
import { plan } from "../plan";
import type { ReadableMotor } from "../stubs/pointStubs";
import { around } from "./around";
import { checkDetectors, checkMotor, checkNum, isFiniteNumber } from "./planArguments";
import { deviceText, functionText, motorDimensions, renamed, withMetadata } from "./planMetadata";
import { type ListScan, type Lists, lists, takeOptions } from "./scan";
import { type AnyMotor, type ScanOptions, scanNd } from "./scanNd";

/** Options of grid scans, the last argument. */
export interface GridScanOptions extends ScanOptions {
  /** Which axes go back and forth instead of starting over; true: all but the first. Default false. */
  readonly snakeAxes?: boolean | readonly object[];
}

type Axis = [motor: ReadableMotor<number>, start: number, stop: number, num: number];
type SnakedAxis = [...axis: Axis, snake: boolean];
type Options = [options?: GridScanOptions];
/**
 * `motor, start, stop, num, motor, start, stop, num, ..., options?`, or with `snake` after each axis but the first.
 *
 * One signature for each number of motors as in `LineScan`.
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

interface GridAxis {
  readonly motor: ReadableMotor<number>;
  readonly start: number;
  readonly stop: number;
  readonly num: number;
  snake: boolean;
}

interface Grid {
  readonly axes: readonly GridAxis[];
  readonly options: GridScanOptions;
}

/** Measures a rectilinear grid: `gridScan([det], slow, 0, 1, 3, fast, 0, 10, 11, { snakeAxes: true })`. @returns the run's uid */
export const gridScan = plan(
  "gridScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("gridScan", detectors);
    return yield* scanGrid(detectors, grid("gridScan", args));
  },
) as GridScan;

/** Like `gridScan`, relative to where the motors are; they go back there at the end. */
export const relGridScan = plan(
  "relGridScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("relGridScan", detectors);
    const { axes, options } = grid("relGridScan", args);
    const motors = axes.map((axis) => axis.motor);
    return yield* around(motors, scanGrid(detectors, { axes, options: renamed("rel_grid_scan", options) }));
  },
) as GridScan;

function* scanGrid(detectors: readonly Readable[], { axes, options }: Grid): Plan<string> {
  const motors = axes.map((axis) => axis.motor);
  const texts = axes.flatMap(({ motor, start, stop, num, snake }, i) =>
    i === 0 ? [deviceText(motor), start, stop, num] : [deviceText(motor), start, stop, num, snake],
  );
  const md = withMetadata(
    {
      shape: axes.map((axis) => axis.num),
      extents: axes.map((axis) => [axis.start, axis.stop]),
      snaking: axes.map((axis) => axis.snake),
      plan_args: { detectors: detectors.map(deviceText), args: texts, per_step: functionText(options.perStep) },
      plan_name: "grid_scan",
      plan_pattern: "outer_product",
      plan_pattern_args: { args: texts },
      plan_pattern_module: "bluesky.plan_patterns",
      motors: motors.map((motor) => motor.name),
    },
    options.md,
    { gridding: "rectilinear", ...motorDimensions(motors) },
  );
  return yield* scanNd(detectors, outerProduct<AnyMotor>(axes), { ...options, md });
}

/** Reads the axes of a grid; throws what is wrong in one line. */
function grid(name: string, given: readonly unknown[]): Grid {
  const args = [...given];
  const options = takeOptions<GridScanOptions>(args);
  const usage = `${name}([detector], slow, 0, 1, 3, fast, 0, 10, 11)`;
  const axes: GridAxis[] = [];
  let snakesInArgs = false;
  while (args.length > 0) {
    const position = 2 + given.length - args.length;
    const [motor, start, stop, num] = args.splice(0, 4) as [GridAxis["motor"], unknown, unknown, unknown];
    checkMotor(name, position, motor, usage);
    if (!isFiniteNumber(start) || !isFiniteNumber(stop))
      throw new UsageError(`${name}: ${motor.name} needs start, stop and number of points: ${usage}`);
    checkNum(name, num);
    const snake = axes.length > 0 && typeof args[0] === "boolean" ? args.shift() : undefined;
    snakesInArgs ||= snake !== undefined;
    if (axes.some((axis) => axis.motor === motor)) throw new UsageError(`${name}: ${motor.name} is an axis twice`);
    axes.push({ motor, start, stop, num, snake: snake === true });
  }
  if (axes.length === 0) throw new UsageError(`${name}: a grid needs at least one axis: ${usage}`);
  if (options.snakeAxes !== undefined) {
    if (snakesInArgs) throw new UsageError(`${name}: give either snakeAxes or a boolean after each axis, not both`);
    snake(name, axes, options.snakeAxes);
  }
  return { axes, options };
}

function snake(name: string, axes: readonly GridAxis[], snakeAxes: boolean | readonly object[]): void {
  if (typeof snakeAxes === "boolean") {
    for (const [i, axis] of axes.entries()) axis.snake = snakeAxes && i > 0;
    return;
  }
  if (axes[0] && snakeAxes.includes(axes[0].motor))
    throw new UsageError(`${name}: the slowest motor ${axes[0].motor.name} can't snake: it goes through once`);
  for (const motor of snakeAxes)
    if (!axes.some((axis) => axis.motor === motor))
      throw new UsageError(`${name}: snakeAxes names a motor that is no axis`);
  for (const axis of axes) axis.snake = snakeAxes.includes(axis.motor);
}

/** Measures a grid of lists of positions: `listGridScan([det], slow, [1, 2], fast, [0, 3, 4])`. @returns the run's uid */
export const listGridScan = plan(
  "listGridScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("listGridScan", detectors);
    return yield* scanListGrid(detectors, lists<GridScanOptions>("listGridScan", args));
  },
) as ListScan<GridScanOptions>;

/** Like `listGridScan`, relative to where the motors are; they go back there at the end. */
export const relListGridScan = plan(
  "relListGridScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("relListGridScan", detectors);
    const { pairs, options } = lists<GridScanOptions>("relListGridScan", args);
    const motors = pairs.map(([motor]) => motor);
    return yield* around(motors, scanListGrid(detectors, { pairs, options: renamed("rel_list_grid_scan", options) }));
  },
) as ListScan<GridScanOptions>;

function* scanListGrid(detectors: readonly Readable[], { pairs, options }: Lists<GridScanOptions>): Plan<string> {
  const { snakeAxes = false } = options;
  const motors = pairs.map(([motor]) => motor);
  const texts = pairs.flatMap(([motor, points]) => [deviceText(motor), points]);
  const snakeText = typeof snakeAxes === "boolean" ? snakeAxes : snakeAxes.map(deviceText);
  const md = withMetadata(
    {
      shape: pairs.map(([, points]) => points.length),
      extents: pairs.map(([, points]) => extent(points)),
      snake_axes: snakeText,
      plan_args: { detectors: detectors.map(deviceText), args: texts, per_step: functionText(options.perStep) },
      plan_name: "list_grid_scan",
      plan_pattern: "outer_list_product",
      plan_pattern_args: { args: texts, snake_axes: snakeText },
      plan_pattern_module: "bluesky.plan_patterns",
      motors: motors.map((motor) => motor.name),
    },
    options.md,
    motorDimensions(motors),
  );
  return yield* scanNd(detectors, outerListProduct<AnyMotor>(pairs, snakeAxes as boolean | readonly AnyMotor[]), {
    ...options,
    md,
  });
}

function extent(points: readonly unknown[]): [unknown, unknown] {
  const sorted = points.filter((point) => typeof point === "number").sort((a, b) => a - b);
  return sorted.length === points.length ? [sorted[0], sorted.at(-1)] : [points[0], points.at(-1)];
}

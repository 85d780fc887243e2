/** Scans of two motors along spirals. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { type AnyMotor, checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkNum, checkNumbers, checkPositive } from "../arguments/valueArguments";
import { spiralFermatPattern, spiralPattern, spiralSquarePattern } from "../patterns/spirals";
import { plan } from "../plan";
import type { PlanMetadata } from "../stubs/runStubs";
import { deviceText, documentedName, functionText, motorDimensions, withMetadata } from "./planMetadata";
import { relativeToStart } from "./relativeToStart";
import { type ScanOptions, scanNd } from "./scanNd";

type Motor = ReadableMotor<number>;

/** Options of spirals, the last argument. */
export interface SpiralOptions extends ScanOptions {
  /** Distance between rings along y, in the motor's unit; default `dr`. */
  readonly drY?: number | null;
  /** Angle by which the area is tilted, in radians; default 0. */
  readonly tilt?: number;
}

/** Size and density of rings; lengths in the units of the motors. */
export type RingSpiralArgs = [
  xRange: number,
  yRange: number,
  /** Distance between rings along x. */
  dr: number,
  /** How many more points each ring has than the one inside it. */
  nth: number,
  options?: SpiralOptions | undefined,
];
/** Size and density of a Fermat spiral; lengths in the units of the motors. */
export type FermatSpiralArgs = [
  xRange: number,
  yRange: number,
  /** The scale of the radius. */
  dr: number,
  /** Divides the radius. */
  factor: number,
  options?: SpiralOptions | undefined,
];
/** Size and numbers of points of a square spiral; lengths in the units of the motors. */
export type SquareSpiralArgs = [
  xRange: number,
  yRange: number,
  xNum: number,
  yNum: number,
  options?: ScanOptions | undefined,
];

/** What every kind of spiral needs besides its shape. */
interface SpiralPlace {
  readonly detectors: readonly Readable[];
  readonly xMotor: Motor;
  readonly yMotor: Motor;
  /** The centre, in the units of the motors. */
  readonly x: number;
  readonly y: number;
}

/** Measures along a spiral under the name of a plan. */
type SpiralRun<S extends readonly unknown[]> = (name: string, place: SpiralPlace, shape: S) => Plan<string>;

/**
 * Measures on rings around a centre at a distance of `dr`, each with `nth` more points.
 * @returns the run's uid
 */
export const spiral = plan(
  "spiral",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xStart: number,
    yStart: number,
    ...shape: RingSpiralArgs
  ): Plan<string> {
    return yield* ringSpiral("spiral", { detectors, xMotor, yMotor, x: xStart, y: yStart }, shape);
  },
);

/** Measures along a Fermat spiral, in which each point has the same area around it. @returns the run's uid */
export const spiralFermat = plan(
  "spiralFermat",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xStart: number,
    yStart: number,
    ...shape: FermatSpiralArgs
  ): Plan<string> {
    return yield* fermatSpiral("spiralFermat", { detectors, xMotor, yMotor, x: xStart, y: yStart }, shape);
  },
);

/** Measures the points of a rectilinear grid from its middle outwards. @returns the run's uid */
export const spiralSquare = plan(
  "spiralSquare",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xCenter: number,
    yCenter: number,
    ...shape: SquareSpiralArgs
  ): Plan<string> {
    return yield* squareSpiral("spiralSquare", { detectors, xMotor, yMotor, x: xCenter, y: yCenter }, shape);
  },
);

/** `spiral` around where the motors are. It moves them back there at its end. */
export const relSpiral = relativeSpiralOf("relSpiral", ringSpiral);

/** `spiralFermat` around where the motors are. It moves them back there at its end. */
export const relSpiralFermat = relativeSpiralOf("relSpiralFermat", fermatSpiral);

/** `spiralSquare` around where the motors are. It moves them back there at its end. */
export const relSpiralSquare = relativeSpiralOf("relSpiralSquare", squareSpiral);

/** The form of a spiral whose centre is where the motors are. */
function relativeSpiralOf<S extends readonly unknown[]>(name: string, run: SpiralRun<S>) {
  return plan(
    name,
    function* (detectors: readonly Readable[], xMotor: Motor, yMotor: Motor, ...shape: S): Plan<string> {
      const inner = run(name, { detectors, xMotor, yMotor, x: 0, y: 0 }, shape);
      return yield* relativeToStart([xMotor, yMotor], inner);
    },
  );
}

function* ringSpiral(name: string, place: SpiralPlace, shape: RingSpiralArgs): Plan<string> {
  const { detectors, xMotor, yMotor, x: xStart, y: yStart } = place;
  const [xRange, yRange, dr, nth, options = {}] = shape;
  checkDevices(name, place);
  checkNumbers(name, { xStart, yStart });
  checkPositive(name, { xRange, yRange, dr, nth });
  const { drY = null, tilt = 0 } = options;
  const trajectory = spiralPattern<AnyMotor>({ xMotor, yMotor, xStart, yStart, xRange, yRange, dr, nth, drY, tilt });
  checkPoints(name, trajectory);
  const args = { x_start: xStart, y_start: yStart, x_range: xRange, y_range: yRange, dr, nth, dr_y: drY, tilt };
  const md = spiralMetadata(name, "spiral", place, args, options);
  return yield* scanNd(detectors, trajectory, { ...options, md });
}

function* fermatSpiral(name: string, place: SpiralPlace, shape: FermatSpiralArgs): Plan<string> {
  const { detectors, xMotor, yMotor, x: xStart, y: yStart } = place;
  const [xRange, yRange, dr, factor, options = {}] = shape;
  checkDevices(name, place);
  checkNumbers(name, { xStart, yStart });
  checkPositive(name, { xRange, yRange, dr, factor });
  const { drY = null, tilt = 0 } = options;
  const pattern = { xMotor, yMotor, xStart, yStart, xRange, yRange, dr, factor, drY, tilt };
  const trajectory = spiralFermatPattern<AnyMotor>(pattern);
  checkPoints(name, trajectory);
  const args = { x_start: xStart, y_start: yStart, x_range: xRange, y_range: yRange, dr, factor, dr_y: drY, tilt };
  const md = spiralMetadata(name, "spiral_fermat", place, args, options);
  return yield* scanNd(detectors, trajectory, { ...options, md });
}

function* squareSpiral(name: string, place: SpiralPlace, shape: SquareSpiralArgs): Plan<string> {
  const { detectors, xMotor, yMotor, x: xCenter, y: yCenter } = place;
  const [xRange, yRange, xNum, yNum, options = {}] = shape;
  checkDevices(name, place);
  checkNumbers(name, { xCenter, yCenter });
  checkPositive(name, { xRange, yRange });
  checkNum(name, xNum);
  checkNum(name, yNum);
  const trajectory = spiralSquarePattern<AnyMotor>({ xMotor, yMotor, xCenter, yCenter, xRange, yRange, xNum, yNum });
  const args = { x_center: xCenter, y_center: yCenter, x_range: xRange, y_range: yRange, x_num: xNum, y_num: yNum };
  const motors = { x_motor: deviceText(xMotor), y_motor: deviceText(yMotor) };
  const md = withMetadata(
    {
      plan_args: { detectors: detectors.map(deviceText), ...motors, ...args, per_step: functionText(options.perStep) },
      plan_name: documentedName(name),
      plan_pattern: "spiral_square",
      shape: [yNum, xNum],
      extents: [
        [yCenter - yRange / 2, yCenter + yRange / 2],
        [xCenter - xRange / 2, xCenter + xRange / 2],
      ],
    },
    options.md,
    { gridding: "rectilinear_nonsequential", ...motorDimensions([yMotor, xMotor]) },
  );
  return yield* scanNd(detectors, trajectory, { ...options, md });
}

function checkDevices(name: string, { detectors, xMotor, yMotor }: SpiralPlace): void {
  checkDetectors(name, detectors);
  for (const [i, motor] of [xMotor, yMotor].entries()) {
    checkMotor(name, i + 2, motor, `${name}([detector], xMotor, yMotor, ...)`);
  }
}

function checkPoints(name: string, { length }: { readonly length: number }): void {
  if (length === 0) throw new UsageError(`${name}: no point is within the range: make it larger, or dr smaller`);
}

function spiralMetadata(
  name: string,
  pattern: string,
  { detectors, xMotor, yMotor, x, y }: SpiralPlace,
  args: Readonly<Record<string, number | null>> & { readonly x_range: number; readonly y_range: number },
  options: ScanOptions,
): PlanMetadata {
  const { x_range: dx, y_range: dy } = args;
  const motors = { x_motor: deviceText(xMotor), y_motor: deviceText(yMotor) };
  return withMetadata(
    {
      plan_args: { detectors: detectors.map(deviceText), ...motors, ...args, per_step: functionText(options.perStep) },
      extents: [
        [x - dx, x + dx],
        [y - dy, y + dy],
      ],
      plan_name: documentedName(name),
      plan_pattern: pattern,
      plan_pattern_module: "bluesky.plan_patterns",
      plan_pattern_args: { ...args, ...motors },
    },
    options.md,
    motorDimensions([xMotor, yMotor]),
  );
}

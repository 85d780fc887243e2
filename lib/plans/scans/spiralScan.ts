/** Scans of two motors along spirals. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { type AnyMotor, checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkGiven, namedArguments } from "../arguments/namedArguments";
import { checkNum, checkNumbers, checkPositive } from "../arguments/valueArguments";
import { spiralFermatPattern, spiralPattern, spiralSquarePattern } from "../patterns/spirals";
import { plan } from "../plan";
import type { PlanMetadata } from "../stubs/runStubs";
import { checkPositions, type Ranges } from "./checkPositions";
import { deviceText, documentedName, functionInPlanArgs, motorDimensions, withMetadata } from "./planMetadata";
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

/** The area of a spiral, in the units of the motors. */
interface SpiralArea {
  readonly xRange: number;
  readonly yRange: number;
}

/** The size and density of rings, by name; lengths in the units of the motors. */
export interface RingSpiral extends SpiralArea, SpiralOptions {
  /** Distance between rings along x. */
  readonly dr: number;
  /** How many more points each ring has than the one inside it. */
  readonly nth: number;
}

/** The size and density of a Fermat spiral, by name; lengths in the units of the motors. */
export interface FermatSpiral extends SpiralArea, SpiralOptions {
  /** The scale of the radius. */
  readonly dr: number;
  /** Divides the radius. */
  readonly factor: number;
}

/** The size and numbers of points of a square spiral, by name; lengths in the units of the motors. */
export interface SquareSpiral extends SpiralArea, ScanOptions {
  readonly xNum: number;
  readonly yNum: number;
}

interface SpiralMotors {
  readonly xMotor: Motor;
  readonly yMotor: Motor;
}

/** The centre of a spiral, by name, in the units of the motors. */
export interface SpiralStart {
  readonly xStart: number;
  readonly yStart: number;
}

/** The centre of a square spiral, by name, in the units of the motors. */
export interface SpiralCenter {
  readonly xCenter: number;
  readonly yCenter: number;
}

/** The last two arguments of a spiral, of which the first may be followed by options. */
type Shape<Last, Options> = [
  xRange: number,
  yRange: number,
  spacing: number,
  last: number | (Options & Last),
  options?: Options | undefined,
];

/**
 * A spiral around a given place: by position, or from the centre on by name (`Place`), or all by name. `Size`
 * is the names of its size.
 */
export interface SpiralScan<Place, Size, Last, Options> {
  (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    x: number,
    y: number,
    ...shape: Shape<Last, Options>
  ): Plan<string>;
  (detectors: readonly Readable[], xMotor: Motor, yMotor: Motor, options: Place & Size): Plan<string>;
  (detectors: readonly Readable[], options: SpiralMotors & Place & Size): Plan<string>;
}

/** A spiral around where the motors are: by position, or from the size on by name, or all by name. */
export interface RelativeSpiral<Size, Last, Options> {
  (detectors: readonly Readable[], xMotor: Motor, yMotor: Motor, ...shape: Shape<Last, Options>): Plan<string>;
  (detectors: readonly Readable[], xMotor: Motor, yMotor: Motor, options: Size): Plan<string>;
  (detectors: readonly Readable[], options: SpiralMotors & Size): Plan<string>;
}

/** The arguments that every kind of spiral needs besides its shape. */
interface SpiralPlace extends SpiralMotors {
  readonly detectors: readonly Readable[];
  /** The centre, in the units of the motors. */
  readonly x: number;
  readonly y: number;
}

/** A kind of spiral: the names of its arguments in their order, and what measures along it. */
interface SpiralKind<S> {
  readonly center: readonly [x: string, y: string];
  readonly shape: readonly (keyof S & string)[];
  readonly options: readonly (keyof S & string)[];
  readonly run: (name: string, place: SpiralPlace, shape: S) => Plan<string>;
}

const RING_OPTIONS = ["drY", "tilt", "perStep", "md"] as const;
const RINGS: SpiralKind<RingSpiral> = {
  center: ["xStart", "yStart"],
  shape: ["xRange", "yRange", "dr", "nth"],
  options: RING_OPTIONS,
  run: ringSpiral,
};
const FERMAT: SpiralKind<FermatSpiral> = {
  center: ["xStart", "yStart"],
  shape: ["xRange", "yRange", "dr", "factor"],
  options: RING_OPTIONS,
  run: fermatSpiral,
};
const SQUARE: SpiralKind<SquareSpiral> = {
  center: ["xCenter", "yCenter"],
  shape: ["xRange", "yRange", "xNum", "yNum"],
  options: ["perStep", "md"],
  run: squareSpiral,
};

/**
 * Measures on rings around a centre at a distance of `dr`, each with `nth` more points:
 * `spiral([det], x, y, { xStart, yStart, xRange, yRange, dr, nth })`, or these by position.
 * @returns the run's uid
 */
export const spiral = spiralOf("spiral", RINGS) as SpiralScan<
  SpiralStart,
  RingSpiral,
  Pick<RingSpiral, "nth">,
  SpiralOptions
>;

/** Measures along a Fermat spiral, in which each point has the same area around it. @returns the run's uid */
export const spiralFermat = spiralOf("spiralFermat", FERMAT) as SpiralScan<
  SpiralStart,
  FermatSpiral,
  Pick<FermatSpiral, "factor">,
  SpiralOptions
>;

/** Measures the points of a rectilinear grid from its middle outwards. @returns the run's uid */
export const spiralSquare = spiralOf("spiralSquare", SQUARE) as SpiralScan<
  SpiralCenter,
  SquareSpiral,
  Pick<SquareSpiral, "yNum">,
  ScanOptions
>;

/** `spiral` around where the motors are. It moves them back there at its end. */
export const relSpiral = relativeSpiralOf("relSpiral", RINGS) as RelativeSpiral<
  RingSpiral,
  Pick<RingSpiral, "nth">,
  SpiralOptions
>;

/** `spiralFermat` around where the motors are. It moves them back there at its end. */
export const relSpiralFermat = relativeSpiralOf("relSpiralFermat", FERMAT) as RelativeSpiral<
  FermatSpiral,
  Pick<FermatSpiral, "factor">,
  SpiralOptions
>;

/** `spiralSquare` around where the motors are. It moves them back there at its end. */
export const relSpiralSquare = relativeSpiralOf("relSpiralSquare", SQUARE) as RelativeSpiral<
  SquareSpiral,
  Pick<SquareSpiral, "yNum">,
  ScanOptions
>;

/** The form of a spiral around a given place. */
function spiralOf<S extends SpiralArea>(name: string, kind: SpiralKind<S>) {
  return plan(name, function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    const { place, shape } = readSpiralArgs(name, kind, detectors, args, kind.center);
    yield* checkPositions(rangesOf(place, shape));
    return yield* kind.run(name, place, shape);
  });
}

/** The form of a spiral whose centre is where the motors are. */
function relativeSpiralOf<S extends SpiralArea>(name: string, kind: SpiralKind<S>) {
  return plan(name, function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    const { place, shape } = readSpiralArgs(name, kind, detectors, args, []);
    return yield* relativeToStart(rangesOf(place, shape), kind.run(name, place, shape));
  });
}

/** The corners of the area. */
const rangesOf = ({ xMotor, yMotor, x, y }: SpiralPlace, { xRange, yRange }: SpiralArea): Ranges => [
  [xMotor, [x - xRange / 2, x + xRange / 2]],
  [yMotor, [y - yRange / 2, y + yRange / 2]],
];

function readSpiralArgs<S extends SpiralArea>(
  name: string,
  kind: SpiralKind<S>,
  detectors: readonly Readable[],
  given: readonly unknown[],
  center: readonly string[],
): { readonly place: SpiralPlace; readonly shape: S } {
  const positions = ["xMotor", "yMotor", ...center, ...kind.shape];
  const names = Object.fromEntries([...positions, ...kind.options].map((key) => [key, true as const]));
  const args = namedArguments<Record<string, unknown>>(name, given, positions, names);
  const { xMotor, yMotor, [center[0] ?? ""]: x = 0, [center[1] ?? ""]: y = 0 } = args;
  // `checkDevices` and `checkNumbers` say what the arguments are.
  const place = { detectors, xMotor, yMotor, x, y } as SpiralPlace;
  checkDevices(name, place);
  checkGiven(name, args, positions.slice(0, 2 + center.length), `${name}([detector], ${positions.join(", ")})`);
  const [xName = "xStart", yName = "yStart"] = center;
  checkNumbers(name, { [xName]: x, [yName]: y });
  for (const key of kind.shape) checkNumbers(name, { [key]: args[key] });
  // The arguments were checked one by one above.
  return { place, shape: args as unknown as S };
}

function* ringSpiral(name: string, place: SpiralPlace, shape: RingSpiral): Plan<string> {
  const { detectors, xMotor, yMotor, x: xStart, y: yStart } = place;
  const { xRange, yRange, dr, nth, drY = null, tilt = 0, ...options } = shape;
  checkPositive(name, { xRange, yRange, dr, nth });
  const trajectory = spiralPattern<AnyMotor>({ xMotor, yMotor, xStart, yStart, xRange, yRange, dr, nth, drY, tilt });
  checkPoints(name, trajectory);
  const args = { x_start: xStart, y_start: yStart, x_range: xRange, y_range: yRange, dr, nth, dr_y: drY, tilt };
  const md = spiralMetadata(name, "spiral", place, args, options);
  return yield* scanNd(detectors, trajectory, { ...perStepOf(options), md });
}

function* fermatSpiral(name: string, place: SpiralPlace, shape: FermatSpiral): Plan<string> {
  const { detectors, xMotor, yMotor, x: xStart, y: yStart } = place;
  const { xRange, yRange, dr, factor, drY = null, tilt = 0, ...options } = shape;
  checkPositive(name, { xRange, yRange, dr, factor });
  const pattern = { xMotor, yMotor, xStart, yStart, xRange, yRange, dr, factor, drY, tilt };
  const trajectory = spiralFermatPattern<AnyMotor>(pattern);
  checkPoints(name, trajectory);
  const args = { x_start: xStart, y_start: yStart, x_range: xRange, y_range: yRange, dr, factor, dr_y: drY, tilt };
  const md = spiralMetadata(name, "spiral_fermat", place, args, options);
  return yield* scanNd(detectors, trajectory, { ...perStepOf(options), md });
}

function* squareSpiral(name: string, place: SpiralPlace, shape: SquareSpiral): Plan<string> {
  const { detectors, xMotor, yMotor, x: xCenter, y: yCenter } = place;
  const { xRange, yRange, xNum, yNum, ...options } = shape;
  checkPositive(name, { xRange, yRange });
  checkNum(name, xNum);
  checkNum(name, yNum);
  const trajectory = spiralSquarePattern<AnyMotor>({ xMotor, yMotor, xCenter, yCenter, xRange, yRange, xNum, yNum });
  const args = { x_center: xCenter, y_center: yCenter, x_range: xRange, y_range: yRange, x_num: xNum, y_num: yNum };
  const md = withMetadata(
    {
      plan_args: spiralPlanArgs(place, args, options),
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
  return yield* scanNd(detectors, trajectory, { ...perStepOf(options), md });
}

/** `md` of the user is in that of the plan already. */
const perStepOf = ({ perStep }: ScanOptions): ScanOptions => (perStep ? { perStep } : {});

function checkDevices(name: string, { detectors, xMotor, yMotor }: SpiralPlace): void {
  checkDetectors(name, detectors);
  for (const [i, motor] of [xMotor, yMotor].entries()) {
    checkMotor(name, i + 2, motor, `${name}([detector], xMotor, yMotor, ...)`);
  }
}

function checkPoints(name: string, { length }: { readonly length: number }): void {
  if (length === 0) throw new UsageError(`${name}: no point is within the range: make it larger, or dr smaller`);
}

const motorTexts = ({ xMotor, yMotor }: SpiralPlace) => ({ x_motor: deviceText(xMotor), y_motor: deviceText(yMotor) });

/** The arguments of a spiral as bluesky writes them into start documents. */
const spiralPlanArgs = (place: SpiralPlace, shape: Readonly<Record<string, number | null>>, options: ScanOptions) => ({
  detectors: place.detectors.map(deviceText),
  ...motorTexts(place),
  ...shape,
  per_step: functionInPlanArgs(options.perStep),
});

function spiralMetadata(
  name: string,
  pattern: string,
  place: SpiralPlace,
  args: Readonly<Record<string, number | null>> & { readonly x_range: number; readonly y_range: number },
  options: ScanOptions,
): PlanMetadata {
  const { xMotor, yMotor, x, y } = place;
  const { x_range: dx, y_range: dy } = args;
  return withMetadata(
    {
      plan_args: spiralPlanArgs(place, args, options),
      extents: [
        [x - dx, x + dx],
        [y - dy, y + dy],
      ],
      plan_name: documentedName(name),
      plan_pattern: pattern,
      plan_pattern_module: "bluesky.plan_patterns",
      plan_pattern_args: { ...args, ...motorTexts(place) },
    },
    options.md,
    motorDimensions([xMotor, yMotor]),
  );
}

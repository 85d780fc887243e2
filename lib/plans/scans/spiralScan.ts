/** Scans of two motors along spirals. */
import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { spiralFermat as fermatPattern, spiral as ringPattern, spiralSquarePattern } from "../patterns/spirals";
import { plan } from "../plan";
import type { ReadableMotor } from "../stubs/pointStubs";
import { around } from "./around";
import { checkDetectors, checkMotor, checkNum, checkNumbers, checkPositive } from "./planArguments";
import { deviceText, functionText, motorDimensions, renamed, withMetadata } from "./planMetadata";
import { type AnyMotor, type ScanOptions, scanNd } from "./scanNd";

type Motor = ReadableMotor<number>;

/** Options of spirals, the last argument. */
export interface SpiralOptions extends ScanOptions {
  /** Distance of rings along y; default dr. */
  readonly drY?: number | null;
  /** Radians; default 0. */
  readonly tilt?: number;
}

/** Size and density of rings. */
export type RingSpiralArgs = [
  xRange: number,
  yRange: number,
  /** Distance of rings. */
  dr: number,
  /** How many more points each ring has. */
  nth: number,
  options?: SpiralOptions | undefined,
];
/** Size and density of a Fermat spiral. */
export type FermatSpiralArgs = [
  xRange: number,
  yRange: number,
  dr: number,
  /** Divides the radius. */
  factor: number,
  options?: SpiralOptions | undefined,
];
/** Size and density of a square spiral. */
export type SquareSpiralArgs = [
  xRange: number,
  yRange: number,
  xNum: number,
  yNum: number,
  options?: ScanOptions | undefined,
];

/** Rings around a start at distance `dr`, `nth` more points on each. @returns the run's uid */
export const spiral = plan(
  "spiral",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xStart: number,
    yStart: number,
    ...[xRange, yRange, dr, nth, options = {}]: RingSpiralArgs
  ): Plan<string> {
    checkDetectors("spiral", detectors);
    checkMotors("spiral", xMotor, yMotor);
    checkNumbers("spiral", { xStart, yStart });
    checkPositive("spiral", { xRange, yRange, dr, nth });
    const { drY = null, tilt = 0 } = options;
    const trajectory = ringPattern<AnyMotor>({ xMotor, yMotor, xStart, yStart, xRange, yRange, dr, nth, drY, tilt });
    checkPoints("spiral", trajectory);
    const args = { x_start: xStart, y_start: yStart, x_range: xRange, y_range: yRange, dr, nth, dr_y: drY, tilt };
    const md = spiralMetadata("spiral", detectors, xMotor, yMotor, args, options);
    return yield* scanNd(detectors, trajectory, { ...options, md });
  },
);

/** A Fermat spiral around a start: equal area per point. @returns the run's uid */
export const spiralFermat = plan(
  "spiralFermat",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xStart: number,
    yStart: number,
    ...[xRange, yRange, dr, factor, options = {}]: FermatSpiralArgs
  ): Plan<string> {
    checkDetectors("spiralFermat", detectors);
    checkMotors("spiralFermat", xMotor, yMotor);
    checkNumbers("spiralFermat", { xStart, yStart });
    checkPositive("spiralFermat", { xRange, yRange, dr, factor });
    const { drY = null, tilt = 0 } = options;
    const trajectory = fermatPattern<AnyMotor>({
      xMotor,
      yMotor,
      xStart,
      yStart,
      xRange,
      yRange,
      dr,
      factor,
      drY,
      tilt,
    });
    checkPoints("spiralFermat", trajectory);
    const args = { x_start: xStart, y_start: yStart, x_range: xRange, y_range: yRange, dr, factor, dr_y: drY, tilt };
    const md = spiralMetadata("spiral_fermat", detectors, xMotor, yMotor, args, options);
    return yield* scanNd(detectors, trajectory, { ...options, md });
  },
);

/** The points of a grid from its middle outwards. @returns the run's uid */
export const spiralSquare = plan(
  "spiralSquare",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xCenter: number,
    yCenter: number,
    ...[xRange, yRange, xNum, yNum, options = {}]: SquareSpiralArgs
  ): Plan<string> {
    checkDetectors("spiralSquare", detectors);
    checkMotors("spiralSquare", xMotor, yMotor);
    checkNumbers("spiralSquare", { xCenter, yCenter });
    checkPositive("spiralSquare", { xRange, yRange });
    checkNum("spiralSquare", xNum);
    checkNum("spiralSquare", yNum);
    const trajectory = spiralSquarePattern<AnyMotor>({ xMotor, yMotor, xCenter, yCenter, xRange, yRange, xNum, yNum });
    const md = withMetadata(
      {
        plan_args: {
          detectors: detectors.map(deviceText),
          x_motor: deviceText(xMotor),
          y_motor: deviceText(yMotor),
          x_center: xCenter,
          y_center: yCenter,
          x_range: xRange,
          y_range: yRange,
          x_num: xNum,
          y_num: yNum,
          per_step: functionText(options.perStep),
        },
        plan_name: "spiral_square",
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
  },
);

/** `spiral` around where the motors are; they go back there at the end. */
export const relSpiral = relative("relSpiral", "rel_spiral", (detectors, x, y, ...shape: RingSpiralArgs) =>
  spiral(detectors, x, y, 0, 0, ...shape),
);

/** `spiralFermat` around where the motors are; they go back there at the end. */
export const relSpiralFermat = relative(
  "relSpiralFermat",
  "rel_spiral_fermat",
  (detectors, x, y, ...shape: FermatSpiralArgs) => spiralFermat(detectors, x, y, 0, 0, ...shape),
);

/** `spiralSquare` around where the motors are; they go back there at the end. */
export const relSpiralSquare = relative(
  "relSpiralSquare",
  "rel_spiral_square",
  (detectors, x, y, ...shape: SquareSpiralArgs) => spiralSquare(detectors, x, y, 0, 0, ...shape),
);

function relative<S extends RingSpiralArgs | FermatSpiralArgs | SquareSpiralArgs>(
  name: string,
  planName: string,
  atOrigin: (detectors: readonly Readable[], xMotor: Motor, yMotor: Motor, ...shape: S) => Plan<string>,
) {
  return plan(
    name,
    function* (detectors: readonly Readable[], xMotor: Motor, yMotor: Motor, ...shape: S): Plan<string> {
      const [xRange, yRange, width, density, options = {}] = shape;
      const named = [xRange, yRange, width, density, renamed(planName, options)] as unknown as S;
      return yield* around([xMotor, yMotor], atOrigin(detectors, xMotor, yMotor, ...named));
    },
  );
}

const checkMotors = (name: string, ...motors: readonly unknown[]) => {
  for (const [i, motor] of motors.entries()) checkMotor(name, i + 2, motor, `${name}([detector], xMotor, yMotor, ...)`);
};

function checkPoints(name: string, { length }: { readonly length: number }): void {
  if (length === 0) throw new UsageError(`${name}: no point is within the range: make it larger, or dr smaller`);
}

function spiralMetadata(
  name: string,
  detectors: readonly Readable[],
  xMotor: Motor,
  yMotor: Motor,
  args: Readonly<Record<string, number | null>>,
  options: ScanOptions,
) {
  const { x_start: x = 0, y_start: y = 0, x_range: dx = 0, y_range: dy = 0 } = args as Record<string, number>;
  const motors = { x_motor: deviceText(xMotor), y_motor: deviceText(yMotor) };
  return withMetadata(
    {
      plan_args: { detectors: detectors.map(deviceText), ...motors, ...args, per_step: functionText(options.perStep) },
      extents: [
        [x - dx, x + dx],
        [y - dy, y + dy],
      ],
      plan_name: name,
      plan_pattern: name,
      plan_pattern_module: "bluesky.plan_patterns",
      plan_pattern_args: { ...args, ...motors },
    },
    options.md,
    motorDimensions([xMotor, yMotor]),
  );
}

/** Scans of two motors along spirals. */
import type { Plan } from "../../core/msg";
import type { Readable } from "../../core/protocols";
import { plan } from "../plan";
import { relativeSetWrapper, resetPositionsWrapper } from "../preprocessors/relativeWrappers";
import { spiralFermat as fermatPattern, spiral as ringPattern, spiralSquarePattern } from "../spirals";
import type { ReadableMotor } from "../stubs/pointStubs";
import { checkDetectors, deviceText, functionText, motorDimensions, withMetadata } from "./planMetadata";
import { type AnyMotor, type ScanOptions, scanNd } from "./scanNd";

type Motor = ReadableMotor<number>;

/** Options of spirals, the last argument. */
export interface SpiralOptions extends ScanOptions {
  /** Distance of rings along y; default dr. */
  readonly drY?: number | null;
  /** Radians; default 0. */
  readonly tilt?: number;
}

/** Rings around a start at distance `dr`, `nth` more points on each. @returns the run's uid */
export const spiral = plan(
  "spiral",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xStart: number,
    yStart: number,
    xRange: number,
    yRange: number,
    dr: number,
    nth: number,
    options: SpiralOptions = {},
  ): Plan<string> {
    checkDetectors("spiral", detectors);
    const { drY = null, tilt = 0 } = options;
    const trajectory = ringPattern<AnyMotor>({ xMotor, yMotor, xStart, yStart, xRange, yRange, dr, nth, drY, tilt });
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
    xRange: number,
    yRange: number,
    dr: number,
    factor: number,
    options: SpiralOptions = {},
  ): Plan<string> {
    checkDetectors("spiralFermat", detectors);
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
    xRange: number,
    yRange: number,
    xNum: number,
    yNum: number,
    options: ScanOptions = {},
  ): Plan<string> {
    checkDetectors("spiralSquare", detectors);
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
export const relSpiral = plan(
  "relSpiral",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xRange: number,
    yRange: number,
    dr: number,
    nth: number,
    options: SpiralOptions = {},
  ): Plan<string> {
    const md = { plan_name: "rel_spiral", ...options.md };
    return yield* around(
      [xMotor, yMotor],
      spiral(detectors, xMotor, yMotor, 0, 0, xRange, yRange, dr, nth, { ...options, md }),
    );
  },
);

/** `spiralFermat` around where the motors are; they go back there at the end. */
export const relSpiralFermat = plan(
  "relSpiralFermat",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xRange: number,
    yRange: number,
    dr: number,
    factor: number,
    options: SpiralOptions = {},
  ): Plan<string> {
    const md = { plan_name: "rel_spiral_fermat", ...options.md };
    return yield* around(
      [xMotor, yMotor],
      spiralFermat(detectors, xMotor, yMotor, 0, 0, xRange, yRange, dr, factor, { ...options, md }),
    );
  },
);

/** `spiralSquare` around where the motors are; they go back there at the end. */
export const relSpiralSquare = plan(
  "relSpiralSquare",
  function* (
    detectors: readonly Readable[],
    xMotor: Motor,
    yMotor: Motor,
    xRange: number,
    yRange: number,
    xNum: number,
    yNum: number,
    options: ScanOptions = {},
  ): Plan<string> {
    const md = { plan_name: "rel_spiral_square", ...options.md };
    return yield* around(
      [xMotor, yMotor],
      spiralSquare(detectors, xMotor, yMotor, 0, 0, xRange, yRange, xNum, yNum, { ...options, md }),
    );
  },
);

function around(motors: readonly Motor[], inner: Plan<string>): Plan<string> {
  return resetPositionsWrapper(relativeSetWrapper(inner, motors), motors);
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

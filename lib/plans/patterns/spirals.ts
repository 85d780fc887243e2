/** Trajectories of two motors along spirals. */

import { Cycler } from "./cycler";

/** Motors, centre, extent and density of a spiral; lengths in the motors' units. */
export interface SpiralShape<M extends object = object> {
  readonly xMotor: M;
  readonly yMotor: M;
  /** The centre along x. */
  readonly xStart: number;
  /** The centre along y. */
  readonly yStart: number;
  /** Full width of the area that is kept. */
  readonly xRange: number;
  /** Full height of the area that is kept. */
  readonly yRange: number;
  /** Distance between rings along x. */
  readonly dr: number;
  /** Distance between rings along y; default `dr`. */
  readonly drY?: number | null | undefined;
  /** Angle by which the area is tilted, in radians; default 0. */
  readonly tilt?: number | undefined;
}

/** Collects points in a plane. */
class PlanePoints {
  readonly x: number[] = [];
  readonly y: number[] = [];

  add(x: number, y: number): void {
    this.x.push(x);
    this.y.push(y);
  }

  along<M extends object>(xMotor: M, yMotor: M): Cycler<M> {
    return new Cycler(
      new Map([
        [xMotor, this.x],
        [yMotor, this.y],
      ]),
    );
  }
}

/** Rings at distance `dr`, each with `nth` more points than the one inside it. */
export function spiralPattern<M extends object>(shape: SpiralShape<M> & { readonly nth: number }): Cycler<M> {
  const { dr, nth, drY, tilt = 0 } = shape;
  const aspect = drY ? drY / dr : 1;
  const halfX = shape.xRange / 2;
  const halfY = shape.yRange / (2 * aspect);
  const rings = 1 + Math.trunc(Math.hypot(halfX, halfY) / dr);
  const tiltTan = Math.tan(tilt + Math.PI / 2);
  const points = new PlanePoints();
  for (let ring = 1; ring < rings + 2; ring += 1) {
    const radius = ring * dr;
    const angleStep = (2 * Math.PI) / (ring * nth);
    for (let i = 0; i < Math.trunc(ring * nth); i += 1) {
      const x = radius * Math.cos(i * angleStep);
      const y = radius * Math.sin(i * angleStep) * aspect;
      if (Math.abs(x - y / aspect / tiltTan) <= halfX && Math.abs(y / aspect) <= halfY) {
        points.add(shape.xStart + x, shape.yStart + y);
      }
    }
  }
  return points.along(shape.xMotor, shape.yMotor);
}

/** A Fermat spiral, in which each point has the same area around it; `factor` divides the radius. */
export function spiralFermatPattern<M extends object>(shape: SpiralShape<M> & { readonly factor: number }): Cycler<M> {
  const { dr, factor, drY, tilt = 0 } = shape;
  const aspect = drY ? drY / dr : 1;
  const phi = (137.508 * Math.PI) / 180;
  const halfX = shape.xRange / 2;
  const halfY = shape.yRange / (2 * aspect);
  const tiltTan = Math.tan(tilt + Math.PI / 2);
  const rings = Math.trunc(((1.5 * Math.hypot(halfX, halfY)) / (dr / factor)) ** 2);
  const points = new PlanePoints();
  for (let ring = 1; ring < rings; ring += 1) {
    const radius = (Math.sqrt(ring) * dr) / factor;
    const x = radius * Math.cos(phi * ring);
    const y = radius * Math.sin(phi * ring) * aspect;
    if (Math.abs(x - y / aspect / tiltTan) <= halfX && Math.abs(y) <= halfY) {
      points.add(shape.xStart + x, shape.yStart + y);
    }
  }
  return points.along(shape.xMotor, shape.yMotor);
}

/** Motors, centre, size and numbers of points of a square spiral; lengths in the motors' units. */
export interface SquareSpiralShape<M extends object = object> {
  readonly xMotor: M;
  readonly yMotor: M;
  readonly xCenter: number;
  readonly yCenter: number;
  readonly xRange: number;
  readonly yRange: number;
  readonly xNum: number;
  readonly yNum: number;
}

/** The points of a rectilinear grid, visited from its middle outwards. */
export function spiralSquarePattern<M extends object>(shape: SquareSpiralShape<M>): Cycler<M> {
  const { xCenter, yCenter, xNum, yNum } = shape;
  const xOffset = xNum % 2 === 0 ? 0.5 : 0;
  const yOffset = yNum % 2 === 0 ? -0.5 : 0;
  const xDelta = shape.xRange / (xNum - 1);
  const yDelta = shape.yRange / (yNum - 1);
  const points = new PlanePoints();
  const add = (i: number, j: number) =>
    points.add(xCenter - xDelta * xOffset + xDelta * i, yCenter - yDelta * yOffset + yDelta * j);
  const wanted = xNum * yNum;
  const addX = (i: number, j: number) => {
    if (Math.abs(i - xOffset) < xNum / 2 && points.x.length < wanted) add(i, j);
  };
  const addY = (i: number, j: number) => {
    if (Math.abs(j - yOffset) < yNum / 2 && points.x.length < wanted) add(i, j);
  };
  add(0, 0);
  for (let ring = 2; ring <= Math.max(xNum, yNum); ring += 1) {
    const edge = ring - 1;
    if (Math.abs(edge - xOffset) <= xNum / 2) for (let n = ring - 2; n > -ring; n -= 1) addY(edge, n);
    if (Math.abs(-edge - yOffset) < yNum / 2) for (let n = ring - 2; n > -ring; n -= 1) addX(n, -edge);
    if (Math.abs(-edge - xOffset) < xNum / 2) for (let n = 2 - ring; n < ring; n += 1) addY(-edge, n);
    if (Math.abs(edge - yOffset) < yNum / 2) for (let n = 2 - ring; n < ring; n += 1) addX(n, edge);
  }
  return points.along(shape.xMotor, shape.yMotor);
}

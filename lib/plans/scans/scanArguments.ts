/** Reads the arguments of scans of any number of motors. */

import { UsageError } from "../../errors";
import type { OptionNames } from "../../options";
import { type AnyMotor, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { takeOptions } from "../arguments/namedArguments";
import { checkNum, givenText, isFiniteNumber } from "../arguments/valueArguments";
import type { ScanOptions } from "./scanNd";

/** Options of `scan` that replace the argument `num`. */
export interface NumScanOptions extends ScanOptions {
  /** Number of points. */
  readonly num: number;
}

/** The range of a scan of one motor, by name. */
export interface LineRange extends NumScanOptions {
  /** The first position, in the motor's unit. */
  readonly start: number;
  /** The last position, in the motor's unit. */
  readonly stop: number;
}

/** A scan of one motor, by name. */
export interface NamedLineScan extends LineRange {
  readonly motor: ReadableMotor<number>;
}

/** The positions of a scan of one motor, by name. */
export interface NamedListScan {
  readonly motor: AnyMotor;
  readonly points: Iterable<unknown>;
}

const LINE_NAMES: OptionNames<NamedLineScan> = {
  motor: true,
  start: true,
  stop: true,
  num: true,
  perStep: true,
  md: true,
};

/** The names of the options of all scans. */
export const SCAN_NAMES: OptionNames<ScanOptions> = { perStep: true, md: true };

/** The arguments of a scan along straight lines. */
export interface LineScanArgs {
  readonly axes: readonly { readonly motor: ReadableMotor<number>; readonly start: number; readonly stop: number }[];
  readonly num: number;
  readonly options: ScanOptions;
}

/** The arguments of a scan through lists of positions. */
export interface ListScanArgs<O = ScanOptions> {
  readonly pairs: readonly (readonly [motor: AnyMotor, points: readonly unknown[]])[];
  readonly options: O;
}

/** Reads `motor, start, stop, ..., num?, options?`; throws at the first argument that is wrong. */
export function readLineScanArgs(name: string, given: readonly unknown[]): LineScanArgs {
  const args = [...given];
  const { num: inOptions, motor: one, start: from, stop: to, ...options } = takeOptions(name, args, LINE_NAMES);
  const num = inOptions ?? (args.length % 3 === 1 && one === undefined ? args.pop() : undefined);
  if (one !== undefined) args.push(one);
  const usage = `${name}([detector], motor, start, stop, num)`;
  for (const [i, [key, value]] of [["start", from] as const, ["stop", to] as const].entries()) {
    if (value === undefined) continue;
    if (args.length % 3 !== i + 1) throw new UsageError(`${name}: ${key} is given twice, or without motor: ${usage}`);
    args.push(value);
  }
  if (num === undefined) throw new UsageError(`${name}: the number of points is missing: ${usage}`);
  checkNum(name, num);
  if (args.length === 0 || args.length % 3 !== 0) {
    throw new UsageError(`${name}: each motor needs a start and a stop: ${usage}`);
  }
  const axes: { motor: ReadableMotor<number>; start: number; stop: number }[] = [];
  for (let i = 0; i < args.length; i += 3) {
    const [motor, start, stop] = args.slice(i, i + 3) as [ReadableMotor<number>, unknown, unknown];
    checkMotor(name, i + 2, motor, usage);
    if (!isFiniteNumber(start) || !isFiniteNumber(stop)) {
      throw new UsageError(
        `${name}: ${motor.name} goes from a number to a number, not from ${givenText(start)} to ${givenText(stop)}`,
      );
    }
    axes.push({ motor, start, stop });
  }
  return { axes, num, options };
}

/** Reads `motor, points, motor, points, ..., options?`; throws at the first argument that is wrong. */
export function readListScanArgs<O extends object = ScanOptions>(
  name: string,
  given: readonly unknown[],
  names: OptionNames<O>,
): ListScanArgs<Partial<O>> {
  const args = [...given];
  const all = takeOptions<O & NamedListScan>(name, args, { ...names, motor: true, points: true } as never);
  const { motor: one, points: list, ...options } = all;
  if (one !== undefined) args.push(one);
  if (list !== undefined) args.push(list);
  const usage = `${name}([detector], motor, [1, 2, 3])`;
  if (args.length === 0 || args.length % 2 !== 0) {
    throw new UsageError(`${name}: each motor needs a list of positions: ${usage}`);
  }
  const pairs: [AnyMotor, unknown[]][] = [];
  for (let i = 0; i < args.length; i += 2) {
    const [motor, points] = args.slice(i, i + 2) as [ReadableMotor<number>, unknown];
    checkMotor(name, i + 2, motor, usage);
    if (!isIterable(points)) throw new UsageError(`${name}: ${motor.name} needs a list of positions: ${usage}`);
    const list = [...points];
    if (list.length === 0) throw new UsageError(`${name}: ${motor.name} needs a list of positions, not an empty one`);
    pairs.push([motor as AnyMotor, list]);
  }
  return { pairs, options: options as Partial<O> };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

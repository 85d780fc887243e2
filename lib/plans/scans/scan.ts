/** Scans along straight lines and through lists, all motors together. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { innerListProduct, innerProduct } from "../patterns/patterns";
import { plan } from "../plan";
import type { ReadableMotor } from "../stubs/pointStubs";
import { around } from "./around";
import { checkDetectors, checkMotor, checkNum, isFiniteNumber, isMotor } from "./planArguments";
import { deviceText, functionText, jointDimension, renamed, withMetadata } from "./planMetadata";
import { type AnyMotor, type ScanOptions, scanNd } from "./scanNd";

/** Options of `scan` in place of `num`. */
export interface NumScanOptions extends ScanOptions {
  /** Number of points. */
  readonly num: number;
}

export type Axis = [motor: ReadableMotor<number>, start: number, stop: number];
type Num = [num: number | NumScanOptions, options?: ScanOptions];

/**
 * `motor, start, stop, motor, start, stop, ..., num, options?`; `num` may be in the options instead.
 *
 * One signature for each number of motors, no union of them: so the compiler says which argument is wrong. The first is
 * written out: the compiler names a missing argument only then.
 */
export interface LineScan {
  (
    detectors: readonly Readable[],
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    num: number | NumScanOptions,
    options?: ScanOptions,
  ): Plan<string>;
  (detectors: readonly Readable[], ...args: [...axis: Axis, ...axis: Axis, ...num: Num]): Plan<string>;
  (detectors: readonly Readable[], ...args: [...axis: Axis, ...axis: Axis, ...axis: Axis, ...num: Num]): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...axis: Axis, ...axis: Axis, ...axis: Axis, ...axis: Axis, ...num: Num]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...axis: Axis, ...axis: Axis, ...axis: Axis, ...axis: Axis, ...axis: Axis, ...num: Num]
  ): Plan<string>;
}

/** Moves motors along lines from start to stop (both included) in `num` points: `scan([det], motor, 0, 10, 11)`. @returns the run's uid */
export const scan = plan("scan", function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
  checkDetectors("scan", detectors);
  return yield* scanLines(detectors, lines("scan", args));
}) as LineScan;

/** Like `scan`, with positions relative to where the motors are; they go back there at the end. */
export const relScan = plan(
  "relScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("relScan", detectors);
    const parsed = lines("relScan", args);
    return yield* relScanLines(detectors, { ...parsed, options: renamed("rel_scan", parsed.options) });
  },
) as LineScan;

/** What `lines` reads. */
export interface Lines {
  readonly axes: readonly { readonly motor: ReadableMotor<number>; readonly start: number; readonly stop: number }[];
  readonly num: number;
  readonly options: ScanOptions;
}

/** `scan` of arguments that are read. */
export function* scanLines(detectors: readonly Readable[], { axes, num, options }: Lines): Plan<string> {
  const motors = axes.map((axis) => axis.motor);
  const texts = axes.flatMap(({ motor, start, stop }) => [deviceText(motor), start, stop]);
  const md = withMetadata(
    {
      plan_args: { detectors: detectors.map(deviceText), num, args: texts, per_step: functionText(options.perStep) },
      plan_name: "scan",
      plan_pattern: "inner_product",
      plan_pattern_module: "bluesky.plan_patterns",
      plan_pattern_args: { num, args: texts },
      motors: motors.map((motor) => motor.name),
    },
    options.md,
    jointDimension(motors),
  );
  return yield* scanNd(detectors, innerProduct<AnyMotor>(num, axes), { ...options, md });
}

/** `relScan` of arguments that are read. */
export function relScanLines(detectors: readonly Readable[], parsed: Lines): Plan<string> {
  const motors = parsed.axes.map((axis) => axis.motor);
  return around(motors, scanLines(detectors, parsed));
}

/** Reads `motor, start, stop, ..., num?, options?`; throws what is wrong in one line. */
export function lines(name: string, given: readonly unknown[]): Lines {
  const args = [...given];
  const { num: inOptions, ...options } = takeOptions<Partial<NumScanOptions>>(args);
  const num = inOptions ?? (args.length % 3 === 1 ? args.pop() : undefined);
  const usage = `${name}([detector], motor, start, stop, num)`;
  if (num === undefined) throw new UsageError(`${name}: the number of points is missing: ${usage}`);
  checkNum(name, num);
  if (args.length === 0 || args.length % 3 !== 0)
    throw new UsageError(`${name}: each motor needs a start and a stop: ${usage}`);
  const axes: { motor: ReadableMotor<number>; start: number; stop: number }[] = [];
  for (let i = 0; i < args.length; i += 3) {
    const [motor, start, stop] = args.slice(i, i + 3) as [ReadableMotor<number>, unknown, unknown];
    checkMotor(name, i + 2, motor, usage);
    if (!isFiniteNumber(start) || !isFiniteNumber(stop))
      throw new UsageError(
        `${name}: ${motor.name} goes from a number to a number, not from ${String(start)} to ${String(stop)}`,
      );
    axes.push({ motor, start, stop });
  }
  return { axes, num, options };
}

/** Takes the options off the end of arguments, if the last one is a plain object. */
export function takeOptions<O extends object>(args: unknown[]): Partial<O> & O {
  const last = args.at(-1);
  const isOptions =
    typeof last === "object" && last !== null && !Array.isArray(last) && !isMotor(last) && !isIterable(last);
  return (isOptions ? args.pop() : {}) as Partial<O> & O;
}

const isIterable = (value: object) => Symbol.iterator in value;

/** A motor that takes values of type T, and the values. */
type List = [motor: AnyMotor, points: Iterable<unknown>];
/** `motor, points, motor, points, ..., options?`, one signature for each number of motors as in `LineScan`. */
export interface ListScan<O = ScanOptions> {
  (detectors: readonly Readable[], ...args: [...list: List, options?: O]): Plan<string>;
  (detectors: readonly Readable[], ...args: [...list: List, ...list: List, options?: O]): Plan<string>;
  (detectors: readonly Readable[], ...args: [...list: List, ...list: List, ...list: List, options?: O]): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...list: List, ...list: List, ...list: List, ...list: List, options?: O]
  ): Plan<string>;
}

/** Moves motors through lists of positions, together: `listScan([det], motor, [1, 2, 5])`. @returns the run's uid */
export const listScan = plan(
  "listScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("listScan", detectors);
    return yield* scanLists(detectors, lists("listScan", args));
  },
) as ListScan;

/** Like `listScan`, relative to where the motors are; they go back there at the end. */
export const relListScan = plan(
  "relListScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("relListScan", detectors);
    const { pairs, options } = lists("relListScan", args);
    const motors = pairs.map(([motor]) => motor);
    return yield* around(motors, scanLists(detectors, { pairs, options: renamed("rel_list_scan", options) }));
  },
) as ListScan;

/** What `lists` reads. */
export interface Lists<O = ScanOptions> {
  readonly pairs: readonly (readonly [motor: AnyMotor, points: readonly unknown[]])[];
  readonly options: O;
}

function* scanLists(detectors: readonly Readable[], { pairs, options }: Lists): Plan<string> {
  const lengths = pairs.map(([, points]) => points.length);
  if (new Set(lengths).size > 1)
    throw new UsageError(`listScan: the lists need equally many points, not ${lengths.join(", ")}`);
  const motors = pairs.map(([motor]) => motor);
  const texts = pairs.flatMap(([motor, points]) => [deviceText(motor), points]);
  const length = lengths[0] ?? 0;
  const md = withMetadata(
    {
      detectors: detectors.map((detector) => detector.name),
      motors: motors.map((motor) => motor.name),
      num_points: length,
      num_intervals: length - 1,
      plan_args: { detectors: detectors.map(deviceText), args: texts, per_step: functionText(options.perStep) },
      plan_name: "list_scan",
      plan_pattern: "inner_list_product",
      plan_pattern_module: "bluesky.plan_patterns",
      plan_pattern_args: { args: texts },
    },
    options.md,
    jointDimension(motors),
  );
  return yield* scanNd(detectors, innerListProduct(pairs), { ...options, md });
}

/** Reads `motor, points, ..., options?`. */
export function lists<O extends object = ScanOptions>(name: string, given: readonly unknown[]): Lists<O> {
  const args = [...given];
  const options = takeOptions<O>(args);
  const usage = `${name}([detector], motor, [1, 2, 3])`;
  if (args.length === 0 || args.length % 2 !== 0)
    throw new UsageError(`${name}: each motor needs a list of positions: ${usage}`);
  const pairs: [AnyMotor, unknown[]][] = [];
  for (let i = 0; i < args.length; i += 2) {
    const [motor, points] = args.slice(i, i + 2) as [ReadableMotor<number>, unknown];
    checkMotor(name, i + 2, motor, usage);
    if (typeof points !== "object" || points === null || !isIterable(points))
      throw new UsageError(`${name}: ${motor.name} needs a list of positions: ${usage}`);
    const list = [...(points as Iterable<unknown>)];
    if (list.length === 0) throw new UsageError(`${name}: ${motor.name} needs a list of positions, not an empty one`);
    pairs.push([motor as AnyMotor, list]);
  }
  return { pairs, options };
}

/** Scans along straight lines and through lists, all motors together. */

import type { Plan } from "../../core/msg";
import type { Readable } from "../../core/protocols";
import { UsageError } from "../../errors";
import { innerListProduct, innerProduct } from "../patterns";
import { plan } from "../plan";
import type { ReadableMotor } from "../stubs/pointStubs";
import { around } from "./around";
import { checkDetectors, checkMotor, checkNum, isFiniteNumber, isMotor } from "./planArguments";
import { deviceText, functionText, jointDimension, renamed, withMetadata } from "./planMetadata";
import { type AnyMotor, type ScanOptions, scanNd } from "./scanNd";

/** Options of `scan`, the last argument. */
export interface NumScanOptions extends ScanOptions {
  /** Number of points, if it is not the last argument before the options. */
  readonly num?: number;
}

type Axis = [motor: ReadableMotor<number>, start: number, stop: number];
/** `motor, start, stop, motor, start, stop, ...` */
export type Axes =
  | Axis
  | [...Axis, ...Axis]
  | [...Axis, ...Axis, ...Axis]
  | [...Axis, ...Axis, ...Axis, ...Axis]
  | [...Axis, ...Axis, ...Axis, ...Axis, ...Axis];
/** `motor, start, stop, motor, start, stop, ..., num, options?`; `num` may be in the options instead. */
export type ScanArgs =
  | [...axes: Axes, num: number, options?: NumScanOptions]
  | [...axes: Axes, options: NumScanOptions & { readonly num: number }];

/** Moves motors along lines from start to stop (both included) in `num` points: `scan([det], motor, 0, 10, 11)`. @returns the run's uid */
export const scan = plan("scan", function* (detectors: readonly Readable[], ...args: ScanArgs): Plan<string> {
  checkDetectors("scan", detectors);
  const { axes, num, options } = lines("scan", args);
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
});

/** Like `scan`, with positions relative to where the motors are; they go back there at the end. */
export const relScan = plan("relScan", function* (detectors: readonly Readable[], ...args: ScanArgs): Plan<string> {
  const { axes, num, options } = lines("relScan", args);
  const motors = axes.map((axis) => axis.motor);
  const flat = axes.flatMap(({ motor, start, stop }) => [motor, start, stop]);
  const inner = scan(detectors, ...([...flat, { ...renamed("rel_scan", options), num }] as unknown as ScanArgs));
  return yield* around(motors, inner);
});

/** Reads `motor, start, stop, ..., num?, options?`; throws what is wrong in one line. */
export function lines(
  name: string,
  given: readonly unknown[],
): { axes: { motor: ReadableMotor<number>; start: number; stop: number }[]; num: number; options: NumScanOptions } {
  const args = [...given];
  const options = takeOptions<NumScanOptions>(args);
  const num = options.num ?? (args.length % 3 === 1 ? args.pop() : undefined);
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
export type Lists = List | [...List, ...List] | [...List, ...List, ...List] | [...List, ...List, ...List, ...List];
/** `motor, points, motor, points, ..., options?` */
export type ListScanArgs = Lists | [...lists: Lists, options: ScanOptions];

/** Moves motors through lists of positions, together: `listScan([det], motor, [1, 2, 5])`. @returns the run's uid */
export const listScan = plan(
  "listScan",
  function* (detectors: readonly Readable[], ...args: ListScanArgs): Plan<string> {
    checkDetectors("listScan", detectors);
    const { pairs, options } = lists("listScan", args);
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
  },
);

/** Like `listScan`, relative to where the motors are; they go back there at the end. */
export const relListScan = plan(
  "relListScan",
  function* (detectors: readonly Readable[], ...args: ListScanArgs): Plan<string> {
    const { pairs, options } = lists("relListScan", args);
    const motors = pairs.map(([motor]) => motor);
    const inner = listScan(
      detectors,
      ...([...pairs.flat(), renamed("rel_list_scan", options)] as unknown as ListScanArgs),
    );
    return yield* around(motors, inner);
  },
);

/** Reads `motor, points, ..., options?`. */
export function lists<O extends object = ScanOptions>(
  name: string,
  given: readonly unknown[],
): { pairs: [AnyMotor, unknown[]][]; options: O } {
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

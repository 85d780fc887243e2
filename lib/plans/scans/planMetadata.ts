/** Metadata that plans put into their runs, so that views know what to show and a colleague knows what was done. */

import { type HasName, type Hints, hasHints, isReadable, type Readable } from "../../core/protocols";
import { UsageError } from "../../errors";
import { notDevice } from "../notDevice";
import type { PlanMetadata } from "../stubs/runStubs";

/** The fields by which a device shows itself. */
export function hintedFields(device: unknown): readonly string[] {
  return hasHints(device) ? (device.hints.fields ?? []) : [];
}

/** One dimension per motor; none at all if a motor has no hints. */
export function motorDimensions(motors: readonly object[]): Pick<Hints, "dimensions"> {
  if (!motors.every((motor) => hasHints(motor) && motor.hints.fields)) return {};
  return { dimensions: motors.map((motor) => [hintedFields(motor), "primary"] as const) };
}

/** One dimension of all motors: they move together. */
export function jointDimension(motors: readonly object[]): Pick<Hints, "dimensions"> {
  const fields = motors.flatMap((motor) => [...hintedFields(motor)]);
  return fields.length > 0 ? { dimensions: [[fields, "primary"]] } : {};
}

/** A device in `plan_args`: its class and name. */
export function deviceText(device: object): string {
  return `${device.constructor?.name ?? "Object"}(${JSON.stringify((device as Partial<HasName>).name ?? "")})`;
}

/** `per_step` in `plan_args`. */
export function functionText(fn: ((...args: never[]) => unknown) | undefined): string {
  return fn ? fn.name || "function" : "None";
}

/** The plan's metadata under the caller's; hints are joined key by key. */
export function withMetadata(
  own: Record<string, unknown>,
  given: PlanMetadata | undefined,
  hints: Hints,
): PlanMetadata {
  return { ...own, ...given, hints: { ...hints, ...(given?.hints as Hints | undefined) } };
}

/** Throws in one line what is wrong with the detectors of `plan`. */
export function checkDetectors(plan: string, detectors: readonly Readable[]): void {
  if (!Array.isArray(detectors))
    throw new UsageError(`${plan}: the detectors come first, as a list: ${plan}([detector], ...)`);
  for (const [i, detector] of detectors.entries()) {
    if (!isReadable(detector))
      throw notDevice(`${plan}: detector ${i + 1}`, detector, "can't be read: it has no read() and describe()");
  }
}

/** Throws unless `num` is a whole number of points, at least 1. */
export function checkNum(plan: string, num: unknown): asserts num is number {
  if (typeof num !== "number" || !Number.isInteger(num) || num < 1)
    throw new UsageError(`${plan}: num is the number of points, a whole number from 1, not ${String(num)}`);
}

/** What plans say about wrong arguments, in one line, before their first message. */
import { isReadable, type Movable, type Readable, type Readings } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { notDevice } from "../notDevice";
import type { ReadableMotor } from "../stubs/pointStubs";

/** Throws what is wrong with the detectors of `plan`. */
export function checkDetectors(plan: string, detectors: readonly Readable[]): void {
  if (!Array.isArray(detectors))
    throw new UsageError(`${plan}: the detectors come first, as a list: ${plan}([detector], ...)`);
  for (const [i, detector] of detectors.entries()) checkDetector(plan, `detector ${i + 1}`, detector);
}

/** Throws unless `detector` can be read. */
export function checkDetector(plan: string, place: string, detector: unknown): void {
  if (!isReadable(detector))
    throw notDevice(`${plan}: ${place}`, detector, "can't be read: it has no read() and describe()");
  checkName(`${plan}: ${place}`, detector);
}

/** Throws unless what `device` gives can be told from what others give: the keys of its readings begin with its name. */
export function checkName(place: string, device: { readonly name: string }): void {
  if (device.name === "")
    throw new UsageError(
      `${place} has no name to record it under: name it, by initDevices({ name: device }) for instance`,
    );
}

/** Whether it can be moved. */
export function isMotor(value: unknown): value is ReadableMotor<number> {
  return typeof (value as Movable | undefined)?.set === "function";
}

/** Throws unless `motor`, argument `position` of `plan` (from 1), can be moved and read. */
export function checkMotor(plan: string, position: number, motor: unknown, usage: string): void {
  if (!isMotor(motor))
    throw notDevice(
      `${plan}: argument ${position}`,
      motor,
      `can't be moved: it is read-only, or measures only: ${usage}`,
      `should be a motor: ${usage}`,
    );
  if (!isReadable(motor)) throw notDevice(`${plan}: argument ${position}`, motor, "can be moved but not read");
  checkName(`${plan}: argument ${position}`, motor);
}

/** Throws unless `num` is a whole number of points, at least 1. */
export function checkNum(plan: string, num: unknown): asserts num is number {
  if (typeof num !== "number" || !Number.isInteger(num) || num < 1)
    throw new UsageError(`${plan}: num is the number of points, a whole number from 1, not ${String(num)}`);
}

export const isFiniteNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** Throws at the first argument that is no finite number. */
export function checkNumbers(plan: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(numbers))
    if (!isFiniteNumber(value)) throw new UsageError(`${plan}: ${name} should be a number, not ${shown(value)}`);
}

/** Throws at the first argument that is not above 0. */
export function checkPositive(plan: string, numbers: Readonly<Record<string, unknown>>): void {
  checkNumbers(plan, numbers);
  for (const [name, value] of Object.entries(numbers))
    if (!(Number(value) > 0)) throw new UsageError(`${plan}: ${name} should be above 0, not ${shown(value)}`);
}

/** Throws unless times (s) are above 0, where they are given. */
export function checkTimes(
  plan: string,
  { timeout, period }: { readonly timeout?: unknown; readonly period?: unknown },
): void {
  if (timeout !== undefined && timeout !== null) checkPositive(plan, { timeout });
  if (period !== undefined && period !== null) checkPositive(plan, { period });
}

/** Throws unless a function that makes a part of the plan is one, where it is given. */
export function checkMaker(plan: string, makers: Readonly<Record<string, unknown>>): void {
  for (const [name, make] of Object.entries(makers))
    if (make !== undefined && typeof make !== "function")
      throw new UsageError(`${plan}: ${name} should be a function that makes a plan, not ${shown(make)}`);
}

/** Throws unless `field` is the name of a data key. */
export function checkField(plan: string, name: string, field: unknown): void {
  if (typeof field !== "string" || field === "")
    throw new UsageError(`${plan}: ${name} should be the name of a value in the events, not ${shown(field)}`);
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  const { name } = value as { readonly name?: unknown };
  return typeof name === "string" ? name : "an object";
}

/** The value of a data key in readings; throws where there is none, or no number. */
export function fieldValue(plan: string, field: string, readings: Readings | undefined): number {
  const value = readings && Object.hasOwn(readings, field) ? readings[field]?.value : undefined;
  if (typeof value !== "number") throw new UsageError(`${plan}: no detector reads a number "${field}"`);
  return value;
}

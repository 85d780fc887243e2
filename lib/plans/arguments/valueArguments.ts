/**
 * Checks the numbers, names and functions that plans are called with, so that a wrong one is refused early.
 */

import type { Msg, Plan } from "../../core/protocols/msg";
import type { Readings } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";

/** Throws unless `num` is a whole number of points, at least 1. */
export function checkNum(plan: string, num: unknown): asserts num is number {
  if (typeof num !== "number" || !Number.isInteger(num) || num < 1) {
    throw new UsageError(`${plan}: num is the number of points, a whole number from 1, not ${givenText(num)}`);
  }
}

/** Whether a value is a number other than NaN and infinity. */
export const isFiniteNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** Throws at the first argument that is not a finite number. */
export function checkNumbers(plan: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!isFiniteNumber(value)) throw new UsageError(`${plan}: ${name} should be a number, not ${givenText(value)}`);
  }
}

/** Throws at the first argument that is not above 0. */
export function checkPositive(plan: string, numbers: Readonly<Record<string, unknown>>): void {
  checkNumbers(plan, numbers);
  for (const [name, value] of Object.entries(numbers)) {
    if (!(Number(value) > 0)) throw new UsageError(`${plan}: ${name} should be above 0, not ${givenText(value)}`);
  }
}

/** Throws unless the times (seconds) that are given are above 0. */
export function checkTimes(
  plan: string,
  { timeout, period }: { readonly timeout?: unknown; readonly period?: unknown },
): void {
  if (timeout !== undefined && timeout !== null) checkPositive(plan, { timeout });
  if (period !== undefined && period !== null) checkPositive(plan, { period });
}

/** Throws unless the arguments that are given are functions; they make parts of the plan. */
export function checkMaker(plan: string, makers: Readonly<Record<string, unknown>>): void {
  for (const [name, make] of Object.entries(makers)) {
    if (make !== undefined && typeof make !== "function") {
      throw new UsageError(`${plan}: ${name} should be a function that makes a plan, not ${givenText(make)}`);
    }
  }
}

/** The plan that a function of the user has made; throws if it has made something else. */
export function madePlan<T>(plan: string, maker: string, made: Plan<T>): Plan<T> {
  if (isPlan(made)) return made;
  throw new UsageError(`${plan}: ${maker} should be a generator function (function*), but gave ${givenText(made)}`);
}

function isPlan(made: unknown): boolean {
  if (Array.isArray(made)) return made.every((msg) => typeof (msg as Partial<Msg> | null)?.command === "string");
  return (
    typeof (made as Partial<Plan> | null | undefined)?.[Symbol.iterator] === "function" && typeof made === "object"
  );
}

/** Throws unless `field` is a string that can be a data key. */
export function checkField(plan: string, name: string, field: unknown): void {
  if (typeof field !== "string" || field === "") {
    throw new UsageError(`${plan}: ${name} should be the name of a value in the events, not ${givenText(field)}`);
  }
}

/** The value of a data key in readings; throws if the key is missing or its value is not a number. */
export function fieldValue(plan: string, field: string, readings: Readings | undefined): number {
  const value = readings && Object.hasOwn(readings, field) ? readings[field]?.value : undefined;
  if (typeof value !== "number") throw new UsageError(`${plan}: no detector reads a number "${field}"`);
  return value;
}

/** An argument as an error message quotes it. */
export function givenText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  const { name } = value as { readonly name?: unknown };
  return typeof name === "string" ? name : "an object";
}

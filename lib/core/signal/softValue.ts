/** Which values a soft signal may hold: those that can be recorded, of one type. */

import { formatValue } from "../../display/formatValue";
import { UsageError } from "../../errors";

/** The classes whose objects no document can hold. */
const UNRECORDABLE = [Map, Set, WeakMap, WeakSet, Date, RegExp, Promise] as const;

/** @throws UsageError for a value that no document can hold: a function, a promise, a Map ... */
export function checkRecordable(value: unknown, name: string): void {
  if (typeof value === "function")
    throw new UsageError("a soft signal begins with a value, such as softSignalRw(0), not with a type or a function");
  const type = unrecordableType(value);
  if (type === undefined) return;
  throw new UsageError(
    `${name || "a signal"} cannot hold a ${type}, which cannot be recorded: use a number, a string, a boolean, a list or a plain object`,
  );
}

/**
 * What to use instead of a value that has another type than the present one, since one data key describes one
 * type; undefined if the value is good. Null stands for "no value yet" and fits every type.
 */
export function typeAdvice(present: unknown, value: unknown, isInteger: boolean): string | undefined {
  if (isInteger && typeof value === "number" && !Number.isInteger(value) && !Number.isNaN(value)) {
    return "use a whole number";
  }
  const [before, now] = [typeName(present), typeName(value)];
  return before === now || before === "none" || now === "none" ? undefined : `use a ${before}`;
}

/** A value that is refused, in the message that says so: also one that cannot be written as JSON. */
export function refusedText(value: unknown): string {
  if (typeof value === "number") return String(value);
  const text = formatValue(value);
  return typeof value === "string" ? JSON.stringify(text) : text;
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "bigint") return "number";
  return typeof value === "object" ? (unrecordableType(value) ?? "list or an object") : typeof value;
}

/** The name of the type of an object that no document can hold; undefined for others. */
const unrecordableType = (value: unknown): string | undefined =>
  UNRECORDABLE.find((type) => value instanceof type)?.name;

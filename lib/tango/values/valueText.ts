/** Values and limits as they are written in the messages of errors. */

import type { LimitRange } from "../../core/protocols/protocols";
import { withUnits } from "../../display/number";
import { errorText } from "../../errors";

/** A value, shortened to 60 characters; a number with its unit. */
export function tangoValueText(value: unknown, units: string): string {
  const text = typeof value === "object" ? (JSON.stringify(value, jsonReplacer) ?? "") : errorText(value);
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return typeof value === "number" ? withUnits(short, units) : short;
}

/** A range in words, for example `-10 mm to 10 mm`; empty if it has no bounds. */
export function rangeText(range: LimitRange | undefined, units: string): string {
  const { low = null, high = null } = range ?? {};
  if (low !== null && high !== null) return `${tangoValueText(low, units)} to ${tangoValueText(high, units)}`;
  if (low !== null) return `${tangoValueText(low, units)} at least`;
  return high === null ? "" : `${tangoValueText(high, units)} at most`;
}

/** The largest number of characters of a value in a message. */
const LONGEST = 60;

/** A replacer for `JSON.stringify` that writes bigints and typed arrays as JSON can express them. */
function jsonReplacer(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  return ArrayBuffer.isView(value) ? Array.from((value as Uint8Array).subarray(0, LONGEST)) : value;
}

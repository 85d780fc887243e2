/** The interface that the conversions of all kinds of PVs share, and the checks of values that are set. */

import type { DataKeyBody } from "../../core/signal/signalBackend";
import type { CaArray, CaControl } from "../ca/dbr";
import { EpicsError } from "../epicsError";
import type { EpicsDatatype } from "./epicsDatatype";

/** What the conversions need to know of a PV. */
export interface PvFacts {
  readonly name: string;
  /** The largest number of elements. */
  readonly count: number;
  readonly control: CaControl;
}

/** The conversion of one PV's values. `encode` throws EpicsError for values that the PV cannot hold. */
export interface PvConversion {
  readonly dataKey: DataKeyBody;
  /** The type in which values are transferred; it differs from the PV's own if its text was requested. */
  readonly fieldType: number;
  decode(data: CaArray): unknown;
  encode(value: unknown): ArrayLike<number | string>;
}

/** @throws EpicsError if the user wants none of the `allowed` datatypes; `holds` says what the PV holds. */
export function expectType(
  wanted: EpicsDatatype | null,
  allowed: readonly unknown[],
  pv: Pick<PvFacts, "name">,
  holds: string,
): void {
  if (wanted !== null && !allowed.includes(wanted)) throw new EpicsError(`${pv.name} holds ${holds}`);
}

/** @throws EpicsError unless the value is a number, and a whole number in the range if there is one. */
export function checkNumber(value: unknown, range: readonly [number, number] | undefined, pv: PvFacts): number {
  if (typeof value !== "number") throw conversionRefusal(value, pv, "use a number");
  if (!range) return value;
  const [low, high] = range;
  if (!Number.isInteger(value) || value < low || value > high) {
    throw conversionRefusal(value, pv, `use a whole number from ${low} to ${high}`);
  }
  return value;
}

/** @throws EpicsError unless the value is a list or a typed array for which the PV has room. */
export function checkArray(value: unknown, pv: PvFacts): ArrayLike<unknown> {
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!isList) throw conversionRefusal(value, pv, "use a list");
  const list = value as ArrayLike<unknown>;
  if (list.length > pv.count) throw conversionRefusal(`${list.length} elements`, pv, `it has room for ${pv.count}`);
  return list;
}

/**
 * @throws EpicsError unless the value is a string of at most `room` bytes; `hint` ends the message.
 */
export function checkText(value: unknown, room: number, pv: PvFacts, hint = ""): string {
  if (typeof value !== "string") throw conversionRefusal(value, pv, "use a string");
  if (Buffer.byteLength(value) > room) throw conversionRefusal(value, pv, `it has room for ${room} bytes${hint}`);
  return value;
}

/** The error of a value that cannot be set; `what` says what is allowed. */
export function conversionRefusal(value: unknown, pv: PvFacts, what: string): EpicsError {
  const units = typeof value === "number" && pv.control.units ? ` ${pv.control.units}` : "";
  const shown = typeof value === "string" ? value || '""' : (JSON.stringify(value) ?? String(value));
  return new EpicsError(`cannot set ${pv.name} to ${shown.slice(0, 60)}${units}: ${what}`);
}

/**
 * The first element. @throws EpicsError if the PV has none, as an array of one element before its first
 * write.
 */
export function firstOf(data: CaArray, pv: PvFacts): number | string {
  const first = data[0];
  if (first === undefined) throw new EpicsError(`${pv.name} has no value at present: it holds 0 elements`);
  return first;
}

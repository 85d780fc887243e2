/** The items of the cache: what a node reported about a parameter at one moment. */

import { inspect, isDeepStrictEqual } from "node:util";
import { BadJSONError, errorText, SecopError, secopError } from "../../errors";
import { parseJson } from "../../json";
import type { Codec } from "../values/codecFor";
import { numberReport } from "../wire/numberReport";

/** The last report of a node about a parameter. Times are Unix seconds. */
export interface CacheItem<T = unknown> {
  /** The value, decoded at its first use; undefined if `error` is set. */
  readonly value: T;
  /** When the node obtained it, by the node's clock; the arrival time if the node does not report one. */
  readonly timestamp: number;
  /** When it arrived here. */
  readonly arrival: number;
  /** The uncertainty of the value, in its unit; how it is defined is up to the node. */
  readonly uncertainty?: number | undefined;
  /** Why there is no value: the node's error report, or why the value cannot be used. */
  readonly error?: SecopError | undefined;
  /** Why the value may be out of date; false while the node keeps it up to date. */
  readonly stale: false | string;
}

/** The qualifiers of a report: time and uncertainty. */
interface Qualifiers {
  readonly t?: unknown;
  readonly e?: unknown;
}

/** Either a wire value with the codec that will make it the value, or an error. */
interface Report {
  readonly wire?: unknown;
  readonly codec?: Codec;
  readonly error?: SecopError;
  readonly qualifiers?: unknown;
}

/** The units of times that nodes send, by their part of a second; SECoP has seconds. */
export type TimeUnit = "milliseconds" | "microseconds" | "nanoseconds";

/**
 * Unix seconds of the year 5138. A later time is taken for one in a smaller unit (of 1973 or later); one that
 * is too late in each unit counts as absent.
 */
const LATEST_SECONDS = 1e11;
const PARTS: readonly (readonly [number, TimeUnit | undefined])[] = [
  [1, undefined],
  [1e3, "milliseconds"],
  [1e6, "microseconds"],
  [1e9, "nanoseconds"],
];

/** A time in Unix seconds with the unit that the node used, if that was not seconds; null for no time. */
function timeOf(t: unknown): readonly [seconds: number, unit: TimeUnit | undefined] | null {
  const time = typeof t === "bigint" ? Number(t) : t;
  if (typeof time !== "number") return null;
  const part = PARTS.find(([parts]) => Math.abs(time) < LATEST_SECONDS * parts);
  return part ? [time / part[0], part[1]] : null;
}

const NO_QUALIFIERS: Qualifiers = {};
const AS_IS: Codec = { decode: (value) => value, encode: (value) => value };

/** An item of a data report (`[value, {t, e}]`) or an error report (`[class, text, {t}]`). */
export class ReportedItem implements CacheItem {
  readonly timestamp: number;
  readonly arrival: number;
  readonly uncertainty: number | undefined;
  /** The unit of the time that the node sent, if it was not seconds, against the spec. */
  readonly timeUnit: TimeUnit | undefined;
  stale: false | string = false;
  readonly #place: string;
  #wire: unknown;
  #codec: Codec | undefined;
  #value: unknown;
  #error: SecopError | undefined;

  private constructor(place: string, arrival: number, report: Report) {
    this.#place = place;
    this.arrival = arrival;
    const qualifiers = report.qualifiers;
    const { t, e } = typeof qualifiers === "object" && qualifiers !== null ? (qualifiers as Qualifiers) : NO_QUALIFIERS;
    if (typeof t === "number" && Math.abs(t) < LATEST_SECONDS) {
      this.timestamp = t;
      this.timeUnit = undefined;
    } else [this.timestamp, this.timeUnit] = timeOf(t) ?? [arrival, undefined];
    this.uncertainty = typeof e === "number" ? e : undefined;
    this.#wire = report.wire;
    this.#codec = report.codec;
    this.#error = report.error;
  }

  /** The item of the JSON text of a data report. Never throws: a malformed report becomes an error. */
  static ofData(place: string, json: string | undefined, codec: Codec, arrival: number): ReportedItem {
    const fast = json === undefined ? undefined : numberReport(json);
    if (fast) return new ReportedItem(place, arrival, { wire: fast.value, qualifiers: fast, codec });
    try {
      const report = json === undefined ? null : parseJson(json);
      const [wire, qualifiers] = Array.isArray(report) ? report : [report, undefined];
      return new ReportedItem(place, arrival, { wire, qualifiers, codec });
    } catch (cause) {
      const error = new BadJSONError(`${place}: the node sent bad JSON (${errorText(cause)})`, { cause });
      return new ReportedItem(place, arrival, { error });
    }
  }

  /** The item of an error report, given as a typed error. */
  static ofError(place: string, error: SecopError, qualifiers: unknown, arrival: number): ReportedItem {
    return new ReportedItem(place, arrival, { error, qualifiers });
  }

  /** The item of a constant, whose value is in the description. */
  static ofConstant(place: string, wire: unknown, arrival: number): ReportedItem {
    return new ReportedItem(place, arrival, { wire, codec: AS_IS });
  }

  /** The item of the same number decoded by another codec; undefined if the item is not a number. */
  recoded(codec: Codec): ReportedItem | undefined {
    if (typeof this.#wire !== "number") return undefined;
    const qualifiers = { t: this.timestamp, e: this.uncertainty };
    const item = new ReportedItem(this.#place, this.arrival, { wire: this.#wire, qualifiers, codec });
    item.stale = this.stale;
    return item;
  }

  /** Whether the node reported a time, by which items of different connections can be ordered. */
  get isTimed(): boolean {
    return this.timestamp !== this.arrival;
  }

  /** Whether this is the same as `last`: a read on an activated node brings both an update and a reply. */
  repeats(last: ReportedItem): boolean {
    if (!this.isTimed || this.timestamp !== last.timestamp || last.stale !== false || this.error || last.error)
      return false;
    return Object.is(this.value, last.value) || isDeepStrictEqual(this.value, last.value);
  }

  get value(): unknown {
    if (this.#codec) this.#decode(this.#codec);
    return this.#value;
  }

  get error(): SecopError | undefined {
    if (this.#codec) this.#decode(this.#codec);
    return this.#error;
  }

  /** The item as a plain object: JSON and `console.log` do not see getters. */
  toJSON(): CacheItem {
    const { value, error, timestamp, arrival, uncertainty, stale } = this;
    const known = { ...(uncertainty !== undefined && { uncertainty }), ...(error && { error }) };
    return { value, timestamp, arrival, ...known, stale };
  }

  [inspect.custom](): CacheItem {
    return this.toJSON();
  }

  #decode(codec: Codec): void {
    try {
      this.#value = codec.decode(this.#wire);
    } catch (error) {
      const [module, accessible] = this.#place.split(":");
      const place = { module, accessible, cause: error };
      const code = error instanceof SecopError ? error.code : "InternalError";
      this.#error =
        this.#wire === null
          ? secopError("ReadFailed", `${this.#place} has no value yet: the node sent null`, place)
          : secopError(code, `${this.#place}: the node sent a wrong value: ${errorText(error)}`, place);
    }
    this.#codec = undefined;
    // A number is kept for `recoded`; larger values are not kept twice.
    if (typeof this.#wire !== "number") this.#wire = undefined;
  }
}

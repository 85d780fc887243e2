/** What one remembers of a run: its plan, its time, its sample, words in its metadata. */

import { inspect } from "node:util";
import { timeNow } from "../../clock";
import type { RunStart, RunStop } from "../../engine/documents/documents";
import { UsageError } from "../../errors";
import { nearest } from "../../nearest";
import { oneLine } from "../../printable";
import { exitStatus } from "../export/collectRun";

/**
 * A time: seconds since 1970, a date, ISO text in local time, or words: "yesterday", "2 h ago", "last week".
 */
export type RunTime = number | string | Date;

/**
 * Conditions that all must hold. Other keys than those below are keys of the start document, `"sample.name"`
 * for one inside of another. A value must be equal, or contained in a list; a RegExp must match; a function
 * decides.
 */
export interface RunQuery {
  /** The name of the plan. */
  readonly plan?: unknown;
  /** The earliest start. */
  readonly since?: RunTime;
  /** The latest start; a day, such as "yesterday" or "2026-09-01", counts to its end. */
  readonly until?: RunTime;
  /** The sample: its text, or its name, or for a RegExp anything in it. */
  readonly sample?: unknown;
  /** The beginning of the uid. */
  readonly uid?: string;
  /** Words that all occur in the metadata, in any case. */
  readonly text?: string;
  /** "success", "abort", "fail", or "unfinished" for a run without an end. */
  readonly status?: unknown;
  /** The number of runs at most; default all. */
  readonly limit?: number;
  /** The number of runs that are left out before, for pages; default 0. */
  readonly offset?: number;
  /** "newest" (default) or "oldest" first, or the key of the start document to sort by. */
  readonly sort?: string;
  readonly [key: string]: unknown;
}

/** The keys of a query that are not keys of the start document. */
const OWN_KEYS = ["plan", "since", "until", "sample", "uid", "text", "status", "limit", "offset", "sort"];

/** Whether a key of a query is a key of the start document. */
export const isRunKey = (key: string): boolean => !OWN_KEYS.includes(key);

/** What a query looks at. */
export interface Searched {
  readonly start: RunStart;
  readonly stop?: RunStop | undefined;
}

/** The texts of start documents, since making them costs most of a search for words. */
const texts = new WeakMap<RunStart, string>();

/** The runs that fit, of runs that are sorted newest first. @throws UsageError for a wrong query. */
export function findRuns<R extends Searched>(runs: readonly R[], query: RunQuery = {}): R[] {
  const { limit = Number.POSITIVE_INFINITY, offset = 0, sort = "newest", ...conditions } = query;
  for (const [name, value] of Object.entries({ limit, offset }))
    if (typeof value !== "number" || !(value >= 0)) throw new UsageError(`${name} is a number, not ${inspect(value)}`);
  const fits = conditionOf(conditions);
  const isFirstPage = sort === "newest";
  const found: R[] = [];
  for (const run of runs) {
    if (isFirstPage && found.length >= offset + limit) break;
    if (fits(run)) found.push(run);
  }
  if (sort === "oldest") found.reverse();
  else if (!isFirstPage) {
    if (found.length > 0 && found.every(({ start }) => valueAt(start, sort) === undefined))
      throw new UsageError(
        `no run found has ${oneLine(String(sort))}: sort by newest, oldest or a key of the metadata`,
      );
    found.sort((a, b) => compared(valueAt(a.start, sort), valueAt(b.start, sort)));
  }
  return found.slice(offset, offset + limit);
}

type Condition = (run: Searched) => boolean;

function conditionOf(query: RunQuery): Condition {
  const conditions = Object.entries(query)
    .filter(([, wanted]) => wanted !== undefined)
    .map(([key, wanted]) => condition(key, wanted));
  return (run) => conditions.every((fits) => fits(run));
}

function condition(key: string, wanted: unknown): Condition {
  switch (key) {
    case "since": {
      const time = secondsOf(wanted, false);
      return ({ start }) => start.time >= time;
    }
    case "until": {
      const time = secondsOf(wanted, true);
      return ({ start }) => start.time <= time;
    }
    case "uid":
      return ({ start }) => (wanted instanceof RegExp ? wanted.test(start.uid) : start.uid.startsWith(String(wanted)));
    case "text":
      return wordsCondition(String(wanted));
    case "status":
      checkStatus(wanted);
      return ({ stop }) => matches(exitStatus(stop), wanted);
    case "plan":
      return ({ start }) => matches(start.plan_name, wanted);
    case "sample":
      return ({ start: { sample } }) => sampleMatches(sample, wanted);
    default:
      return ({ start }) => matches(valueAt(start, key), wanted);
  }
}

/** How a run can have ended. */
const STATUSES: readonly string[] = ["success", "abort", "fail", "unfinished"];

function checkStatus(wanted: unknown): void {
  if (typeof wanted !== "string" || STATUSES.includes(wanted)) return;
  const meant = nearest(wanted, STATUSES);
  const hint = meant === undefined ? "" : ` (${meant}?)`;
  throw new UsageError(`no run ends with "${oneLine(wanted)}"${hint}: use ${STATUSES.join(", ")}`);
}

function wordsCondition(text: string): Condition {
  const words = text.normalize().toLowerCase().split(/\s+/).filter(Boolean);
  return ({ start }) => {
    let all = texts.get(start);
    if (all === undefined) {
      // An accent can be a character of its own, or part of its letter.
      all = jsonOf(start).normalize().toLowerCase();
      texts.set(start, all);
    }
    return words.every((word) => all.includes(word));
  };
}

function sampleMatches(sample: unknown, wanted: unknown): boolean {
  if (typeof sample !== "object" || sample === null || typeof wanted === "function") return matches(sample, wanted);
  if (isRegExp(wanted)) return matches(jsonOf(sample), wanted);
  return matches(sample, wanted) || matches((sample as { name?: unknown }).name, wanted);
}

function matches(value: unknown, wanted: unknown): boolean {
  if (typeof wanted === "function") return Boolean(wanted(value));
  if (isRegExp(wanted)) {
    wanted.lastIndex = 0;
    if (Array.isArray(value)) return value.some((item) => matches(item, wanted));
    return value !== undefined && wanted.test(typeof value === "object" ? jsonOf(value) : String(value));
  }
  if (Array.isArray(value) && !Array.isArray(wanted)) return value.some((item) => matches(item, wanted));
  if (typeof value === "string" && typeof wanted === "string") return value.normalize() === wanted.normalize();
  // Metadata are read as JSON, whose integers are numbers.
  if (typeof wanted === "bigint") return value === Number(wanted);
  if (typeof value !== "object" || value === null) return Object.is(value, wanted);
  return jsonOf(value) === jsonOf(wanted);
}

/** As JSON, in which large integers are texts. */
const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item)) ?? "";

/** Recognised by its tag, since notebook cells may have a `RegExp` class of their own. */
const isRegExp = (value: unknown): value is RegExp => Object.prototype.toString.call(value) === "[object RegExp]";

/** The value under a key; `a.b` is `b` inside of `a`. */
export function valueAt(object: unknown, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>((inner, name) => (Object.hasOwn(Object(inner), name) ? Object(inner)[name] : undefined), object);
}

function compared(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

const UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400, w: 604_800 };
const UNIT_WORDS: Readonly<Record<string, string>> = {
  second: "s",
  sec: "s",
  minute: "min",
  m: "min",
  hour: "h",
  day: "d",
  week: "w",
};
const DAY = 86_400;

/** A time in seconds since 1970. @throws UsageError for text that is not a time. */
export function secondsOf(time: unknown, isEnd: boolean): number {
  if (typeof time === "number" && !Number.isNaN(time)) return time;
  if (Object.prototype.toString.call(time) === "[object Date]") {
    const seconds = Number(time) / 1000;
    if (!Number.isNaN(seconds)) return seconds;
  }
  const found = typeof time === "string" ? secondsOfText(time.trim().toLowerCase(), isEnd) : undefined;
  if (found !== undefined) return found;
  throw new UsageError(
    `${inspect(time)} is not a time: use a date, seconds since 1970, "2026-09-01 14:00", "yesterday", "2 h ago", "last week"`,
  );
}

function secondsOfText(text: string, isEnd: boolean): number | undefined {
  const day = new Date(1000 * timeNow());
  day.setHours(0, 0, 0, 0);
  const midnight = day.getTime() / 1000;
  const dayEnd = isEnd ? DAY - 0.001 : 0;
  if (text === "now") return timeNow();
  if (text === "today") return midnight + dayEnd;
  if (text === "yesterday") return dayBefore(day, 1) + dayEnd;
  const last = /^last (day|week|month|year)$/.exec(text)?.[1];
  if (last !== undefined) return dayBefore(day, { day: 1, week: 7, month: 31, year: 366 }[last] ?? 1);
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+?)s?(?:\s+ago)?$/.exec(text) ?? [];
  const seconds = UNITS[UNIT_WORDS[unit] ?? unit] ?? (unit === "" && text.endsWith("s") ? 1 : undefined);
  if (amount !== undefined && seconds !== undefined) return timeNow() - Number(amount) * seconds;
  // A date alone is local, as a date with a time is.
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const parsed = Date.parse(isDate ? `${text}T00:00` : text.replace(" ", "T"));
  const fallback = Number.isNaN(parsed) && /\d/.test(text) ? Date.parse(text) : parsed;
  return Number.isNaN(fallback) ? undefined : fallback / 1000 + (isDate ? dayEnd : 0);
}

function dayBefore(day: Date, days: number): number {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - days).getTime() / 1000;
}

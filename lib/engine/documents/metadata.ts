/** Metadata of runs: checked, joined and made fit for a start document. */

import { inspect, types } from "node:util";
import {
  isFlyable,
  isMovable,
  isReadable,
  isStageable,
  isSubscribable,
  isTriggerable,
} from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { nearest } from "../../nearest";
import { isThenable } from "../commandSteps";
import type { Metadata, Settings } from "../engineSettings";
import { deviceName } from "../planErrors";
import { DOCUMENT_NAMES } from "./documents";

/**
 * Refuses a value that is not metadata. A function gets a message of its own: consumers of documents are
 * another argument.
 */
export function checkMetadata(md: unknown): asserts md is Metadata {
  const members = md as Metadata | null | undefined;
  if (holdsFunctions(md) || ["all", ...DOCUMENT_NAMES].some((name) => holdsFunctions(members?.[name])))
    throw new UsageError(
      "metadata holds no functions: functions for documents come before it, RE(plan, subscriptions, md), alone or by names of documents",
    );
  if (typeof md !== "object" || md === null || Array.isArray(md))
    throw new UsageError(`metadata is an object, like {sample: "Ni foil"}, not ${inspect(md)}`);
  const entries = Object.entries(md);
  for (const [key, value] of entries) if (isThenable(value)) throw promised([key]);
  // Only functions: these are for documents, and one name of a document is misspelt.
  if (!entries.every(([, value]) => typeof value === "function")) return;
  for (const [key] of entries) {
    const meant = nearest(key, ["all", ...DOCUMENT_NAMES]);
    if (meant) throw new UsageError(`no document is called "${key}": did you mean "${meant}"?`);
  }
}

const promised = (path: readonly string[]) =>
  new UsageError(`the metadata "${path.join(".")}" is a promise: await it before it is recorded`);

const holdsFunctions = (value: unknown) => [value].flat().some((item) => typeof item === "function");

/** What a call of the RunEngine adds to the metadata of its runs. */
export interface CallMetadata {
  /** Metadata given with the call. */
  readonly md: Metadata;
  /** Name of the plan's function; "" if it is not known. */
  readonly planName: string;
}

/**
 * The metadata of a run. Of several values for one key the last counts: origin, engine, kind of plan,
 * message, call. The versions of the origin come beside those of the engine.
 */
export function startMetadata(
  settings: Settings,
  ofMessage: Readonly<Metadata>,
  call: CallMetadata,
  origin: Readonly<Metadata> = {},
): Metadata {
  const { md, planName } = call;
  const ofPlan = { plan_type: "generator", plan_name: planName };
  const versions = origin.versions !== undefined && { versions: origin.versions };
  const metadata: Metadata = { ...origin, ...settings.md, ...versions, ...ofPlan, ...ofMessage, ...md };
  if (metadata.plan_name === "") delete metadata.plan_name;
  settings.mdValidator(metadata);
  const normalized = settings.mdNormalizer(plain(metadata) as Metadata);
  checkKeys(normalized);
  checkTypes(normalized);
  return normalized;
}

const isText = (value: unknown) => typeof value === "string";
const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The keys to which event-model's schema gives a type: readers of documents refuse values of another type.
 */
const TYPES: readonly (readonly [key: string, type: string, fits: (value: unknown) => boolean])[] = [
  ["scan_id", "a whole number", Number.isSafeInteger],
  ["owner", "a text", isText],
  ["group", "a text", isText],
  ["project", "a text", isText],
  ["data_session", "a text", isText],
  ["data_groups", "a list of texts", (value) => Array.isArray(value) && value.every(isText)],
  ["hints", "an object", isObject],
];

/** Refuses keys that the engine sets itself, and values that readers of start documents refuse. */
function checkTypes(md: Metadata): void {
  for (const key of ["uid", "time"]) {
    if (md[key] === undefined) continue;
    throw new UsageError(`metadata cannot have the key "${key}": each run gets its own, so choose another key`);
  }
  for (const [key, type, fits] of TYPES) {
    const value = md[key];
    if (value !== undefined && !fits(value)) {
      throw new UsageError(`the metadata "${key}" is ${type} in a start document, not ${inspect(value)}`);
    }
  }
}

/** Refuses a `sample` that is neither a text nor an object, since databases can't search for it. */
export function validateSample(md: Metadata): void {
  const { sample } = md;
  if (sample === undefined || typeof sample === "string") return;
  if (typeof sample !== "object" || sample === null || Array.isArray(sample))
    throw new UsageError('md.sample must be a text or an object, like "Ni foil" or {name: "Ni foil", thickness: 0.1}');
}

/**
 * A copy as JSON can hold it: typed arrays as arrays, dates as ISO text, devices and functions as their
 * names, other objects as their own properties.
 * @param parents the objects that hold the value
 * @param path the keys that lead to the value
 */
export function plain(value: unknown, parents: readonly object[] = [], path: readonly string[] = []): unknown {
  if (typeof value === "function") return value.name;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (types.isRegExp(value) || types.isNativeError(value)) return String(value);
  if (isDeviceLike(value)) return deviceName(value);
  if (isThenable(value)) throw promised(path);
  if (types.isGeneratorObject(value)) {
    const key = path.join(".");
    throw new UsageError(`the metadata "${key}" is a generator, such as a plan is: record its name, or [...${key}]`);
  }
  if (parents.includes(value))
    throw new UsageError("metadata cannot contain itself: one of its objects refers back to an object that holds it");
  const inner = (item: unknown, key: unknown) => plain(item, [...parents, value], [...path, String(key)]);
  if (Array.isArray(value)) return value.map(inner);
  // The common type of typed arrays in TypeScript has no elements.
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, inner);
  if (types.isSet(value)) return [...value].map(inner);
  if (types.isMap(value)) return mapped(value, inner);
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === "function") return inner(toJSON.call(value), "");
  const entries = Object.entries(value).filter(([key, item]) => key !== "__proto__" && item !== undefined);
  if (entries.length === 0 && hasOwnText(value)) return String(value);
  return Object.fromEntries(entries.map(([key, item]) => [key, inner(item, key)]));
}

/** A map with texts or numbers as keys becomes an object, another one a list of pairs. */
function mapped(map: ReadonlyMap<unknown, unknown>, inner: (item: unknown, key: unknown) => unknown): unknown {
  const entries = [...map];
  if (!entries.every(([key]) => typeof key === "string" || typeof key === "number"))
    return entries.map((pair, i) => inner(pair, i));
  return Object.fromEntries(entries.map(([key, item]) => [key, inner(item, key)]));
}

/** Whether an object takes part in plans, so that its name says what it is. */
function isDeviceLike(value: object): boolean {
  if (typeof (value as { readonly name?: unknown }).name !== "string") return false;
  return [isReadable, isMovable, isTriggerable, isFlyable, isStageable, isSubscribable, isConnectable].some((is) =>
    is(value),
  );
}

const isConnectable = (value: object) =>
  ["children", "setName"].every((method) => typeof (value as Record<string, unknown>)[method] === "function");

/** Whether an object without properties, such as one with private fields only, says itself what it is. */
const hasOwnText = (value: object) => !isPlainObject(value) && value.toString !== Object.prototype.toString;

/** Refuses keys that event-model's schemas do not allow, at any depth. */
function checkKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === "" || /[./]/.test(key))
      throw new UsageError(
        `metadata cannot have the key "${key}": keys in documents are not empty and contain no "." and no "/"`,
      );
    checkKeys(item);
  }
}

/** Recognised by the prototype's prototype, since notebook cells may have an `Object` class of their own. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

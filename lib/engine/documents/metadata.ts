/** Metadata of runs: checked, joined and made fit for a start document. */

import { inspect, types } from "node:util";
import { UsageError } from "../../errors";
import type { Metadata, Settings } from "../engineSettings";
import { deviceName } from "../planErrors";

/**
 * Refuses what is not metadata, and functions in particular: in bluesky a consumer of documents may stand
 * here.
 */
export function checkMetadata(md: unknown): asserts md is Metadata {
  if (holdsFunctions(md) || holdsFunctions((md as Metadata | null)?.all))
    throw new UsageError(
      "RE(plan, md) takes metadata and no functions: use RE.subscribe(fn) for documents, or subsWrapper(plan, fn) for those of one plan",
    );
  if (typeof md !== "object" || md === null || Array.isArray(md))
    throw new UsageError(`metadata is an object, like {sample: "Ni foil"}, not ${inspect(md)}`);
}

const holdsFunctions = (value: unknown) => [value].flat().some((item) => typeof item === "function");

/** What a call of the RunEngine adds to the metadata of its runs. */
export interface CallMetadata {
  /** Metadata given with the call. */
  readonly md: Metadata;
  /** Name of the plan's function; "" if it is not known. */
  readonly planName: string;
}

/**
 * The metadata of a run. Of several values for one key the last counts: engine, kind of plan, message, call.
 */
export function startMetadata(settings: Settings, ofMessage: Readonly<Metadata>, call: CallMetadata): Metadata {
  const { md, planName } = call;
  const ofPlan = { plan_type: "generator", plan_name: planName };
  const metadata: Metadata = { ...settings.md, ...ofPlan, ...ofMessage, ...md };
  if (metadata.plan_name === "") delete metadata.plan_name;
  settings.mdValidator(metadata);
  const normalized = settings.mdNormalizer(plain(metadata) as Metadata);
  checkKeys(normalized);
  return normalized;
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
 * names.
 * @param parents the objects that hold the value
 */
function plain(value: unknown, parents: readonly object[] = []): unknown {
  if (typeof value === "function") return value.name;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (types.isDate(value)) return value.toISOString();
  if (parents.includes(value))
    throw new UsageError("metadata cannot contain itself: one of its objects refers back to an object that holds it");
  const inner = (item: unknown) => plain(item, [...parents, value]);
  if (Array.isArray(value)) return value.map(inner);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (types.isMap(value) || types.isSet(value)) return inner([...value]);
  if (!isPlainObject(value)) return deviceName(value);
  const entries = Object.entries(value).filter(([key, item]) => key !== "__proto__" && item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, inner(item)]));
}

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

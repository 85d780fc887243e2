/** Metadata of runs: what goes into a start document, and how it is kept. */
import { inspect, types } from "node:util";
import { UsageError } from "../../errors";
import type { Metadata, Settings } from "../engineSettings";
import { deviceName } from "../planErrors";

/** Refuses what is not metadata at all. In bluesky consumers of documents can stand in its place. */
export function checkMetadata(md: unknown): asserts md is Metadata {
  if (holdsFunctions(md) || holdsFunctions((md as Metadata | null)?.all))
    throw new UsageError(
      "RE(plan, md) takes metadata, no functions: documents go to RE.subscribe(fn), for one plan to subsWrapper(plan, fn)",
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

/** The metadata of a run. Of several values for one key the last counts: engine, kind of plan, message, call. */
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

/** Refuses what data bases can't search for: a `sample` that is neither text nor object. */
export function validateSample(md: Metadata): void {
  const { sample } = md;
  if (sample === undefined || typeof sample === "string") return;
  if (typeof sample !== "object" || sample === null || Array.isArray(sample))
    throw new UsageError('md.sample must be a text or an object, like "Ni foil" or {name: "Ni foil", thickness: 0.1}');
}

/** A copy as JSON can hold it: typed arrays as arrays, dates as ISO text, devices and functions as their names. `around`: what it is a part of. */
function plain(value: unknown, around: readonly object[] = []): unknown {
  if (typeof value === "function") return value.name;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (types.isDate(value)) return value.toISOString();
  if (around.includes(value))
    throw new UsageError("metadata cannot hold itself: a part of it refers back to what it is a part of");
  const inner = (item: unknown) => plain(item, [...around, value]);
  if (Array.isArray(value)) return value.map(inner);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (types.isMap(value) || types.isSet(value)) return inner([...value]);
  if (!isPlainObject(value)) return deviceName(value);
  const entries = Object.entries(value).filter(([key, item]) => key !== "__proto__" && item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, inner(item)]));
}

/** Event-model's schemas allow no other keys, at any depth. */
function checkKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === "" || /[./]/.test(key))
      throw new UsageError(
        `metadata cannot have the key "${key}": keys in documents are not empty and hold no "." and no "/"`,
      );
    checkKeys(item);
  }
}

/** Cells may have their own `Object`, so the prototype's prototype is what tells. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** How the user names the fields of a view: by data key, by device, or as a computation. */

import { inspect } from "node:util";
import type { EventDescriptor } from "../../engine/documents/documents";
import { UsageError } from "../../errors";
import { derivedField, functionField } from "./derivedField";
import { memberFields } from "./memberFields";
import { fieldOf, type StreamField } from "./streamFields";

/**
 * A device or signal, which stands for its hinted fields, or for the field of its name if it has no hints.
 */
interface NamedDevice {
  readonly name: string;
  readonly hints?: { readonly fields?: readonly string[] };
}

/** A field that is computed from the values of an event, with its name and unit. */
export interface ComputedField {
  readonly name: string;
  readonly units?: string;
  /** Digits after the point; default: as many as its values need. */
  readonly precision?: number;
  /** Computes the value from the values of an event by data key. */
  readonly value: (data: Readonly<Record<string, unknown>>) => unknown;
}

/**
 * What a view shows: a data key, a member of a struct (`"cryo-pid.sp"`), an expression of data keys
 * (`"det / mon"`), a device or signal, a function of the values of an event, or such a function with its name
 * and unit.
 */
export type FieldSource = string | NamedDevice | ComputedField | ((data: Readonly<Record<string, unknown>>) => unknown);

/** The data keys that a source stands for. @throws UsageError if it cannot name a field */
export function keysOf(source: FieldSource): readonly string[] {
  if (typeof source === "string") return [source];
  const { name, hints } = (source ?? {}) as Partial<NamedDevice>;
  if (typeof name !== "string") {
    throw new UsageError(
      `a field is the name of a value in the events, or a device; not ${inspect(source, { depth: 0 })}`,
    );
  }
  return hints?.fields ?? [name];
}

/**
 * The fields of a source in a stream; none if the stream does not have them. A struct stands for its members.
 * @throws UsageError if the source cannot name a field
 */
export function fieldsOf(source: FieldSource, descriptor: EventDescriptor): StreamField[] {
  if (isComputed(source)) return [functionField(source.name, (data) => source.value(data), source)];
  // Devices are objects, and views are functions with hints of their own.
  if (typeof source === "function" && !("hints" in source))
    return [functionField(source.name || "computed", (data) => source(data))];
  return keysOf(source as string | NamedDevice).flatMap((key) => namedFields(key, descriptor));
}

/** A source or several as a list. @throws UsageError if one cannot name a field */
export function checkedSources(given: FieldSource | readonly FieldSource[]): readonly FieldSource[] {
  const sources: readonly FieldSource[] = Array.isArray(given) ? given : [given as FieldSource];
  for (const source of sources) if (!isComputed(source)) keysOf(source);
  return sources;
}

/** The data key of a source, or the name of what it computes. */
export const nameOfSource = (source: FieldSource): string =>
  isComputed(source) ? source.name : (keysOf(source)[0] ?? "");

/** The first field of a source in a stream. */
export function firstFieldOf(source: FieldSource, descriptor: EventDescriptor): StreamField | undefined {
  return fieldsOf(source, descriptor)[0];
}

/** The field of a data key, its members if it is a struct, a member by its path, or an expression. */
export function namedFields(key: string, descriptor: EventDescriptor): StreamField[] {
  const field = fieldOf(key, descriptor);
  if (field) {
    const members = memberFields(field);
    return members.length > 0 ? members : [field];
  }
  const all = Object.keys(descriptor.data_keys).flatMap((name) => fieldOf(name, descriptor) ?? []);
  const members = all.flatMap((each) => memberFields(each));
  const inner = members.filter((member) => member.key === key || member.key.startsWith(`${key}.`));
  if (inner.length > 0) return inner;
  const derived = derivedField(key, [...all, ...members]);
  return derived ? [derived] : [];
}

function isComputed(source: FieldSource): source is ComputedField {
  return (
    typeof source === "object" && source !== null && typeof (source as Partial<ComputedField>).value === "function"
  );
}

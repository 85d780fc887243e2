/** The value of a property as a TypeScript type. */

import { isStructuredProperty, listKind } from "../secop/description/properties";
import { memberKey } from "./sourceText";

/**
 * The type of the value that the signal of a property has; a custom property without such a type is JSON
 * text.
 */
export function propertyType(name: string, value: unknown): string {
  const kind = listKind(value);
  if (kind !== undefined) return `readonly ${kind}[]`;
  if (typeof value === "number" || typeof value === "boolean") return typeof value;
  return isStructuredProperty(name) && typeof value === "object" && value !== null ? objectType(value) : "string";
}

function objectType(value: object): string {
  const members = Object.entries(value).map(([key, inner]) => {
    const type = typeof inner === "object" && inner !== null ? objectType(inner) : typeof inner;
    return `readonly ${memberKey(key)}: ${type}`;
  });
  return members.length === 0 ? "Record<string, never>" : `{ ${members.join("; ")} }`;
}

/** The hash of a description: the same for the same value, whatever the order of members and white space. */

import { createHash } from "node:crypto";

/** JSON with the members of its objects in the order of their names: equal values have equal texts. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** The SHA-256 of a description, in hexadecimal digits. */
export function descriptionHash(raw: unknown): string {
  return sha256(sortedJson(raw));
}

/** The SHA-256 of a text in UTF-8, in hexadecimal digits. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

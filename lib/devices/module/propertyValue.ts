/** The values of properties as they are recorded, and their data keys. */

import type { DataKeyBody } from "../../core/signal/signalBackend";
import { isStructuredProperty, listKind } from "../../secop/description/properties";

/**
 * The value of a property as its signal has it. A custom property for which event-model has no type is JSON
 * text.
 */
export function recordedProperty(name: string, json: unknown): unknown {
  if (typeof json === "string" || typeof json === "number" || typeof json === "boolean") return json;
  return listKind(json) !== undefined || isStructuredProperty(name) ? json : JSON.stringify(json);
}

/** The data key of a property. */
export function propertyDataKey(name: string, json: unknown): DataKeyBody {
  const value = recordedProperty(name, json);
  const kind = listKind(value);
  if (kind !== undefined) {
    const length = (value as readonly unknown[]).length;
    const dtype_numpy = kind === "number" ? "<f8" : `|S${longest(value as readonly string[])}`;
    return { dtype: "array", shape: [length], dtype_numpy };
  }
  if (typeof value === "number") {
    return { dtype: "number", shape: [], ...(name === "timeout" && { units: "s" }) };
  }
  if (typeof value === "boolean") return { dtype: "boolean", shape: [] };
  return { dtype: typeof value === "object" ? "array" : "string", shape: [] };
}

const longest = (texts: readonly string[]): number => Math.max(1, ...texts.map((text) => Buffer.byteLength(text)));

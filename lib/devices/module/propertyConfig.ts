/** The properties of nodes and modules as configuration readings. */

import type { DataKey, DataKeys, Readings } from "../../core/protocols/protocols";
import type { ModuleDescription, NodeDescription } from "../../secop/description/description";

/**
 * Adds the properties to the configuration readings of a device, as `<name>-<property>`. A parameter of the
 * same name takes precedence.
 */
export function withProperties(name: string, properties: ReadonlyMap<string, unknown>, parameters: Readings): Readings {
  const timestamp = Date.now() / 1000;
  const entries = [...properties].map(([key, json]) => [`${name}-${key}`, { value: scalar(json).value, timestamp }]);
  return { ...Object.fromEntries(entries), ...parameters };
}

/**
 * The data keys that belong to `withProperties`. `source` is `host:port` of a node, `host:port:module` of a
 * module.
 */
export function withPropertyKeys(
  name: string,
  source: string,
  properties: ReadonlyMap<string, unknown>,
  parameters: DataKeys,
): DataKeys {
  const keyOf = (key: string, json: unknown): DataKey => ({
    source: `${source}:${key}`,
    dtype: scalar(json).dtype,
    shape: [],
  });
  const entries = [...properties].map(([key, json]) => [`${name}-${key}`, keyOf(key, json)]);
  return { ...Object.fromEntries(entries), ...parameters };
}

/** The properties of a module, without empty ones. */
export function moduleProperties(module: ModuleDescription): ReadonlyMap<string, unknown> {
  const { description, implementation, group, interface_classes, features } = module;
  return present({
    description,
    implementation,
    interface_classes: interface_classes.length > 0 ? interface_classes.join(", ") : undefined,
    features: features.length > 0 ? features.join(", ") : undefined,
    group,
    ...Object.fromEntries(module.properties),
  });
}

/** The properties of a node, without empty ones. */
export function nodeProperties(node: NodeDescription): ReadonlyMap<string, unknown> {
  const { equipment_id, description, firmware, implementor } = node;
  return present({
    equipment_id,
    description,
    firmware,
    implementor,
    ...Object.fromEntries(node.properties),
  });
}

function present(properties: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(properties).filter(([, value]) => value !== undefined && value !== ""));
}

/** A value for which event-model has no scalar type is recorded as JSON text. */
function scalar(json: unknown): { readonly value: unknown; readonly dtype: DataKey["dtype"] } {
  if (typeof json === "number") return { value: json, dtype: "number" };
  if (typeof json === "boolean") return { value: json, dtype: "boolean" };
  return { value: typeof json === "string" ? json : JSON.stringify(json), dtype: "string" };
}

import type { DataKey, DataKeys, Readings } from "../../core/protocols/protocols";
import type { ModuleDescription, NodeDescription } from "../../secop/description/description";

/**
 * What a device is, recorded once per run beside its parameters: readings `<name>-<property>`. A parameter of that name goes first.
 */
export function withProperties(name: string, properties: ReadonlyMap<string, unknown>, parameters: Readings): Readings {
  const timestamp = Date.now() / 1000;
  const entries = [...properties].map(([key, json]) => [`${name}-${key}`, { value: scalar(json).value, timestamp }]);
  return { ...Object.fromEntries(entries), ...parameters };
}

/** The data keys of the same. `source` is `host:port` of a node, `host:port:module` of a module. */
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

/** Of a module. */
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

/** Of a node. */
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

/** What event-model has no type for is recorded as JSON text. */
function scalar(json: unknown): { readonly value: unknown; readonly dtype: DataKey["dtype"] } {
  if (typeof json === "number") return { value: json, dtype: "number" };
  if (typeof json === "boolean") return { value: json, dtype: "boolean" };
  return { value: typeof json === "string" ? json : JSON.stringify(json), dtype: "string" };
}

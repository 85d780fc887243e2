/** How a parameter is recorded in a run by default. */

import type { ModuleDescription, ParameterDescription } from "../secop/description/description";
import { interfaceClassOf } from "../secop/description/interfaceClass";

/** The same names as in `Format` of lib/core. */
export type SignalFormat = "hinted" | "hinted-uncached" | "uncached" | "config" | "omit";

/**
 * The values of the custom property `_signal_format`, by which a node chooses the format, in the terms of
 * ophyd.
 */
const FORMATS: ReadonlyMap<unknown, SignalFormat> = new Map<unknown, SignalFormat>([
  ["HINTED_SIGNAL", "hinted"],
  ["HINTED_UNCACHED_SIGNAL", "hinted-uncached"],
  ["UNCACHED_SIGNAL", "uncached"],
  ["CONFIG_SIGNAL", "config"],
]);

/**
 * The format of a parameter: fixed for `value`, `target` and `status`, else chosen by the node, else
 * "config".
 */
export function signalFormat(module: ModuleDescription, { name, properties }: ParameterDescription): SignalFormat {
  if (name === "value" || (name === "target" && interfaceClassOf(module) === "Drivable")) return "hinted";
  if (name === "status") return "omit";
  return FORMATS.get(properties.get("_signal_format")) ?? "config";
}

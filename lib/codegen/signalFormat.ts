/** How a parameter is recorded in a run unless somebody says otherwise. */
import type { ModuleDescription, ParameterDescription } from "../secop/description/description";
import { interfaceClassOf } from "../secop/description/interfaceClass";

/** As `Format` of lib/core. */
export type SignalFormat = "hinted" | "hinted-uncached" | "uncached" | "config" | "omit";

/** ophyd's words in the custom property `_signal_format`, by which a node says how a parameter is to be recorded. */
const FORMATS: ReadonlyMap<unknown, SignalFormat> = new Map<unknown, SignalFormat>([
  ["HINTED_SIGNAL", "hinted"],
  ["HINTED_UNCACHED_SIGNAL", "hinted-uncached"],
  ["UNCACHED_SIGNAL", "uncached"],
  ["CONFIG_SIGNAL", "config"],
]);

export function signalFormat(module: ModuleDescription, { name, properties }: ParameterDescription): SignalFormat {
  if (name === "value" || (name === "target" && interfaceClassOf(module) === "Drivable")) return "hinted";
  if (name === "status") return "omit";
  return FORMATS.get(properties.get("_signal_format")) ?? "config";
}

/** The speed with which a module moves, by its own parameters. */

import type { Datainfo } from "../values/datainfo";
import { datainfoUnit } from "../values/datainfoUnit";

/** Parameters with the speed of a module, the standard one first; custom names begin with an underscore. */
const SPEEDS = ["ramp", "_ramp", "speed", "_speed"];

/** Seconds in the unit of time of a speed. */
const SECONDS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["sec", 1],
  ["min", 60],
  ["h", 3600],
]);

/** The parameters of a module, as far as they are known. */
export interface SpeedParameters {
  /** The datainfo of a parameter; undefined if the module does not have it. */
  datainfo(name: string): Datainfo | undefined;
  /** The value of a parameter; undefined if it is not known. */
  value(name: string): unknown;
}

/** The parameter with the speed of a module; undefined if it has none. */
export function speedParameter(datainfo: SpeedParameters["datainfo"]): string | undefined {
  return SPEEDS.find((name) => datainfo(name));
}

/**
 * The speed in units of the value per second; undefined if the module has none, does not use it, or if it is
 * not a positive number.
 */
export function moveSpeed(module: SpeedParameters): number | undefined {
  const name = speedParameter((parameter) => module.datainfo(parameter));
  if (name === undefined || !isInUse(module)) return undefined;
  const value = module.value(name);
  const seconds = secondsOf(module, name);
  if (typeof value !== "number" || !(value > 0) || seconds === undefined) return undefined;
  return value / seconds;
}

/** Whether the module uses its speed: a switch or a mode may turn ramping off. */
function isInUse({ datainfo, value }: SpeedParameters): boolean {
  if (value("use_ramp") === false) return false;
  const modes = datainfo("mode");
  return !(modes?.type === "enum" && "ramp" in modes.members) || value("mode") === "ramp";
}

/**
 * Seconds in the unit of time of a speed parameter; undefined if it is another quantity. A `ramp` without a
 * unit is in units of the value per minute (SECoP 1.1, 4.6).
 */
function secondsOf({ datainfo }: SpeedParameters, name: string): number | undefined {
  const [speed, moved] = [datainfo(name), datainfo("value")];
  const mainUnit = moved ? datainfoUnit(moved) : "";
  const unit = speed ? datainfoUnit(speed, mainUnit) : "";
  if (unit === "") return name.endsWith("ramp") ? 60 : undefined;
  const [main = "", time = ""] = unit.split("/");
  return main.trim() === mainUnit ? SECONDS.get(time.trim()) : undefined;
}

/** How long a movement takes, for `preview`. */

import { datainfoUnit } from "../../secop/values/datainfoUnit";
import type { ModuleHandle } from "../module/moduleHandle";

/** Parameters with the speed of a module, the standard one first; custom names begin with an underscore. */
const SPEEDS = ["ramp", "_ramp", "speed", "_speed"];

/** Seconds in the unit of time of a speed. */
const SECONDS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["sec", 1],
  ["min", 60],
  ["h", 3600],
]);

/** Seconds from one value to another at the set speed; undefined if the module has no speed. */
export function moveDuration(handle: ModuleHandle, target: unknown, from: unknown): number | undefined {
  if (typeof target !== "number" || typeof from !== "number") return undefined;
  if (target === from) return 0;
  const speed = speedOf(handle);
  return speed === undefined ? undefined : Math.abs(target - from) / speed;
}

/** The speed in units of the value per second. */
function speedOf(handle: ModuleHandle): number | undefined {
  const name = SPEEDS.find((parameter) => handle.parameter(parameter));
  if (name === undefined || !isInUse(handle)) return undefined;
  const { value, error } = handle.known(name) ?? {};
  const seconds = secondsOf(handle, name);
  if (error || typeof value !== "number" || !(value > 0) || seconds === undefined) return undefined;
  return value / seconds;
}

/** Whether the module uses its speed: a switch or a mode may turn ramping off. */
function isInUse(handle: ModuleHandle): boolean {
  if (handle.known("use_ramp")?.value === false) return false;
  const modes = handle.parameter("mode")?.datainfo;
  return !(modes?.type === "enum" && "ramp" in modes.members) || handle.known("mode")?.value === "ramp";
}

/**
 * Seconds in the unit of time of a speed parameter; undefined if it is another quantity. A `ramp` without a
 * unit is in units of the value per minute (SECoP 1.1, 4.6).
 */
function secondsOf(handle: ModuleHandle, name: string): number | undefined {
  const datainfo = handle.parameter(name)?.datainfo;
  const unit = datainfo ? datainfoUnit(datainfo, handle.mainUnit()) : "";
  if (unit === "") return name.endsWith("ramp") ? 60 : undefined;
  const [main = "", time = ""] = unit.split("/");
  return main.trim() === handle.mainUnit() ? SECONDS.get(time.trim()) : undefined;
}

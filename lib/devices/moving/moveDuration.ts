import { unitOf } from "../module/dataKey";
import type { ModuleHandle } from "../module/moduleHandle";

/** Parameters that may tell how fast a module changes, the standard one first; custom names begin with an underscore. */
const SPEEDS = ["ramp", "_ramp", "speed", "_speed"];

/** Seconds of what stands below the line in the unit of a speed. */
const SECONDS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["sec", 1],
  ["min", 60],
  ["h", 3600],
]);

/** Seconds a module takes from one value to another at the speed it is set to; undefined where it does not tell a speed. */
export function moveDuration(handle: ModuleHandle, target: unknown, from: unknown): number | undefined {
  if (typeof target !== "number" || typeof from !== "number") return undefined;
  if (target === from) return 0;
  const speed = speedOf(handle);
  return speed === undefined ? undefined : Math.abs(target - from) / speed;
}

/** In main units per second. */
function speedOf(handle: ModuleHandle): number | undefined {
  const name = SPEEDS.find((parameter) => handle.parameter(parameter));
  if (name === undefined || !isInUse(handle)) return undefined;
  const { value, error } = handle.known(name) ?? {};
  const seconds = secondsOf(handle, name);
  if (error || typeof value !== "number" || !(value > 0) || seconds === undefined) return undefined;
  return value / seconds;
}

/** A module with a switch or a mode for it may not ramp. */
function isInUse(handle: ModuleHandle): boolean {
  if (handle.known("use_ramp")?.value === false) return false;
  const modes = handle.parameter("mode")?.datainfo;
  return !(modes?.type === "enum" && "ramp" in modes.members) || handle.known("mode")?.value === "ramp";
}

/** Seconds of its unit of time: `ramp` is in main units a minute, unless it has another unit (SECoP 1.1, 4.6); undefined where it is another quantity. */
function secondsOf(handle: ModuleHandle, name: string): number | undefined {
  const datainfo = handle.parameter(name)?.datainfo;
  const unit = datainfo ? unitOf(datainfo, handle.mainUnit()) : "";
  if (unit === "") return name.endsWith("ramp") ? 60 : undefined;
  const [main = "", time = ""] = unit.split("/");
  return main.trim() === handle.mainUnit() ? SECONDS.get(time.trim()) : undefined;
}

import { isDeepStrictEqual } from "node:util";
import type { ModuleHandle } from "../module/moduleHandle";

/**
 * Whether a value is where it was sent: within the module's own tolerance if it has one, else within a hundredth of the way
 * from `initial` and the resolution. What is no number must be equal.
 */
export function isAt(handle: ModuleHandle, value: unknown, target: unknown, initial: unknown): boolean {
  if (typeof value !== "number" || typeof target !== "number") return isDeepStrictEqual(value, target);
  const way = typeof initial === "number" ? 0.01 * Math.abs(target - initial) : 0;
  const distance = Math.abs(value - target);
  return distance <= Math.max(resolution(handle, target), way, initial === undefined ? 0 : tolerance(handle));
}

function resolution(handle: ModuleHandle, target: number): number {
  const info = handle.parameter("value")?.datainfo;
  if (info?.type !== "double" && info?.type !== "scaled") return 0;
  const absolute = info.absolute_resolution ?? (info.type === "scaled" ? info.scale : 0);
  return Math.max(absolute, (info.relative_resolution ?? 1e-6) * Math.abs(target));
}

/** Custom names begin with an underscore. */
function tolerance(handle: ModuleHandle): number {
  const { value } = handle.known("tolerance") ?? handle.known("_tolerance") ?? {};
  return typeof value === "number" && value > 0 ? value : 0;
}

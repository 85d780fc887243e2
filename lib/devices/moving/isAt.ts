/** Whether a module has reached its target. */

import { isDeepStrictEqual } from "node:util";
import type { ModuleHandle } from "../module/moduleHandle";

/**
 * Whether a value counts as its target: it is within the tolerance of the module, within its resolution, or
 * within a hundredth of the way from `initial`. Values that are not numbers must be equal.
 *
 * @param initial the value at the start; without one, only the resolution counts.
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

/** The parameter `tolerance`; custom names begin with an underscore. */
function tolerance(handle: ModuleHandle): number {
  const { value } = handle.known("tolerance") ?? handle.known("_tolerance") ?? {};
  return typeof value === "number" && value > 0 ? value : 0;
}

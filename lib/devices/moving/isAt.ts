/** Whether a module has reached its target. */

import { isDeepStrictEqual } from "node:util";
import type { ModuleHandle } from "../module/moduleHandle";

/**
 * Whether a value counts as its target: it is within the tolerance of the module, or its resolution. For a
 * module without a tolerance, a hundredth of the way from `initial` will do. Values that are not numbers must
 * be equal.
 *
 * @param initial the value at the start; without one, only the resolution counts.
 * @param wanted a tolerance that replaces that of the module.
 */
export function isAt(
  handle: ModuleHandle,
  value: unknown,
  target: unknown,
  initial: unknown,
  wanted: number | undefined,
): boolean {
  if (typeof value !== "number" || typeof target !== "number") return isDeepStrictEqual(value, target);
  const distance = Math.abs(value - target);
  if (initial === undefined) return distance <= resolution(handle, target);
  const allowed =
    wanted ?? toleranceOf(handle) ?? 0.01 * (typeof initial === "number" ? Math.abs(target - initial) : 0);
  return distance <= Math.max(resolution(handle, target), allowed);
}

function resolution(handle: ModuleHandle, target: number): number {
  const info = handle.parameter("value")?.datainfo;
  if (info?.type !== "double" && info?.type !== "scaled") return 0;
  const absolute = info.absolute_resolution ?? (info.type === "scaled" ? info.scale : 0);
  return Math.max(absolute, (info.relative_resolution ?? 1e-6) * Math.abs(target));
}

/**
 * The parameter `tolerance`, if the module has one with a value above 0; custom names begin with an
 * underscore.
 */
export function toleranceOf(handle: ModuleHandle): number | undefined {
  const { value } = handle.known("tolerance") ?? handle.known("_tolerance") ?? {};
  return typeof value === "number" && value > 0 ? value : undefined;
}

/**
 * Limits that a node may change at any time: the parameters `<name>_limits`, `<name>_min` and `<name>_max`.
 */

import type { Datainfo } from "../../secop/values/datainfo";
import type { ModuleHandle } from "./moduleHandle";

/**
 * The datainfo of a parameter with its limits as they are now: those of the description, narrowed by what the
 * parameters for limits last reported. Its own datainfo if it is not a number, or if they have no value.
 */
export function presentInfo(handle: ModuleHandle, name: string): Datainfo {
  const { datainfo } = handle.require(name);
  // A mocked node invents the values of its parameters.
  if (handle.link.mocked) return datainfo;
  const [low, high] = pair(handle, `${name}_limits`);
  const lows = numbers(low, reported(handle, `${name}_min`));
  const highs = numbers(high, reported(handle, `${name}_max`));
  if (lows.length === 0 && highs.length === 0) return datainfo;
  if (datainfo.type === "double") return { ...datainfo, ...narrowed(datainfo, lows, highs) };
  if (datainfo.type === "int")
    return { ...datainfo, ...narrowed(datainfo, lows.map(Math.ceil), highs.map(Math.floor)) };
  if (datainfo.type !== "scaled") return datainfo;
  const { scale } = datainfo;
  // The limits are rounded to steps; the small part keeps a limit that is a step itself.
  const lowest = lows.map((limit) => Math.ceil(limit / scale - 1e-6));
  const highest = highs.map((limit) => Math.floor(limit / scale + 1e-6));
  return { ...datainfo, ...narrowed(datainfo, lowest, highest) };
}

interface Limits {
  readonly min?: number;
  readonly max?: number;
}

function narrowed(fixed: Limits, lows: readonly number[], highs: readonly number[]): Limits {
  const min = Math.max(...numbers(fixed.min), ...lows);
  const max = Math.min(...numbers(fixed.max), ...highs);
  return { ...(Number.isFinite(min) && { min }), ...(Number.isFinite(max) && { max }) };
}

const numbers = (...values: readonly unknown[]): number[] =>
  values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));

/** The last reported value of a parameter; undefined if there is none. */
function reported(handle: ModuleHandle, name: string): unknown {
  if (!handle.parameter(name)) return undefined;
  const item = handle.known(name);
  return item?.error ? undefined : item?.value;
}

function pair(handle: ModuleHandle, name: string): readonly unknown[] {
  const value = reported(handle, name);
  return Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>) : [];
}

/** Limits of a parameter that are parameters themselves: `target_min`, `target_max` and `target_limits`. */

import { SecopRangeError } from "../../errors";
import type { ModuleDescription } from "../../secop/description/description";
import { codecFor } from "../../secop/values/codecFor";
import type { Datainfo } from "../../secop/values/datainfo";
import { physicalLimits } from "../../secop/values/scale";

/** The first value of a parameter that limits another one: all that the other allows. Else undefined. */
export function widestLimit(module: ModuleDescription, name: string, info: Datainfo): unknown {
  const [, base, postfix] = /^(.+)_(limits|min|max)$/.exec(name) ?? [];
  const limited = base === undefined ? undefined : module.accessibles.get(base);
  if (limited?.kind !== "parameter") return undefined;
  const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = physicalLimits(limited.datainfo);
  const widest = postfix === "limits" ? [min, max] : postfix === "min" ? min : max;
  try {
    codecFor(info).encode(widest);
    return widest;
  } catch {
    // It has another type, or limits of its own.
    return undefined;
  }
}

/** @throws SecopRangeError if a value is beyond the limits that the module has now */
export function checkDynamicLimits(
  module: ModuleDescription,
  name: string,
  value: unknown,
  present: (parameter: string) => unknown,
): void {
  if (typeof value !== "number") return;
  const known = (parameter: string) =>
    module.accessibles.get(parameter)?.kind === "parameter" ? present(parameter) : undefined;
  const both = known(`${name}_limits`);
  const [low, high] = Array.isArray(both) ? both : [undefined, undefined];
  const lowest = Math.max(...[low, known(`${name}_min`)].filter((limit) => typeof limit === "number"));
  const highest = Math.min(...[high, known(`${name}_max`)].filter((limit) => typeof limit === "number"));
  if (value < lowest) throw new SecopRangeError(`${value} is below the limit ${lowest}`);
  if (value > highest) throw new SecopRangeError(`${value} is above the limit ${highest}`);
}

/** How long a movement takes, for `preview`. */

import { moveSpeed } from "../../secop/description/moveSpeed";
import type { ModuleHandle } from "../module/moduleHandle";

/** Seconds from one value to another at the set speed; undefined if the module has no speed. */
export function moveDuration(handle: ModuleHandle, target: unknown, from: unknown): number | undefined {
  if (typeof target !== "number" || typeof from !== "number") return undefined;
  if (target === from) return 0;
  const speed = moveSpeed({
    datainfo: (name) => handle.parameter(name)?.datainfo,
    value: (name) => {
      const item = handle.known(name);
      return item?.error ? undefined : item?.value;
    },
  });
  return speed === undefined ? undefined : Math.abs(target - from) / speed;
}

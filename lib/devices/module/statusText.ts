/** A module status in words, for messages and displays. */

import type { ModuleStatus } from "../../secop/values/moduleStatus";

/** The name of the status and its text, once where they say the same: `ERROR: sensor broken`, `IDLE`. */
export function statusText({ name, text }: ModuleStatus): string {
  return text === "" || text.toLowerCase() === name.toLowerCase() ? name : `${name}: ${text}`;
}

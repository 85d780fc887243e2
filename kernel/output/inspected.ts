/** The text of a value by Node's `inspect`, also of values that cannot be inspected. */

import { type InspectOptions, inspect } from "node:util";
import { errorText } from "../../lib/errors";

/** The text of a value. If its own `inspect`, or a getter or proxy, throws, the text says so. */
export function inspected(value: unknown, options: InspectOptions = {}): string {
  try {
    return inspect(value, options);
  } catch (error) {
    const reason = `(showing it failed: ${errorText(error)})`;
    try {
      return `${inspect(value, { ...options, customInspect: false, getters: false })}\n${reason}`;
    } catch {
      return `${Object.prototype.toString.call(value)} ${reason}`;
    }
  }
}

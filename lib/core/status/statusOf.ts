/** The status of what a method of a device returned. */

import { isStatus, type StatusLike } from "../protocols/protocols";
import type { DeadlineOptions } from "./deadline";
import { isPromiseLike, Status } from "./status";

/**
 * The status that a method returned, or one that ends as the promise of an `async` method does; undefined for
 * anything else. A promise knows nothing of `timeout` and `signal`, so they are applied to it here.
 *
 * @param name of the device
 */
export function statusOf(returned: unknown, name: string, options: DeadlineOptions = {}): StatusLike | undefined {
  if (isStatus(returned)) return returned;
  if (!isPromiseLike(returned)) return undefined;
  const status = Status.from(returned, name);
  return typeof options.timeout === "number" || options.signal ? status.within(options) : status;
}

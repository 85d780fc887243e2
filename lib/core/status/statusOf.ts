/** Turns what a method of a device returned into a status. */

import { isStatus, type StatusLike } from "../protocols/protocols";
import type { DeadlineOptions } from "./deadline";
import { isPromiseLike, Status } from "./status";

/**
 * The status that a method returned, or one that ends as the promise of an `async` method does; undefined for
 * anything else. A promise cannot observe `timeout` and `signal` itself, so they are applied here.
 *
 * @param name of the device
 */
export function statusOf(returned: unknown, name: string, options: DeadlineOptions = {}): StatusLike | undefined {
  if (isStatus(returned)) return returned;
  if (!isPromiseLike(returned)) return undefined;
  const status = Status.from(returned, name);
  return typeof options.timeout === "number" || options.signal ? status.within(options) : status;
}

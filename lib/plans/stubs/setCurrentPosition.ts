/** Says where a device is, without moving it. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { HasName } from "../../core/protocols/protocols";
import type { SignalRW } from "../../core/signal/signal";
import { plan } from "../plan";

/** A device whose present position can be given another value. */
export interface Calibratable<T = number> extends HasName {
  /** From now on the present position has this value; nothing moves. */
  setCurrentPosition(value: T): unknown;
}

/**
 * Calls the present position of a device `value`, by default 0: `yield* setCurrentPosition(theta)`. Nothing
 * moves. Motors of EPICS change their offset, derived axes set the positions of their raw members, and other
 * signals and devices are shifted in this session only. The start documents of later runs have it in
 * `current_positions`: what the device read before, what it reads since, and when that was.
 */
export const setCurrentPosition = plan(
  "setCurrentPosition",
  function* (device: Calibratable | SignalRW<number>, value = 0): Plan<void> {
    yield Msg("set_current_position", device, [value]);
  },
);

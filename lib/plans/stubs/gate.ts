/** Waits until the value of a signal allows a plan to go on. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { Subscribable } from "../../core/protocols/protocols";
import { plan } from "../plan";

/** Options of `gate`, the last argument. */
export interface GateOptions {
  /** Seconds until the plan fails; default: never. */
  readonly timeout?: number;
}

/**
 * Waits until `isOpen` returns true for the value of a signal: `yield* gate(beam.current, (mA) => mA > 100)`.
 * While the signal has no valid value, because its connection is lost for example, the gate stays closed.
 */
export const gate = plan("gate", function* <
  T,
>(signal: Subscribable<T>, isOpen: (value: T) => boolean, options: GateOptions = {}): Plan<void> {
  yield Msg("gate", signal, [isOpen], { ...options });
});

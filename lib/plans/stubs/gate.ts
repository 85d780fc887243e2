import { Msg, type Plan } from "../../core/protocols/msg";
import type { Subscribable } from "../../core/protocols/protocols";
import { plan } from "../plan";

/** How long a gate waits. */
export interface GateOptions {
  /** Seconds; default for ever. */
  readonly timeout?: number;
}

/** Waits until `isOpen` holds for the value of a signal: `yield* gate(beam.current, (mA) => mA > 100)`. */
export const gate = plan("gate", function* <
  T,
>(signal: Subscribable<T>, isOpen: (value: T) => boolean, options: GateOptions = {}): Plan<void> {
  yield Msg("gate", signal, [isOpen], { ...options });
});

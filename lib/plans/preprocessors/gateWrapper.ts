/** Waits at each point of a plan until a signal allows it. */

import type { Plan } from "../../core/protocols/msg";
import type { Subscribable } from "../../core/protocols/protocols";
import { plan } from "../plan";
import { gate } from "../stubs/gate";
import { planMutator } from "./mutators";

/**
 * Waits at each checkpoint until `isOpen` returns true for the value of a
 * signal, so that no point is measured before.
 */
export const gateWrapper = plan("gateWrapper", function* <
  T,
  V,
>(inner: Plan<T>, signal: Subscribable<V>, isOpen: (value: V) => boolean): Plan<T> {
  return yield* planMutator(inner, (msg) =>
    msg.command === "checkpoint" ? [null, gate(signal, isOpen)] : [null, null],
  );
});

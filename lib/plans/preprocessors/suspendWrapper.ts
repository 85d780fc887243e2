/** Installs suspenders around a plan. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { Suspender } from "../../engine/suspend/suspension";
import { plan } from "../plan";

/** Installs suspenders while the plan runs. */
export const suspendWrapper = plan("suspendWrapper", function* <
  T,
>(inner: Plan<T>, suspenders: Suspender | readonly Suspender[]): Plan<T> {
  const list = Array.isArray(suspenders) ? (suspenders as readonly Suspender[]) : [suspenders as Suspender];
  try {
    for (const suspender of list) yield Msg("install_suspender", null, [suspender]);
    return yield* inner;
  } finally {
    for (const suspender of list) yield Msg("remove_suspender", null, [suspender]);
  }
});

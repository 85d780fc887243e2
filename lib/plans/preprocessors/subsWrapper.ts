/** Subscribes callbacks to documents while a plan runs. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { DocumentName } from "../../engine/documents/documents";
import { eachSubscription, type Subscriptions } from "../../engine/documents/subscriptions";
import { plan } from "../plan";

/** Has a second signature, for callbacks that look at the name only. */
interface SubsWrapper {
  <T>(inner: Plan<T>, subscriptions: Subscriptions): Plan<T>;
  <T>(inner: Plan<T>, subscriptions: (name: DocumentName) => unknown): Plan<T>;
}

/** Passes documents to callbacks while the plan runs. */
export const subsWrapper = plan("subsWrapper", function* <T>(inner: Plan<T>, subscriptions: Subscriptions): Plan<T> {
  const tokens: unknown[] = [];
  try {
    for (const [name, fn] of eachSubscription(subscriptions)) tokens.push(yield Msg("subscribe", null, [fn, name]));
    return yield* inner;
  } finally {
    for (const token of tokens) yield Msg("unsubscribe", null, [], { token });
  }
}) as SubsWrapper;

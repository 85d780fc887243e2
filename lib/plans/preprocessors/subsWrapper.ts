/** Subscribes callbacks to documents while a plan runs. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { DocumentCallback, DocumentName, DocumentTypes } from "../../engine/documents/documents";
import { plan } from "../plan";

/** One of a kind, or a list of them. */
type Some<F> = F | readonly F[];

/** Callbacks for documents: one for all documents, several, or some for each name of document. */
export type Subscriptions =
  | DocumentCallback
  | readonly DocumentCallback[]
  | ({ readonly [N in DocumentName]?: Some<(name: N, doc: DocumentTypes[N]) => unknown> } & {
      readonly all?: Some<DocumentCallback>;
    });

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

function eachSubscription(subscriptions: Subscriptions): (readonly [string, DocumentCallback])[] {
  if (typeof subscriptions === "function") return [["all", subscriptions]];
  if (Array.isArray(subscriptions)) return subscriptions.map((fn: DocumentCallback) => ["all", fn] as const);
  return Object.entries(subscriptions as Readonly<Record<string, Some<DocumentCallback>>>).flatMap(([name, fns]) =>
    (typeof fns === "function" ? [fns] : fns).map((fn) => [name, fn] as const),
  );
}

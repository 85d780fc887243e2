/**
 * What can be subscribed to documents: functions, objects with a method for each kind, and collections of
 * them.
 */

import { inspect } from "node:util";
import { UsageError } from "../../errors";
import { isThenable } from "../commandSteps";
import {
  DOCUMENT_NAMES,
  type DocumentCallback,
  type DocumentName,
  type DocumentTypes,
  type Event,
  type EventPage,
} from "./documents";

/**
 * An object with a method for each kind of document that it takes, as the classes of bluesky's callbacks:
 * `class Report { start(doc: RunStart) {...} event(doc: Event) {...} stop(doc: RunStop) {...} }`. One without
 * `event_page` gets the events of a page one by one.
 */
export type DocumentMethods = { readonly [N in DocumentName]?: (doc: DocumentTypes[N]) => unknown };

/** A function of name and document, or an object with methods. */
export type DocumentReceiver = DocumentCallback | DocumentMethods;

/** One of a kind, or a list of them. */
type Some<F> = F | readonly F[];

/** Functions by the name of the document that they take, `all` for each: `{ start: (name, doc) => ... }`. */
export type SubscriptionsByName = {
  readonly [N in DocumentName]?: Some<(name: N, doc: DocumentTypes[N]) => unknown>;
} & { readonly all?: Some<DocumentCallback> };

/**
 * What `RE(plan, subscriptions)` and `subsWrapper` take: one receiver, several, or functions by name of
 * document.
 */
export type Subscriptions = DocumentReceiver | readonly DocumentReceiver[] | SubscriptionsByName;

/** The names of the documents that a subscription gets; `all` for each of them. */
export type SubscribedName = DocumentName | "all";

const isDocumentName = (name: string): name is DocumentName => DOCUMENT_NAMES.includes(name as DocumentName);

/** Whether a value is a set of subscriptions rather than metadata. */
export function isSubscriptions(value: unknown): value is Subscriptions {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => isSubscriptions(one));
  return isByName(value) || methodsOf(value).length > 0;
}

/** Each function with the name of the documents that it takes. @throws UsageError for anything else */
export function eachSubscription(subscriptions: Subscriptions): (readonly [SubscribedName, DocumentCallback])[] {
  if (Array.isArray(subscriptions)) {
    return (subscriptions as readonly DocumentReceiver[]).flatMap((one) => eachSubscription(one));
  }
  if (!isByName(subscriptions)) return [["all", documentCallback(subscriptions as DocumentReceiver)]];
  return Object.entries(subscriptions).flatMap(([name, some]) =>
    [some].flat().map((fn) => [name as SubscribedName, documentCallback(fn as DocumentReceiver)] as const),
  );
}

/** The function that passes documents to a receiver. @throws UsageError for a value that takes none */
export function documentCallback(receiver: DocumentReceiver): DocumentCallback {
  if (typeof receiver === "function") return receiver as DocumentCallback;
  const names = typeof receiver === "object" && receiver !== null ? methodsOf(receiver) : [];
  if (names.length === 0) {
    throw new UsageError(
      "subscribe takes a function of name and document, or an object with methods such as start, event and stop," +
        ` not ${inspect(receiver, { depth: 0 })}`,
    );
  }
  const methods = receiver as Readonly<Record<string, (doc: unknown) => unknown>>;
  const receive = (name: DocumentName, doc: DocumentTypes[DocumentName]): unknown => {
    if (names.includes(name)) return methods[name]?.(doc);
    if (name !== "event_page" || !names.includes("event")) return undefined;
    return whenAll(Array.from(eventsOfPage(doc as EventPage), (event) => methods.event?.(event)));
  };
  Object.defineProperty(receive, "name", { value: receiver.constructor?.name ?? "" });
  return receive;
}

/** Joins the results of a consumer for several documents into one promise; undefined without promises. */
export function whenAll(results: readonly unknown[]): Promise<void> | undefined {
  return results.some(isThenable) ? Promise.all(results).then(() => {}) : undefined;
}

/** The events of a page, one by one. Pages of other programs may lack some of the columns. */
export function* eventsOfPage(page: EventPage): Generator<Event, void, undefined> {
  for (const [i, seq_num] of page.seq_num.entries()) {
    yield {
      uid: page.uid?.[i] ?? "",
      time: page.time[i] ?? Number.NaN,
      descriptor: page.descriptor,
      seq_num,
      data: rowOf(page.data, i),
      timestamps: rowOf(page.timestamps ?? {}, i),
      filled: rowOf(page.filled ?? {}, i),
    };
  }
}

/** Row `i` of columns. */
function rowOf<T>(columns: Readonly<Record<string, readonly T[]>>, i: number): Record<string, T> {
  return Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, values[i] as T]));
}

/**
 * A plain object whose keys are names of documents, with functions. An object of a class has methods instead.
 */
function isByName(value: object): value is SubscriptionsByName {
  if (typeof value === "function" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  const entries = Object.entries(value);
  const takes = (some: unknown) => [some].flat().every((fn) => isSubscriptions(fn));
  return entries.length > 0 && entries.every(([name, some]) => (name === "all" || isDocumentName(name)) && takes(some));
}

/** The names of the documents for which an object of a class has methods. */
function methodsOf(value: object): DocumentName[] {
  if (Object.getPrototypeOf(value) === Object.prototype) return [];
  const members = value as Readonly<Record<string, unknown>>;
  return DOCUMENT_NAMES.filter((name) => typeof members[name] === "function");
}

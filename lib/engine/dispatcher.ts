/**
 * Hands documents to their consumers, in the order of subscription. A consumer can neither break a run nor delay it by a promise:
 * its first error is shown, later ones are only counted. Consumers are held strongly, bound methods too.
 */
import { Observable } from "rxjs";
import { errorText } from "../errors";
import type { Document, DocumentCallback, DocumentName, DocumentTypes } from "./documents";

const ALL: readonly DocumentName[] = [
  "start",
  "descriptor",
  "event",
  "event_page",
  "stop",
  "resource",
  "datum",
  "stream_resource",
  "stream_datum",
];

type AnyCallback = (name: DocumentName, doc: DocumentTypes[DocumentName]) => unknown;

interface Subscription {
  readonly token: number;
  readonly names: readonly DocumentName[];
  readonly call: AnyCallback;
  failures: number;
}

export class Dispatcher {
  /** Documents as they are made, for any number of observers. */
  readonly documents$: Observable<Document>;
  readonly #report: (text: string, error: unknown) => void;
  readonly #lists = new Map<DocumentName, readonly Subscription[]>(ALL.map((name) => [name, []]));
  #tokens = 0;

  /** `report` shows a line about a consumer that failed. */
  constructor(report: (text: string, error: unknown) => void) {
    this.#report = report;
    this.documents$ = new Observable((observer) => {
      const token = this.subscribe((name, doc) => observer.next({ name, doc } as Document));
      return () => this.unsubscribe(token);
    });
  }

  /** Calls `fn(name, doc)` for documents of one name, by default of all. The token is for `unsubscribe`. */
  subscribe(fn: DocumentCallback, name: DocumentName | "all" = "all"): number {
    this.#tokens += 1;
    const names = name === "all" ? ALL : [name];
    const subscription = { token: this.#tokens, names, call: fn as AnyCallback, failures: 0 };
    for (const each of names) this.#lists.set(each, [...(this.#lists.get(each) ?? []), subscription]);
    return subscription.token;
  }

  unsubscribe(token: number): void {
    for (const [name, list] of this.#lists) {
      if (list.some((s) => s.token === token))
        this.#lists.set(
          name,
          list.filter((s) => s.token !== token),
        );
    }
  }

  emit<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    const list = this.#lists.get(name);
    if (!list) return;
    for (const subscription of list) {
      try {
        const pending = subscription.call(name, doc);
        if (pending instanceof Object && "catch" in pending) {
          (pending as Promise<unknown>).catch((error: unknown) => this.#failed(subscription, name, error));
        }
      } catch (error) {
        this.#failed(subscription, name, error);
      }
    }
  }

  #failed(subscription: Subscription, name: DocumentName, error: unknown): void {
    subscription.failures += 1;
    if (subscription.failures > 1) return;
    const who = subscription.call.name || "a document callback";
    this.#report(
      `${who} failed on a ${name} document (the run goes on, further errors of it are not shown): ${errorText(error)}`,
      error,
    );
  }
}

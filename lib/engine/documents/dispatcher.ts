/** Hands documents to their consumers, in the order of subscription. */

// Unless it is strict, a consumer can neither break a run, as its first error is only reported, nor delay it,
// as its promises are awaited after the runs and for a limited time only: a writer's last file, a plot's last
// picture. Consumers are referenced strongly, bound methods included.

import { inspect } from "node:util";
import { Observable } from "rxjs";
import { errorText, UsageError } from "../../errors";
import { firstOnly, IsolatedObservable } from "../../isolatedObservable";
import { inTime } from "../../timeLimit";
import { ConsumerFailed } from "../planErrors";
import { DOCUMENT_NAMES, type Document, type DocumentName, type DocumentTypes } from "./documents";
import { type DocumentReceiver, documentCallback } from "./subscriptions";

type AnyCallback = (name: DocumentName, doc: DocumentTypes[DocumentName]) => unknown;

interface Subscription {
  readonly token: number;
  readonly names: readonly DocumentName[];
  readonly call: AnyCallback;
  /** Ends the run, if the consumer is strict; else reports the first failure. */
  readonly failed: (name: DocumentName, error: unknown) => void;
}

/** How a consumer is subscribed. */
export interface SubscribeOptions {
  /**
   * Whether an error of the consumer ends the run, e.g. of a file without which it is worthless. Default
   * false.
   */
  readonly strict?: boolean;
}

export class Dispatcher {
  /** Emits the documents from now on, for any number of observers. */
  readonly documents$: Observable<Document>;
  readonly #report: (text: string) => void;
  readonly #onStrictFailure: (error: Error) => void;
  readonly #lists = new Map<DocumentName, readonly Subscription[]>(DOCUMENT_NAMES.map((name) => [name, []]));
  readonly #pending = new Set<Promise<unknown>>();
  #tokens = 0;

  /**
   * @param report shows the user a line about a consumer that failed
   * @param onStrictFailure ends the run because a strict consumer failed
   */
  constructor(report: (text: string) => void, onStrictFailure: (error: Error) => void = () => {}) {
    this.#report = report;
    this.#onStrictFailure = onStrictFailure;
    const documents$ = new Observable<Document>((observer) => {
      const token = this.subscribe((name, doc) => observer.next({ name, doc } as Document));
      return () => this.unsubscribe(token);
    });
    this.documents$ = new IsolatedObservable(documents$, (text) => report(`documents$: ${text}`));
  }

  /**
   * Passes the documents of one name to a function or to the methods of an object, by default all documents.
   * @returns a token for `unsubscribe`
   */
  subscribe(receiver: DocumentReceiver, name: DocumentName | "all" = "all", options: SubscribeOptions = {}): number {
    const fn = documentCallback(receiver);
    if (name !== "all" && !DOCUMENT_NAMES.includes(name))
      throw new UsageError(`there are no documents named ${inspect(name)}: all, ${DOCUMENT_NAMES.join(", ")}`);
    this.#tokens += 1;
    const names = name === "all" ? DOCUMENT_NAMES : [name];
    const failed = options.strict
      ? (document: DocumentName, error: unknown) => this.#onStrictFailure(consumerFailed(fn.name, document, error))
      : firstOnly((document: DocumentName, error: unknown) => this.#reportFailure(fn.name, document, error));
    const subscription = { token: this.#tokens, names, call: fn as AnyCallback, failed };
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
        if (isPromise(pending)) this.#keep(pending.catch((error: unknown) => subscription.failed(name, error)));
      } catch (error) {
        subscription.failed(name, error);
      }
    }
  }

  /** Resolves when the promises of consumers are settled, at the latest after `limit` seconds. */
  async settled(limit: number): Promise<void> {
    if (this.#pending.size === 0) return;
    await inTime(Promise.all(this.#pending), limit);
    this.giveUp();
  }

  /** Forgets the promises of consumers: after code was stopped by force they may never settle. */
  giveUp(): void {
    this.#pending.clear();
  }

  #keep(pending: Promise<unknown>): void {
    this.#pending.add(pending);
    void pending.then(() => this.#pending.delete(pending));
  }

  #reportFailure(callback: string, name: DocumentName, error: unknown): void {
    this.#report(
      `${failureOn(callback, name)} (the run goes on, further errors of it are not shown): ${errorText(error)}`,
    );
  }
}

const failureOn = (callback: string, name: DocumentName): string =>
  `${callback || "a document callback"} failed on ${/^[aeiou]/.test(name) ? "an" : "a"} ${name} document`;

const consumerFailed = (callback: string, name: DocumentName, cause: unknown): ConsumerFailed =>
  new ConsumerFailed(`${failureOn(callback, name)}, and the run needs it: ${errorText(cause)}`, { cause });

/** Recognised by the method `catch`, since notebook cells may have a `Promise` class of their own. */
function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { catch?: unknown }).catch === "function";
}

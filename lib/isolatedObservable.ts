/** Callbacks and observers of a caller, isolated: what they throw is reported once and stops nothing. */

import { Observable, type Observer, type Operator, Subscriber, type Subscription } from "rxjs";
import { errorText } from "./errors";

/**
 * Passes the first call on and ignores later ones: a failure that repeats with every update is reported once.
 */
export function firstOnly<A extends unknown[]>(report: (...args: A) => void): (...args: A) => void {
  let reported = false;
  return (...args) => {
    if (reported) return;
    reported = true;
    report(...args);
  };
}

/** A callback that never throws: the first error of `fn` goes to `report`, later ones are dropped. */
export function isolated<A extends unknown[]>(
  fn: (...args: A) => void,
  report: (error: unknown) => void,
): (...args: A) => void {
  const reportFirst = firstOnly(report);
  return (...args) => {
    try {
      fn(...args);
    } catch (error) {
      reportFirst(error);
    }
  };
}

/**
 * An observable whose observers cannot end the process: rxjs rethrows what an observer throws where nobody
 * can catch it. Here the first error of each subscription is reported, and the observer stays subscribed.
 * That holds behind `pipe` as well.
 */
export class IsolatedObservable<T> extends Observable<T> {
  readonly #report: (text: string) => void;

  /** `report` gets one line per subscription that failed. */
  constructor(source: Observable<T>, report: (text: string) => void) {
    super();
    this.source = source;
    this.#report = report;
  }

  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new IsolatedObservable<R>(this as Observable<unknown> as Observable<R>, this.#report);
    lifted.operator = operator as Operator<unknown, R> | undefined;
    return lifted;
  }

  override subscribe(
    observer?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // An operator's own subscriber is left alone: it passes errors on to the observer at the end of the pipe.
    if (observer instanceof Subscriber) return super.subscribe(observer);
    const given = typeof observer === "object" && observer ? observer : { next: observer, error, complete };
    const report = firstOnly((reason: unknown) =>
      this.#report(`an observer failed (reported once): ${errorText(reason)}`),
    );
    return super.subscribe({
      next: isolated((value: T) => given.next?.(value), report),
      error: isolated((reason: unknown) => {
        if (!given.error) throw reason;
        given.error(reason);
      }, report),
      complete: isolated(() => given.complete?.(), report),
    });
  }
}

// An observable whose observers cannot bring the process down.

import { Observable, type Observer, type Operator, Subscriber, type Subscription } from "rxjs";
import { errorText } from "./errors";

/**
 * rxjs throws what an observer throws at nobody, which ends a process. Here it is told once per subscription; the
 * observer stays subscribed. That holds behind `pipe` as well.
 */
export class IsolatedObservable<T> extends Observable<T> {
  readonly #complain: (text: string) => void;

  constructor(source: Observable<T>, complain: (text: string) => void) {
    super();
    this.source = source;
    this.#complain = complain;
  }

  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new IsolatedObservable<R>(this as Observable<unknown> as Observable<R>, this.#complain);
    lifted.operator = operator as Operator<unknown, R> | undefined;
    return lifted;
  }

  override subscribe(
    observer?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // an operator's own subscriber passes errors on to the observer at its end
    // an operator's own subscriber passes errors on to the observer at its end
    if (observer instanceof Subscriber) return super.subscribe(observer);
    const given = typeof observer === "object" && observer ? observer : { next: observer, error, complete };
    let failed = false;
    const guarded =
      <A extends unknown[]>(fn: (...args: A) => void) =>
      (...args: A): void => {
        try {
          fn(...args);
        } catch (reason) {
          if (!failed) this.#complain(`an observer failed, this is told once: ${errorText(reason)}`);
          failed = true;
        }
      };
    return super.subscribe({
      next: guarded((value: T) => given.next?.(value)),
      error: guarded((reason: unknown) => {
        if (!given.error) throw reason;
        given.error(reason);
      }),
      complete: guarded(() => given.complete?.()),
    });
  }
}

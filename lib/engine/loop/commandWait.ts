/** Waits for a command that takes time, unless something more important comes up first. */

import { endsOnAnyFailure, type PendingResult } from "../commandSteps";
import type { OnStackMarker } from "./onStackMarker";

/** Instead of a result: the wait was interrupted and the command was ended. */
export const INTERRUPTED = Symbol("interrupted");

type Settled = { readonly value: unknown } | { readonly error: unknown };

export class CommandWait {
  readonly #marker: OnStackMarker;
  readonly #isUrgent: () => boolean;
  #interrupt: (() => void) | undefined;
  #endsOnFailureOf = endsOnAnyFailure;

  /**
   * @param marker of the function that waits
   * @param isUrgent whether there is something more important already when a wait begins
   */
  constructor(marker: OnStackMarker, isUrgent: () => boolean) {
    this.#marker = marker;
    this.#isUrgent = isUrgent;
  }

  /** Interrupts the command that waits, if one does. */
  interrupt(): void {
    this.#interrupt?.();
  }

  /** Interrupts the command that waits if it ends when an action of `group` fails. */
  onActionFailed(group: unknown): void {
    if (this.#endsOnFailureOf(group)) this.#interrupt?.();
  }

  /** The result of the command, or `INTERRUPTED`; rejects with its error. */
  async resultOf({ steps, endsOnFailureOf }: PendingResult): Promise<unknown> {
    this.#endsOnFailureOf = endsOnFailureOf;
    let step = steps.next();
    while (!step.done) {
      this.#marker.leave();
      const given = await this.#settled(step.value);
      this.#marker.enter();
      if (given === INTERRUPTED) {
        steps.return(undefined);
        return INTERRUPTED;
      }
      step = "error" in given ? steps.throw(given.error) : steps.next(given.value);
    }
    return step.value;
  }

  #settled(promise: PromiseLike<unknown>): Promise<Settled | typeof INTERRUPTED> {
    return new Promise((resolve) => {
      promise.then(
        (value) => resolve({ value }),
        (error: unknown) => resolve({ error }),
      );
      if (this.#isUrgent()) resolve(INTERRUPTED);
      else this.#interrupt = () => resolve(INTERRUPTED);
    });
  }
}

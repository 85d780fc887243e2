/** Document callbacks and suspenders that a plan attached to its RunEngine by messages. */

import type { Dispatcher } from "../documents/dispatcher";
import type { DocumentName } from "../documents/documents";
import type { DocumentReceiver } from "../documents/subscriptions";
import type { Suspender } from "../suspend/suspension";

/** What a plan can attach something to. */
export interface AttachmentTarget {
  readonly dispatcher: Dispatcher;
  readonly installSuspender: (suspender: Suspender) => void;
  readonly removeSuspender: (suspender: Suspender) => void;
}

export class PlanAttachments {
  readonly #engine: AttachmentTarget;
  readonly #subscriptions = new Set<number>();
  readonly #suspenders = new Set<Suspender>();

  constructor(engine: AttachmentTarget) {
    this.#engine = engine;
  }

  subscribe(fn: DocumentReceiver, name: DocumentName | "all"): number {
    const token = this.#engine.dispatcher.subscribe(fn, name);
    this.#subscriptions.add(token);
    return token;
  }

  unsubscribe(token: number): void {
    this.#engine.dispatcher.unsubscribe(token);
    this.#subscriptions.delete(token);
  }

  installSuspender(suspender: Suspender): void {
    this.#engine.installSuspender(suspender);
    this.#suspenders.add(suspender);
  }

  removeSuspender(suspender: Suspender): void {
    this.#engine.removeSuspender(suspender);
    this.#suspenders.delete(suspender);
  }

  /**
   * At the end of the call. A plan removes its suspenders itself, unless it was halted and had no chance to.
   */
  detach(halted: boolean): void {
    for (const token of this.#subscriptions) this.#engine.dispatcher.unsubscribe(token);
    if (!halted) return;
    for (const suspender of this.#suspenders) this.#engine.removeSuspender(suspender);
  }
}

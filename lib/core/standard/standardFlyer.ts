/** Flyers: devices that run on their own between kickoff and complete. */

import type { Flyable, Preparable, SyncOrAsync } from "../protocols/protocols";
import { Status } from "../status/status";
import { causedByUs } from "../status/unwatchedFailures";
import { StandardReadable } from "./standardReadable";

/** The options of each step of a flyer. */
export interface FlyerStep {
  readonly signal: AbortSignal;
}

/** The steps of a flyer. The signal of the options aborts when the flyer is stopped. */
export interface FlyerLogic<P> {
  /** Makes everything ready, so that `kickoff` only has to start. */
  prepare(value: P, options: FlyerStep): SyncOrAsync<void>;
  /** Resolves when it has started. */
  kickoff(options: FlyerStep): SyncOrAsync<void>;
  /** Resolves when it has ended. */
  complete(options: FlyerStep): SyncOrAsync<void>;
  /** Ends it early. */
  stop?(): SyncOrAsync<void>;
}

/** A device that runs on its own between `kickoff` and `complete`: a trajectory, a pulse generator. */
export class StandardFlyer<P> extends StandardReadable implements Flyable, Preparable<P> {
  readonly #logic: FlyerLogic<P>;
  #begun = new AbortController();

  constructor(logic: FlyerLogic<P>, name = "") {
    super(name);
    this.#logic = logic;
  }

  prepare(value: P): Status {
    return Status.from<void>(async () => this.#logic.prepare(value, this.#step), this.name);
  }

  kickoff(): Status {
    return Status.from<void>(async () => this.#logic.kickoff(this.#step), this.name);
  }

  complete(): Status {
    return Status.from<void>(async () => this.#logic.complete(this.#step), this.name);
  }

  async stop(_success = true): Promise<void> {
    this.#begun.abort(causedByUs(new Error(`${this.name} was stopped`)));
    this.#begun = new AbortController();
    await this.#logic.stop?.();
  }

  get #step(): FlyerStep {
    return { signal: this.#begun.signal };
  }
}

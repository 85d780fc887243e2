/** Flyers: devices that run on their own between kickoff and complete. */

import type { Flyable, Preparable, SyncOrAsync } from "../protocols/protocols";
import { Status } from "../status/status";
import { StandardReadable } from "./standardReadable";

/** The steps of a flyer. */
export interface FlyerLogic<P> {
  /** Makes everything ready, so that `kickoff` only has to start. */
  prepare(value: P): SyncOrAsync<void>;
  /** Resolves when it has started. */
  kickoff(): SyncOrAsync<void>;
  /** Resolves when it has ended. */
  complete(): SyncOrAsync<void>;
  /** Ends it early. */
  stop?(): SyncOrAsync<void>;
}

/** A device that runs on its own between `kickoff` and `complete`: a trajectory, a pulse generator. */
export class StandardFlyer<P> extends StandardReadable implements Flyable, Preparable<P> {
  readonly #logic: FlyerLogic<P>;

  constructor(logic: FlyerLogic<P>, name = "") {
    super(name);
    this.#logic = logic;
  }

  prepare(value: P): Status {
    return Status.from<void>(async () => this.#logic.prepare(value), this.name);
  }

  kickoff(): Status {
    return Status.from<void>(async () => this.#logic.kickoff(), this.name);
  }

  complete(): Status {
    return Status.from<void>(async () => this.#logic.complete(), this.name);
  }

  async stop(_success = true): Promise<void> {
    await this.#logic.stop?.();
  }
}

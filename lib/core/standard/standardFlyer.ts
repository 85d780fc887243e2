import type { Flyable, Preparable, SyncOrAsync } from "../protocols/protocols";
import { Status } from "../status/status";
import { StandardReadable } from "./standardReadable";

/** What a flyer does, in three steps. */
export interface FlyerLogic<P> {
  /** Makes everything ready, so that `kickoff` only has to start. */
  prepare(value: P): SyncOrAsync<void>;
  /** Resolves when it is under way. */
  kickoff(): SyncOrAsync<void>;
  /** Resolves at its end. */
  complete(): SyncOrAsync<void>;
  /** Gives up. */
  stop?(): SyncOrAsync<void>;
}

/** Something that runs on its own between `kickoff` and `complete`: a trajectory, a pulse generator. */
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

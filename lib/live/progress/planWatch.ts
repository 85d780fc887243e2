/** What is known about the running plan besides its documents. */

import type { Progress } from "../../display/progressBar";
import { MovingDevices, type WatchedStatus } from "./movingDevices";

/**
 * Follows the state of a RunEngine and the actions that its plan waits for. It works with any engine that
 * reports states and statuses as ours does.
 */
export class PlanWatch {
  readonly #moving: MovingDevices;
  #held: string | undefined;
  #why: readonly string[] = [];
  #heldSince = 0;
  #heldBefore = 0;
  readonly #changed: () => void;

  /** @param changed called when something has to be drawn again */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.#moving = new MovingDevices(changed);
  }

  /** The state of a plan that is held, "paused" or "suspended"; undefined while it goes on. */
  get held(): string | undefined {
    return this.#held;
  }

  /** Why the plan is held, and what releases it. */
  get why(): readonly string[] {
    return this.#why;
  }

  /** The seconds for which plans have been held since this object was made. */
  get heldSeconds(): number {
    return this.#heldBefore + (this.#held ? (performance.now() - this.#heldSince) / 1000 : 0);
  }

  /** The actions that the plan waits for, as bars. */
  get bars(): Progress[] {
    return this.#moving.bars(this.#held !== undefined);
  }

  /** The bars as they stay below a run that ends now. */
  get barsAtEnd(): Progress[] {
    return this.#moving.barsAtEnd(this.#held !== undefined);
  }

  /** The longest time in seconds that a device still needs; 0 if that is not known. */
  get secondsLeft(): number {
    return this.#moving.secondsLeft;
  }

  /** Removes the bars, which belong to a run that is over. */
  forgetMoves(): void {
    this.#moving.clear();
  }

  /** Takes the statuses that the plan waits for now; null for none. */
  waiting(statuses: readonly WatchedStatus[] | null): void {
    this.#moving.waiting(statuses);
  }

  /** Takes the state of the engine, and why the plan is held. */
  state(state: string, why: readonly string[] = []): void {
    const held = state === "paused" || state === "suspended" ? state : undefined;
    const explained = why.join("\n") !== this.#why.join("\n");
    this.#why = why;
    if (held !== this.#held) {
      this.#heldBefore = this.heldSeconds;
      this.#heldSince = performance.now();
      this.#held = held;
      // The stopped devices start again, with new statuses.
      if (held === undefined) this.#moving.clear();
      this.#changed();
    } else if (held !== undefined && explained) this.#changed();
    if (state === "idle") this.#moving.clear();
  }
}

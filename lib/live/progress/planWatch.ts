import type { Progress } from "../../display/progressBar";
import { MovingDevices, type WatchedStatus } from "./movingDevices";

/**
 * What a RunEngine tells besides documents: its state, and what its plan waits for. States and statuses are those of the engine; any other engine
 * that has them will do.
 */
export class PlanWatch {
  readonly #moving: MovingDevices;
  #held: string | undefined;
  #why: readonly string[] = [];
  #heldSince = 0;
  #heldBefore = 0;
  readonly #changed: () => void;

  /** `changed` is called when something is to be drawn anew. */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.#moving = new MovingDevices(changed);
  }

  /** The word for a plan that is held: `paused`, `suspended`. */
  get held(): string | undefined {
    return this.#held;
  }

  /** Why it is held, and what releases it. */
  get why(): readonly string[] {
    return this.#why;
  }

  /** Seconds in which plans were held, from the beginning on. */
  get heldSeconds(): number {
    return this.#heldBefore + (this.#held ? (performance.now() - this.#heldSince) / 1000 : 0);
  }

  /** The actions the plan waits for, as bars. */
  get bars(): Progress[] {
    return this.#moving.bars(this.#held !== undefined);
  }

  /** What moved belongs to a run that is over. */
  forgetMoves(): void {
    this.#moving.clear();
  }

  waiting(statuses: readonly WatchedStatus[] | null): void {
    this.#moving.waiting(statuses);
  }

  state(state: string, why: readonly string[] = []): void {
    const held = state === "paused" || state === "suspended" ? state : undefined;
    const explained = why.join("\n") !== this.#why.join("\n");
    this.#why = why;
    if (held !== this.#held) {
      this.#heldBefore = this.heldSeconds;
      this.#heldSince = performance.now();
      this.#held = held;
      // What was stopped starts anew.
      if (held === undefined) this.#moving.clear();
      this.#changed();
    } else if (held !== undefined && explained) this.#changed();
    if (state === "idle") this.#moving.clear();
  }
}

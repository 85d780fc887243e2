/** Says when a process is at rest: nothing of what just happened leads to anything more. */

import { realClock } from "../../clock";
import type { VirtualClock } from "./virtualClock";

/** Turns of the event loop without activity, after which the process is at rest. */
const TURNS = 4;
/** The same if nothing followed from the last thing that happened. */
const FEW_TURNS = 2;
/** Real seconds between two looks while the replay waits. */
const LOOK = 0.02;
/** Work of the process with files and names of hosts, which takes real time. */
const AT_WORK = /^(?:FS|GetAddrInfo)/;

/** Real seconds at rest before something that was recorded counts as not coming any more. */
export const PATIENCE = { request: 0.3, order: 1, doubtfulWork: 3, work: 20 };

export class RestWatch {
  readonly #clock: VirtualClock;
  #seen = 0;
  #restSince = 0;
  #wake: (() => void) | undefined;
  /** How often something that was recorded did not come. */
  passes = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Resolves when the process is at rest. */
  async reached(): Promise<void> {
    let needed = this.#clock.activity === this.#seen ? FEW_TURNS : TURNS;
    for (let quiet = 0; quiet < needed; ) {
      const before = this.#clock.activity;
      await new Promise<void>((resolve) => realClock.turn(resolve));
      if (this.#clock.activity === before) quiet += 1;
      else {
        quiet = 0;
        needed = TURNS;
      }
    }
    if (this.#clock.activity !== this.#seen) this.#restSince = 0;
    this.#seen = this.#clock.activity;
  }

  /** Whether it has been at rest for some real seconds. Counts as a pass if so. */
  hasLasted(seconds: number): boolean {
    const now = realClock.monotonic();
    if (this.#restSince === 0 || process.getActiveResourcesInfo().some((what) => AT_WORK.test(what))) {
      this.#restSince = now;
    }
    if (now - this.#restSince < seconds) return false;
    this.passes += 1;
    this.#restSince = 0;
    return true;
  }

  /**
   * Resolves when the process does something, or after a while. `isAwaited` says whether code waits for the
   * replay: then the process does not end meanwhile, as it would not end with a node either.
   */
  change(isAwaited: boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = realClock.timer(LOOK, resolve);
      if (!isAwaited) timer.unref();
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

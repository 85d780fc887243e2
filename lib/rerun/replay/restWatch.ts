/** Detects when a process is at rest: nothing more follows from what has happened. */

import { realClock } from "../../clock";
import type { VirtualClock } from "./virtualClock";

/** Turns of the event loop without activity, after which the process is at rest. */
const TURNS = 4;
/** The number of such turns if nothing has happened since the last rest. */
const FEW_TURNS = 2;
/** Real seconds between two looks while the replay waits. */
const LOOK = 0.02;
/** The resources of Node that stand for work with files and names of hosts, which takes real time. */
const AT_WORK = /^(?:FS|GetAddrInfo)/;

/** Real seconds at rest after which a recorded request or mark counts as not coming any more. */
export const PATIENCE = { request: 0.3, order: 1, doubtfulWork: 3, work: 20 };

/** Watches the activity of this process on the virtual clock. */
export class RestWatch {
  readonly #clock: VirtualClock;
  #seen = 0;
  #restSince = 0;
  #wake: (() => void) | undefined;
  /** How often a recorded request or mark did not come. */
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

  /** Whether the process has been at rest for these real seconds; if so, this counts as a pass. */
  hasLasted(seconds: number): boolean {
    const now = realClock.monotonic();
    if (this.#restSince === 0 || process.getActiveResourcesInfo().some((resource) => AT_WORK.test(resource))) {
      this.#restSince = now;
    }
    if (now - this.#restSince < seconds) return false;
    this.passes += 1;
    this.#restSince = 0;
    return true;
  }

  /**
   * Resolves when the process does something, or after a while. `isAwaited` says whether code waits for the
   * replay: the process then stays alive, as a connection to a real node would keep it alive.
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

/** The progress of long moves as lines of text, for terminals. */

import { realClock } from "../../clock";
import { type Progress, progressText } from "../../display/progressBar";

/** Seconds between two lines, and seconds that a move lasts before the first. */
const PERIOD = 1;

/** Gives a line for each device that moves, at most once a second. */
export class MoveLines {
  #since: number | undefined;
  #shown: string[] = [];

  /** The lines for bars as they are now, if a second has passed since the last ones; else undefined. */
  fresh(bars: readonly Progress[]): string[] | undefined {
    const moving = bars.filter(({ state }) => state === "busy");
    const now = realClock.monotonic();
    if (moving.length === 0) {
      this.#since = undefined;
      this.#shown = [];
      return undefined;
    }
    this.#since ??= now;
    if (now - this.#since < PERIOD) return undefined;
    this.#since = now;
    this.#shown = moving.map(progressText);
    return this.#shown;
  }

  /** The newest lines of moves that go on. */
  newest(bars: readonly Progress[]): readonly string[] {
    this.fresh(bars);
    return this.#shown;
  }
}

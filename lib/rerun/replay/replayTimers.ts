/** Fires the timers of the process when a replay has come to their time. */

import type { TimerOptions } from "../../clock";
import type { ReplayMarks } from "./replayMarks";
import type { VirtualClock, VirtualTimer } from "./virtualClock";

/** The recorded seconds by which the process may be later than in the recording. */
export const SLACK = 0.5;

/**
 * The recorded seconds by which the recorded process may have fired a timer late. A message that it received
 * in the meantime came first, and may have made the timer needless.
 */
const STALL = 0.2;
/**
 * The same for a pause whose end is not in the recording: something ended that pause early, or the notebook
 * was edited.
 */
const UNMARKED = 1;

/** The timers of one replay. */
export class ReplayTimers {
  readonly #clock: VirtualClock;
  readonly #marks: ReplayMarks;
  readonly #position: () => number;

  /** @param position the place in the recording to which the replay has come */
  constructor(clock: VirtualClock, marks: ReplayMarks, position: () => number) {
    this.#clock = clock;
    this.#marks = marks;
    this.#position = position;
  }

  /** Fires the timer that is due before the next line, which is at `at`. @returns whether there was one */
  fireBefore(at: number): boolean {
    const timer = this.#clock.next((one) => !this.#isHeld(one, at));
    if (!timer || timer.due >= at) return false;
    this.fire(timer);
    return true;
  }

  /** Fires the timer that may lead to the request expected at `at`. @returns whether there was one */
  fireWithin(at: number): boolean {
    const timer = this.#clock.next((one) => !this.#isHeld(one));
    if (!timer || timer.due > at + SLACK) return false;
    this.fire(timer);
    return true;
  }

  /** Fires the next timer if any timer is awaited by code. */
  fireAwaited(): boolean {
    const awaited = this.#clock.next(({ options }) => !options.idle);
    if (!awaited) return false;
    this.fire(this.#clock.next() ?? awaited);
    return true;
  }

  /** Fires the next timer, if there is one. */
  fireNext(): boolean {
    const timer = this.#clock.next();
    if (timer) this.fire(timer);
    return timer !== undefined;
  }

  fire(timer: VirtualTimer): void {
    this.#clock.moveTo(timer.due);
    timer.fire();
  }

  /**
   * Whether a timer waits for its place in the recording: the end of a pause for the next mark, if that is
   * near, and any timer for the next line, which is at `at`, unless it is due long enough before it.
   */
  #isHeld({ options, due }: VirtualTimer, at?: number): boolean {
    if (options.wakes === true && this.#marks.nextWake(this.#position()) <= due + SLACK) return true;
    return at !== undefined && due > at - this.#leadOf(options);
  }

  /** How long before a line a timer has to be due to be fired first, in recorded seconds. */
  #leadOf({ order, wakes, idle }: TimerOptions): number {
    // A timer that looks after an order asks the node something, and the recording says when that was asked.
    if (order) return Number.POSITIVE_INFINITY;
    // The oldest recordings do not say when pauses ended.
    if (wakes) return this.#marks.hasWakes ? UNMARKED : 0;
    return idle ? STALL : 0;
  }
}

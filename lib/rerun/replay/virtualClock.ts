/** A clock that stands still until a replay moves it: recorded time instead of real time. */

import { AsyncResource } from "node:async_hooks";
import type { Clock, ClockTimer, TimerOptions } from "../../clock";

/** A timer on a virtual clock. */
export class VirtualTimer implements ClockTimer {
  readonly options: TimerOptions;
  readonly #clock: VirtualClock;
  readonly #seconds: number;
  readonly #repeats: boolean;
  readonly #fn: () => void;
  #cancelled = false;
  /** The time at which the timer is due, in seconds after the start of the recording. */
  due = 0;
  /** The order in which timers were set: the lowest fires first among those due at the same time. */
  order = 0;

  constructor(clock: VirtualClock, seconds: number, fn: () => void, options: TimerOptions, repeats: boolean) {
    this.#clock = clock;
    this.#seconds = Math.max(0, seconds);
    // The callback belongs to the code that set the timer, for example to a cell.
    this.#fn = AsyncResource.bind(fn);
    this.#repeats = repeats;
    this.options = options;
    this.refresh();
  }

  refresh(): void {
    if (this.#cancelled) return;
    this.due = this.#clock.elapsed + this.#seconds;
    this.#clock.set(this);
  }

  cancel(): void {
    this.#cancelled = true;
    this.#clock.remove(this);
  }

  unref(): this {
    return this;
  }

  /** Calls the callback; a repeating timer is set again before. */
  fire(): void {
    this.#clock.remove(this);
    if (this.#repeats) {
      this.due += Math.max(0.001, this.#seconds);
      this.#clock.set(this);
    }
    this.#fn();
  }
}

/** The clock of a replay, with its timers. */
export class VirtualClock implements Clock {
  /** Unix time at which the recording began. */
  readonly #start: number;
  readonly #timers = new Set<VirtualTimer>();
  #elapsed = 0;
  #order = 0;
  /** Counts the uses of the clock: while it changes, the process is not at rest. */
  activity = 0;

  constructor(start: number) {
    this.#start = start;
  }

  /** Seconds after the start of the recording. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** Moves the clock; it never goes back. */
  moveTo(elapsed: number): void {
    if (elapsed > this.#elapsed) this.#elapsed = elapsed;
  }

  /** Moves the clock without letting time pass for timers. */
  jumpTo(elapsed: number): void {
    const seconds = Math.max(0, elapsed - this.#elapsed);
    this.#elapsed += seconds;
    for (const timer of this.#timers) timer.due += seconds;
  }

  now(): number {
    return Math.round((this.#start + this.#elapsed) * 1000) / 1000;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  turn(fn: () => void): () => void {
    this.activity += 1;
    const bound = AsyncResource.bind(fn);
    const immediate = setImmediate(() => {
      this.activity += 1;
      bound();
    });
    return () => clearImmediate(immediate);
  }

  timer(seconds: number, fn: () => void, options: TimerOptions = {}): ClockTimer {
    return new VirtualTimer(this, seconds, fn, options, false);
  }

  interval(seconds: number, fn: () => void, options: TimerOptions = {}): ClockTimer {
    return new VirtualTimer(this, seconds, fn, options, true);
  }

  set(timer: VirtualTimer): void {
    this.activity += 1;
    timer.order = this.#order++;
    this.#timers.add(timer);
  }

  remove(timer: VirtualTimer): void {
    this.#timers.delete(timer);
  }

  /** Whether code waits for a timer: idle timers, which only check something, do not count. */
  get isAwaited(): boolean {
    return this.next(({ options }) => !options.idle) !== undefined;
  }

  /** The next timer to fire of those that fit; undefined if there is none. */
  next(fits: (timer: VirtualTimer) => boolean = () => true): VirtualTimer | undefined {
    let first: VirtualTimer | undefined;
    for (const timer of this.#timers) {
      if (!fits(timer)) continue;
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    }
    return first;
  }
}

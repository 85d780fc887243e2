/**
 * The clock of the process: the time of day, durations and timers of the library come from here, so that a
 * replay can run them on recorded time.
 */

// Three kinds of code stay on real time and use `realClock`: what talks to disks and data services, what
// shares the processor, and what draws for the user.

/** A call that is due later. */
export interface ClockTimer {
  cancel(): void;
  /** Starts the time over, also after the call was made. Without effect once cancelled. */
  refresh(): void;
  /** Lets the process end although the call is still due. @returns itself */
  unref(): this;
}

/** How a timer is meant. */
export interface TimerOptions {
  /**
   * Whether nobody waits for the call: it only checks something, again and again. Then recorded time
   * does not go on for its sake alone. Default: false.
   */
  readonly idle?: boolean;
  /** Whether the call checks an order to a module, which somebody waits for. Default: false. */
  readonly order?: boolean;
  /**
   * Whether the call is entered in the journal, so that a replay makes it at the same place. Default: false.
   */
  readonly wakes?: boolean;
  /** Whether it stays on real time, as what waits for other programs does. Default: false. */
  readonly real?: boolean;
}

/** Where the time comes from. All times are in seconds. */
export interface Clock {
  /** Unix time. */
  now(): number;
  /** Seconds since any start; never goes back. */
  monotonic(): number;
  /** Calls `fn` once after some seconds; the longest time is 25 days. */
  timer(seconds: number, fn: () => void, options?: TimerOptions): ClockTimer;
  /** Calls `fn` when all that has arrived was looked at. @returns cancels the call */
  turn(fn: () => void): () => void;
  /** Calls `fn` every some seconds. */
  interval(seconds: number, fn: () => void, options?: TimerOptions): ClockTimer;
}

/** The longest delay of a Node timer, in ms (25 days): a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A timer of Node. */
class RealTimer implements ClockTimer {
  #timer: NodeJS.Timeout | undefined;

  constructor(timer: NodeJS.Timeout) {
    this.#timer = timer;
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  refresh(): void {
    this.#timer?.refresh();
  }

  unref(): this {
    this.#timer?.unref();
    return this;
  }
}

/** The clock of the computer. */
export const realClock: Clock = {
  now: () => Date.now() / 1000,
  monotonic: () => performance.now() / 1000,
  timer: (seconds, fn) => new RealTimer(setTimeout(fn, Math.min(1000 * seconds, LONGEST_TIMER_MS))),
  turn: (fn) => {
    const immediate = setImmediate(fn);
    return () => clearImmediate(immediate);
  },
  interval: (seconds, fn) => new RealTimer(setInterval(fn, Math.min(1000 * seconds, LONGEST_TIMER_MS))),
};

// A workspace may load its own copy of this package: all copies share the clock.
const KEY: unique symbol = Symbol.for("secop-lab.clock") as never;
type Global = { [KEY]?: { current: Clock } };
(globalThis as Global)[KEY] ??= { current: realClock };
const shared = (globalThis as Global)[KEY] as { current: Clock };

/** The clock that is in use. */
export function currentClock(): Clock {
  return shared.current;
}

/** Unix time in seconds. */
export function timeNow(): number {
  return shared.current.now();
}

/** Seconds since any start, for durations. It never goes back. */
export function monotonicTime(): number {
  return shared.current.monotonic();
}

/** Calls `fn` once after some seconds, 25 days at most (`afterSeconds` of `timeLimit` knows no limit). */
export function startTimer(seconds: number, fn: () => void, options?: TimerOptions): ClockTimer {
  return shared.current.timer(seconds, fn, options);
}

/** Calls `fn` every some seconds. */
export function startInterval(seconds: number, fn: () => void, options?: TimerOptions): ClockTimer {
  return shared.current.interval(seconds, fn, options);
}

/** Calls `fn` when all that has arrived was looked at. @returns cancels the call */
export function nextTurn(fn: () => void): () => void {
  return shared.current.turn(fn);
}

/**
 * Resolves in the next turn of the event loop: long work waits for it between two pieces, so that messages
 * and interrupts get their turn. A replay counts it as work, for which recorded time does not go on.
 */
export function pieceDone(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}

/**
 * Replaces the current clock by another one. Timers that run stay on theirs.
 *
 * @returns puts it back
 */
export function useClock(clock: Clock): () => void {
  const before = shared.current;
  shared.current = clock;
  return () => {
    if (shared.current === clock) shared.current = before;
  };
}

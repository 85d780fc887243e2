/**
 * Timers, dates and random numbers for the code of cells, from the clock and the random source of the
 * process, so that a recorded cell runs again in the same way.
 */

import { type ClockTimer, monotonicTime, startInterval, timeNow } from "../../clock";
import { randomNumber } from "../../randomSource";
import { afterSeconds } from "../../timeLimit";

/** The variables and modules that replace those of Node for the code of cells. */
export interface CellGlobals {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly modules: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** A timer with the members that Node's timers have. */
class CellTimer {
  #cancel: () => void;
  readonly #restart: () => () => void;

  constructor(restart: () => () => void) {
    this.#restart = restart;
    this.#cancel = restart();
  }

  refresh(): this {
    this.#cancel();
    this.#cancel = this.#restart();
    return this;
  }

  close(): this {
    this.#cancel();
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }
}

type Callback = (...args: unknown[]) => void;

const seconds = (ms: unknown): number => Math.max(0, Number(ms) || 0) / 1000;

function setCellTimeout(fn: Callback, ms?: number, ...args: unknown[]): CellTimer {
  return new CellTimer(() => afterSeconds(seconds(ms), () => fn(...args), { wakes: true }));
}

function setCellInterval(fn: Callback, ms?: number, ...args: unknown[]): CellTimer {
  return new CellTimer(() => {
    const timer: ClockTimer = startInterval(Math.max(0.001, seconds(ms)), () => fn(...args), { idle: true });
    return () => timer.cancel();
  });
}

/** Ends a timer, also one of Node's that was set before these functions replaced them. */
function clearCellTimer(timer: unknown): void {
  if (timer instanceof CellTimer) timer.close();
  else clearTimeout(timer as NodeJS.Timeout | undefined);
}

function cellDelay<T>(ms?: number, value?: T, { signal }: { readonly signal?: AbortSignal } = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const end = () => {
      signal?.removeEventListener("abort", abort);
      resolve(value as T);
    };
    const cancel = afterSeconds(seconds(ms), end, { wakes: true });
    const abort = () => {
      cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** The date of Node, which the class below replaces in cells only. */
const NodeDate = Date;

class CellDate extends NodeDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(1000 * timeNow());
    else super(...(args as [number]));
  }

  static override now(): number {
    return Math.floor(1000 * timeNow() + 1e-4);
  }
}

Object.defineProperties(CellDate, {
  // Dates are shown under this name.
  name: { value: "Date" },
  // Dates of the library and of other modules are instances, too. A class that extends this one has only its
  // own instances.
  [Symbol.hasInstance]: {
    value(this: unknown, value: unknown): boolean {
      return this === CellDate || this === callableDate
        ? value instanceof NodeDate
        : Function.prototype[Symbol.hasInstance].call(this, value);
    },
  },
});

/** The class for cells: as in Node, `Date()` without `new` returns the time as a text. */
const callableDate = new Proxy(CellDate, { apply: () => new CellDate().toString() });
CellDate.prototype.constructor = callableDate;

/** `performance` with the time of the process. All other members are bound to Node's own object. */
const cellPerformance = new Proxy(performance, {
  get: (target, key) => {
    if (key === "now") return () => 1000 * monotonicTime();
    const member: unknown = Reflect.get(target, key, target);
    return typeof member === "function" ? member.bind(target) : member;
  },
});

function cellGlobals(): CellGlobals {
  const timers = {
    setTimeout: setCellTimeout,
    clearTimeout: clearCellTimer,
    setInterval: setCellInterval,
    clearInterval: clearCellTimer,
  };
  const numbers = Object.create(Math, { random: { value: randomNumber } });
  const promises = { setTimeout: cellDelay, scheduler: { wait: (ms: number) => cellDelay(ms) } };
  const modules = new Map<string, Readonly<Record<string, unknown>>>();
  for (const prefix of ["", "node:"]) {
    modules.set(`${prefix}timers`, { ...require("node:timers"), ...timers });
    modules.set(`${prefix}timers/promises`, { ...require("node:timers/promises"), ...promises });
  }
  return { variables: { ...timers, Date: callableDate, performance: cellPerformance, Math: numbers }, modules };
}

const KEY: unique symbol = Symbol.for("secop-lab.cellGlobals") as never;
type Global = { [KEY]?: CellGlobals };

/** From now on, new code of cells uses the clock and the random source of the process. */
export function useCellGlobals(): void {
  (globalThis as Global)[KEY] ??= cellGlobals();
}

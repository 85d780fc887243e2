/** Measures how long code takes by running it many times (`%timeit`). */

import { setImmediate as nextTurn } from "node:timers/promises";
import { plural } from "../../lib/display/number";

export interface LoopOptions {
  /** Loops in each run. Default: as many as take about 0.2 s. */
  readonly loops?: number;
  /** Default 7. */
  readonly runs?: number;
  /** Ends the measurement when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Seconds of one loop. */
export interface LoopDuration {
  readonly mean: number;
  /** The standard deviation over the runs. */
  readonly deviation: number;
  readonly loops: number;
  readonly runs: number;
}

/** A run takes about this long (s). */
const RUN = 0.2;
const RUNS = 7;
const MOST_LOOPS = 1e9;

/** Measures `fn`, which is waited for if it returns a promise. Rejects if `fn` fails or the signal aborts. */
export async function measureLoops(fn: () => unknown, options: LoopOptions = {}): Promise<LoopDuration> {
  const { signal, runs = RUNS } = options;
  const run = async (loops: number): Promise<number> => {
    // Between two runs, the kernel answers messages, such as an interrupt.
    await nextTurn();
    signal?.throwIfAborted();
    return await secondsOf(fn, loops, signal);
  };
  let loops = options.loops ?? 1;
  if (options.loops === undefined) {
    for (let seconds = await run(loops); seconds < RUN && loops < MOST_LOOPS; seconds = await run(loops)) {
      // 1, 2, 5, 10, 20, 50 ...
      loops = Math.round(loops * (/^2/.test(String(loops)) ? 2.5 : 2));
    }
  }
  const durations: number[] = [];
  for (let i = 0; i < runs; i++) durations.push((await run(loops)) / loops);
  const mean = durations.reduce((sum, duration) => sum + duration, 0) / runs;
  const variance = durations.reduce((sum, duration) => sum + (duration - mean) ** 2, 0) / runs;
  return { mean, deviation: Math.sqrt(variance), loops, runs };
}

async function secondsOf(fn: () => unknown, loops: number, signal: AbortSignal | undefined): Promise<number> {
  const first = performance.now();
  let value = fn();
  if (value instanceof Promise) {
    for (let i = 1; i < loops; i++) {
      await value;
      signal?.throwIfAborted();
      value = fn();
    }
    await value;
  } else {
    for (let i = 1; i < loops; i++) value = fn();
  }
  return (performance.now() - first) / 1000;
}

/** `12.3 ns ± 0.1 ns per loop (mean ± standard deviation of 7 runs, 10,000,000 loops each)`. */
export function loopText({ mean, deviation, loops, runs }: LoopDuration): string {
  const counted = (count: number, what: string): string => `${count.toLocaleString("en-US")} ${plural(count, what)}`;
  const how = `mean ± standard deviation of ${counted(runs, "run")}, ${counted(loops, "loop")} each`;
  return `${durationText(mean)} ± ${durationText(deviation)} per loop (${how})`;
}

const UNITS = ["s", "ms", "µs", "ns"] as const;

/** `20.2 ms`: three digits. */
function durationText(seconds: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.ceil(-Math.log10(seconds || 1) / 3)));
  return `${Number((seconds * 1000 ** step).toPrecision(3))} ${UNITS[step]}`;
}

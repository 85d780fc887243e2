/** Sees from the control thread that the main thread's heap fills up: V8 would end the process without a word to the person. */

import { Session } from "node:inspector";

/** How full the heap may be, with all garbage collected, as a share of its limit. */
const FULL = 0.7;
/** Code that was stopped leaves what it stored; it is told again only when there is so much more (share of the limit). */
const STEP = 0.04;
/** Below this share even all memory of the process does no harm, and the heap is not asked. */
const CALM = 0.5;
const POLL_MS = 40;

/** The inspector's own collection waits for the code to end; this one does not. */
const COLLECT =
  'process.getBuiltinModule("v8").setFlagsFromString("--expose-gc"); process.getBuiltinModule("vm").runInNewContext("gc")()';

/** Calls `onFull` with the bytes in use, from the thread it is called in. `limit`: of the main thread's heap, in bytes. */
export function watchMemory(limit: number, onFull: (used: number) => void): void {
  let tolerated = FULL * limit;
  let looking = false;
  const look = async (): Promise<void> => {
    looking = true;
    const used = await heapInUse(tolerated);
    if (used > tolerated) {
      onFull(used);
      tolerated = used + STEP * limit;
    } else if (used < FULL * limit) tolerated = FULL * limit;
    looking = false;
  };
  // An interval, since what the main thread answers does not wake a thread that has nothing to do by itself.
  setInterval(() => {
    if (!looking && process.memoryUsage.rss() > CALM * limit) void look();
  }, POLL_MS);
}

/** Of the main thread, garbage included unless that is more than `tolerated`. */
async function heapInUse(tolerated: number): Promise<number> {
  const session = new Session();
  session.connectToMainThread();
  const used = (): Promise<number> =>
    new Promise((resolve) => {
      session.post("Runtime.getHeapUsage", (_, usage) => resolve((usage as { readonly usedSize: number }).usedSize));
    });
  try {
    const before = await used();
    if (before <= tolerated) return before;
    await new Promise((resolve) => session.post("Runtime.evaluate", { expression: COLLECT }, resolve));
    return await used();
  } finally {
    session.disconnect();
  }
}

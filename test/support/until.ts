/** Waits for a condition that nothing announces, such as a file on a disk or a run on a server. */

import { setTimeout as delay } from "node:timers/promises";

/** Resolves when `isTrue` gives a true value; otherwise the time limit of the test ends the wait. */
export async function until(isTrue: () => unknown): Promise<void> {
  while (!(await isTrue())) await delay(20);
}

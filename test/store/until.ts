/** Waits for something on a disk or on a server, which nobody announces. */

import { setTimeout as delay } from "node:timers/promises";

/** Resolves when `isTrue`; the time limit of the test ends it otherwise. */
export async function until(isTrue: () => unknown): Promise<void> {
  while (!(await isTrue())) await delay(20);
}

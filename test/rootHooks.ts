/** The hooks around every file of tests: nothing may stay open after it. */

import { setImmediate, setTimeout } from "node:timers/promises";
import fc from "fast-check";
import type { RootHookObject } from "mocha";
import { KernelClient } from "./support/kernelClient";

// Mocha's worker processes pass on the text of an error, but not its cause.
fc.configureGlobal({ includeErrorInReport: true });

/** Seconds that closing may take. */
const CLOSING = 10;

let openBefore: Map<string, number>;

export const mochaHooks: RootHookObject = {
  async beforeAll() {
    // After this, mocha's own timer runs, as it does in afterAll.
    await setImmediate();
    openBefore = openResources();
  },

  // A kernel that hangs in one test would also hang in the following ones and in the second try.
  afterEach(this: Mocha.Context) {
    if (this.currentTest?.timedOut) KernelClient.endAll();
  },

  async afterAll(this: Mocha.Context) {
    this.timeout(2 * CLOSING * 1000);
    const end = Date.now() + CLOSING * 1000;
    while (leftOpen().length > 0 && Date.now() < end) await setTimeout(20);
    if (leftOpen().length > 0) throw new Error(`still open after the tests of this file: ${leftOpen().join(", ")}`);
  },
};

/** The number of resources of each kind that keep the process alive: sockets, servers, timers, programs. */
function openResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function leftOpen(): string[] {
  return [...openResources()]
    .map(([kind, count]) => [kind, count - (openBefore.get(kind) ?? 0)] as const)
    .filter(([, more]) => more > 0)
    .map(([kind, more]) => `${more} ${kind}`);
}

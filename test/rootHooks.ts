/** What mocha does around every file of tests (a "root hook plugin"). */
import { setImmediate, setTimeout } from "node:timers/promises";
import fc from "fast-check";
import type { RootHookObject } from "mocha";
import { KernelClient } from "./support/kernelClient";

// mocha's processes hand on the text of an error, not its cause
fc.configureGlobal({ includeErrorInReport: true });

/** How long what was closed may take to be gone. Seconds. */
const CLOSING = 10;

let openBefore: Map<string, number>;

export const mochaHooks: RootHookObject = {
  async beforeAll() {
    // by now mocha's own timer runs, as it does in afterAll
    await setImmediate();
    openBefore = openResources();
  },

  // what hung once does so in every further test of the file, and in the second try
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

/** Kinds of what keeps the process alive (sockets, servers, timers, programs ...), counted. */
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

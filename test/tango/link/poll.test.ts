/** Tests of polling: how busy it keeps a device, and what it reports. */

import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { type PollResult, poll } from "../../../lib/tango/link/poll";

/** Milliseconds by which timers and the clock of a test may differ. */
const SLACK_MS = 2;

/** Polls until `reads` reads have ended. @returns the pauses between them, how long they took, and the reports */
async function polled(reads: number, period: number, read: (i: number) => Promise<number>) {
  const times: { readonly began: number; readonly ended: number }[] = [];
  const reports: PollResult[] = [];
  const ended = new AbortController();
  await poll(
    async () => {
      const began = performance.now();
      try {
        return { value: await read(times.length), timestamp: 0 };
      } finally {
        times.push({ began, ended: performance.now() });
        if (times.length === reads) ended.abort();
      }
    },
    (result) => reports.push(result),
    { period },
    ended.signal,
  );
  const pauses = times.slice(1).map(({ began }, i) => began - (times[i]?.ended ?? 0));
  return { pauses, took: times.map((one) => one.ended - one.began), reports };
}

describe("polling of a Tango attribute", () => {
  it("pauses for as long as an answer took, so that the device is free for half of the time", async () => {
    const lengths = [60, 120, 30];
    const { pauses, took, reports } = await polled(3, 0.01, async (i) => {
      await delay(lengths[i]);
      return i;
    });
    expect(pauses.length).to.equal(2);
    for (const [i, pause] of pauses.entries()) expect(pause).to.be.greaterThan((took[i] ?? 0) - SLACK_MS);
    expect(reports.map((one) => "value" in one && one.value)).to.deep.equal([0, 1]);
  });

  it("doubles its pauses while the device does not answer, and reports the same error once", async () => {
    const { pauses, reports } = await polled(4, 0.02, async () => {
      throw new Error("no connection");
    });
    for (const [i, pause] of pauses.entries()) expect(pause).to.be.greaterThan(20 * 2 ** (i + 1) - SLACK_MS);
    expect(reports.map((one) => one instanceof Error && one.message)).to.deep.equal(["no connection"]);
  });
});

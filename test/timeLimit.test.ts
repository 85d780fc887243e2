import { expect } from "chai";
import { afterSeconds, delayFor, inTime } from "../lib/timeLimit";
import { failure } from "./support/failure";

const never = new Promise<never>(() => {});

describe("a time limit", () => {
  it("calls after the time and never before", async () => {
    const start = performance.now();
    await new Promise<void>((resolve) => afterSeconds(0.02, resolve));
    expect(performance.now() - start).to.be.at.least(20);
  });

  it("does not fire at once because it is longer than a timer of Node can be", async () => {
    let fired = 0;
    const cancels = [3e6, Number.POSITIVE_INFINITY].map((seconds) => afterSeconds(seconds, () => (fired += 1)));
    await delayFor(0.01);
    for (const cancel of cancels) cancel();
    expect(fired).to.equal(0);
  });

  it("is not up before what arrived while the process was busy has been looked at", async () => {
    const order: string[] = [];
    const late = new Promise<void>((resolve) =>
      afterSeconds(0.001, () => {
        order.push("late");
        resolve();
      }),
    );
    setTimeout(() => order.push("another timer"), 2);
    const busyUntil = performance.now() + 10;
    while (performance.now() < busyUntil);
    await late;
    expect(order).to.deep.equal(["another timer", "late"]);
  });

  it("can be cancelled", async () => {
    const cancel = afterSeconds(0.001, () => expect.fail("was cancelled"));
    cancel();
    await delayFor(0.005);
  });

  it("says whether something was done in time, and passes its failure on", async () => {
    expect(await inTime(Promise.resolve("done"), 10)).to.equal(true);
    expect(await inTime(never, 0.001)).to.equal(false);
    expect((await failure(inTime(Promise.reject(new Error("broken")), 10))).message).to.equal("broken");
  });

  it("is up as soon as a signal aborts", async () => {
    const abort = new AbortController();
    const waits = [inTime(never, 1000, abort.signal), delayFor(1000, abort.signal)];
    abort.abort();
    expect(await Promise.all(waits)).to.deep.equal([false, undefined]);
    expect(await inTime(never, 1000, abort.signal)).to.equal(false);
    expect(await delayFor(1000, abort.signal)).to.equal(undefined);
  });
});

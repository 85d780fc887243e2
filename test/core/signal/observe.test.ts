import { getEventListeners } from "node:events";
import { expect } from "chai";
import { type ObserveOptions, observeSignals, observeValue, waitForValue } from "../../../lib/core/signal/observe";
import { setAndWaitForOtherValue, setAndWaitForValue } from "../../../lib/core/signal/setAndWait";
import { SignalR } from "../../../lib/core/signal/signal";
import { SoftSignalBackend, softSignalRAndSetter, softSignalRw } from "../../../lib/core/signal/softSignal";
import { Status } from "../../../lib/core/status/status";
import { failureText } from "../../support/failure";

describe("observeValue", () => {
  it("gives the present value and every update, none lost", async () => {
    const [signal, post] = softSignalRAndSetter(0);
    const seen: number[] = [];
    for await (const value of observeValue(signal)) {
      seen.push(value);
      if (value === 0) for (const v of [1, 1, 2]) post(v);
      if (value === 2) break;
    }
    expect(seen).to.deep.equal([0, 1, 1, 2]);
  });

  it("gives the latest 10,000 updates to a slow loop, and reports how many were dropped", async () => {
    const signal = softSignalRw(0, { name: "x" });
    const reported: string[] = [];
    const original = console.error;
    console.error = (text: string) => void reported.push(text);
    try {
      const seen: number[] = [];
      for await (const value of observeValue(signal)) {
        seen.push(value);
        if (value === 0) for (let i = 1; i <= 10_500; i += 1) await signal.set(i);
        if (value === 10_500) break;
      }
      expect(seen.length).to.equal(10_001);
      expect(seen.slice(0, 2)).to.deep.equal([0, 501]);
    } finally {
      console.error = original;
    }
    expect(reported).to.deep.equal([
      "x: updates come faster than they are taken: 10000 wait, older ones are dropped from now on (reported once)",
      "x: 500 updates were dropped in all",
    ]);
  });

  it("leaves out times without a valid value", async () => {
    const backend = new SoftSignalBackend(0);
    const seen: number[] = [];
    for await (const value of observeValue(new SignalR(backend))) {
      seen.push(value);
      if (value === 1) break;
      backend.post(99, { alarm_severity: -1, message: "lost" });
      backend.post(1);
    }
    expect(seen).to.deep.equal([0, 1]);
  });

  it("ends with a status, throwing its failure, or when an update fails to come", async () => {
    const [signal] = softSignalRAndSetter(0, { name: "s" });
    const collect = async (options: Parameters<typeof observeValue>[1]) => {
      const seen: number[] = [];
      for await (const value of observeValue(signal, options)) seen.push(value);
      return seen;
    };
    expect(await collect({ doneStatus: Status.completed() })).to.deep.equal([0]);
    expect(await failureText(collect({ doneStatus: Status.failed(new Error("move failed")) }))).to.equal("move failed");
    expect(await failureText(collect({ timeout: 0.001 }))).to.equal(
      "gave up waiting for s to be updated after 0.001 s: the last value is 0",
    );
  });

  it("ends in time, or when it is aborted, also where the loop causes each update itself", async () => {
    const [signal, post] = softSignalRAndSetter(0, {});
    let updates = 0;
    const chase = async (options: ObserveOptions) => {
      for await (const value of observeValue(signal, options)) {
        updates += 1;
        post(value + 1);
      }
    };
    expect(await failureText(chase({ doneTimeout: 0.05 }))).to.match(
      /^gave up waiting for .* to be updated after 0.05 s: the last value is \d+$/,
    );
    expect(updates).to.be.greaterThan(1);
    expect(await failureText(chase({ signal: AbortSignal.timeout(50) }))).to.contain("aborted");
  });

  it("gives each update of several signals with its signal", async () => {
    const [a, b] = [softSignalRw(1), softSignalRw("x")];
    const seen: unknown[] = [];
    for await (const [signal, value] of observeSignals([a, b])) {
      seen.push([signal === (a as unknown), value]);
      if (seen.length === 2) break;
    }
    expect(seen).to.deep.equal([
      [true, 1],
      [false, "x"],
    ]);
  });
});

describe("observeSignals", () => {
  it("refuses to observe nothing, which would never end", async () => {
    const refusal = await observeSignals([])
      .next()
      .catch((error: Error) => error.message);
    expect(refusal).to.equal("observeSignals needs a signal at least");
  });
});

describe("a signal that cannot be subscribed to", () => {
  it("leaves nothing behind on the other signals and on the signal that may end the wait", async () => {
    class Followed extends SoftSignalBackend<number> {
      isFollowed = false;
      override setCallback(fn: Parameters<SoftSignalBackend<number>["setCallback"]>[0]): void {
        this.isFollowed = fn !== null;
        super.setCallback(fn);
      }
    }
    class Refusing extends SoftSignalBackend<number> {
      override setCallback(fn: Parameters<SoftSignalBackend<number>["setCallback"]>[0]): void {
        if (fn) throw new Error("connect it first");
      }
    }
    const followed = new Followed(0);
    const { signal } = new AbortController();
    const refusing = new SignalR(new Refusing(0));
    const observed = observeSignals([new SignalR(followed), refusing], { doneTimeout: 30, signal });
    expect(await failureText(() => observed.next())).to.equal("connect it first");
    expect(followed.isFollowed).to.equal(false);
    expect(await failureText(waitForValue(refusing, 1, { timeout: 30, signal }))).to.equal("connect it first");
    expect(getEventListeners(signal, "abort")).to.deep.equal([]);
  });
});

describe("waitForValue", () => {
  it("resolves for a value or a condition", async () => {
    const [signal, post] = softSignalRAndSetter(0);
    const waits = [waitForValue(signal, 2), waitForValue(signal, (v) => v > 1)];
    post(1);
    post(2);
    expect(await Promise.all(waits)).to.deep.equal([2, 2]);
  });

  it("rejects with what its condition throws, now or at an update, instead of waiting for ever", async () => {
    const signal = softSignalRw(1, { name: "s" });
    const fails = (at: number) =>
      waitForValue(signal, (value) => {
        if (value >= at) throw new Error(`no ${value}`);
        return false;
      }).catch((error: Error) => error.message);
    expect(await fails(1)).to.equal("no 1");
    const later = fails(9);
    await signal.set(9);
    expect(await later).to.equal("no 9");
  });

  it("says in its error what it waited for and what the last value is", async () => {
    const signal = softSignalRw(3.25, { name: "t", units: "K", precision: 2 });
    expect(await failureText(waitForValue(signal, 4, { timeout: 0.001 }))).to.equal(
      "gave up waiting for t to become 4 after 0.001 s: the last value is 3.25 K",
    );
  });
});

describe("the error of a wait for a value", () => {
  it("has the last value without a unit if the device no longer describes itself", async () => {
    class Undescribed extends SoftSignalBackend<number> {
      override getDataKey(): never {
        throw new Error("the device does not answer");
      }
    }
    const signal = new SignalR(new Undescribed(3), "x");
    expect(await failureText(waitForValue(signal, 5, { timeout: 0.001 }))).to.equal(
      "gave up waiting for x to become 5 after 0.001 s: the last value is 3",
    );
  });
});

describe("setAndWaitForOtherValue", () => {
  it("waits for the other signal and for the set", async () => {
    const [busy, setBusy] = softSignalRAndSetter(false);
    let proceed = () => {};
    const acquire = softSignalRw(false, {
      setter: () =>
        new Promise<undefined>((resolve) => {
          proceed = () => resolve(undefined);
        }),
    });
    const status = setAndWaitForOtherValue(acquire, true, busy, true);
    setBusy(true);
    await Promise.resolve();
    expect(status.done).to.equal(false);
    proceed();
    await status;
  });

  it("fails with what its condition throws, before the set or at an update", async () => {
    const [demand, other] = [softSignalRw(0), softSignalRw(1)];
    const fails = (at: number) =>
      failureText(
        setAndWaitForOtherValue(demand, 5, other, (value) => {
          if (value >= at) throw new Error(`no ${value}`);
          return false;
        }),
      );
    expect(await fails(1)).to.equal("no 1");
    expect(await demand.getValue(), "nothing was set").to.equal(0);
    const later = fails(2);
    await other.set(2);
    expect(await later).to.equal("no 2");
  });

  it("accepts a matching value from before the set only once the set is done", async () => {
    const [state] = softSignalRAndSetter("ready");
    await setAndWaitForOtherValue(softSignalRw(0), 1, state, "ready");
  });

  it("fails at once when the set fails, and with a clear message when the value does not come", async () => {
    const limited = softSignalRw(0, { limits: [0, 1], name: "x" });
    const [other] = softSignalRAndSetter(0, { name: "y" });
    expect(await failureText(setAndWaitForOtherValue(limited, 2, other, 5))).to.contain("cannot set x to 2");
    expect(await failureText(setAndWaitForOtherValue(limited, 1, other, 5, { timeout: 0.001 }))).to.equal(
      "gave up waiting for y to become 5 after setting x after 0.001 s: the last value is 0",
    );
    await setAndWaitForValue(limited, 0.5);
  });

  it("no longer watches the other signal when the device refuses the value without a status", async () => {
    const [other, post] = softSignalRAndSetter(0, { name: "y" });
    let asked = 0;
    const isThere = () => {
      asked += 1;
      return false;
    };
    const refusing = {
      name: "x",
      set(): Status {
        throw new Error("x is locked");
      },
    };
    expect(await failureText(setAndWaitForOtherValue(refusing, 1, other, isThere))).to.equal("x is locked");
    const before = asked;
    post(1);
    expect(asked).to.equal(before);
  });
});

import { expect } from "chai";
import { followedSet, followedSets } from "../../../lib/core/signal/followedSet";
import type { SignalR } from "../../../lib/core/signal/signal";
import { softSignalRAndSetter } from "../../../lib/core/signal/softSignal";
import { Status } from "../../../lib/core/status/status";
import { wayDone } from "../../../lib/core/status/wayDone";
import { failureText } from "../../support/failure";

/** A status that ends when the test says so. */
function openStatus() {
  let end: (error?: Error) => void = () => {};
  const status = new Status((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  return { status, end };
}

describe("a set that is followed", () => {
  it("reports the values on the way, and how much of the way is done", async () => {
    const [signal, post] = softSignalRAndSetter(2, { name: "height", units: "mm" });
    const { status, end } = openStatus();
    const followed = followedSet(signal, 10, status);
    const updates: unknown[] = [];
    followed.watch((update) => updates.push(update));
    post(4);
    end();
    await followed;
    post(10);
    const common = { name: "height", initial: 2, target: 10, unit: "mm", time_elapsed: undefined };
    expect(updates.map((update) => ({ ...(update as object), time_elapsed: undefined }))).to.deep.equal([
      { ...common, current: 2, fraction: 0 },
      { ...common, current: 4, fraction: 0.25 },
    ]);
  });

  it("reports several values together, and fails as the set does", async () => {
    const [height, postHeight] = softSignalRAndSetter(0, { name: "m-height" });
    const [tilt] = softSignalRAndSetter(1, { name: "m-tilt" });
    const { status, end } = openStatus();
    const signals = new Map<string, SignalR>([
      ["height", height as SignalR],
      ["tilt", tilt as SignalR],
    ]);
    const followed = followedSets({ name: "m" }, signals, { height: 5, tilt: 2 }, status);
    const seen: unknown[] = [];
    followed.watch(({ current }) => seen.push(current));
    postHeight(3);
    end(new Error("the mirror is stuck"));
    expect(await failureText(followed)).to.equal("the mirror is stuck");
    expect(seen).to.deep.equal([
      { height: 0, tilt: 1 },
      { height: 3, tilt: 1 },
    ]);
  });
});

describe("wayDone", () => {
  it("is a fraction from 0 to 1 for numbers, and empty for other values", () => {
    expect(wayDone(2, 4, 10)).to.deep.equal({ fraction: 0.25 });
    expect(wayDone(0, 12, 10)).to.deep.equal({ fraction: 1 });
    expect(wayDone(10, 4, 0)).to.deep.equal({ fraction: 0.6 });
    expect(wayDone(2, 1, 10)).to.deep.equal({ fraction: 0 });
    expect(wayDone(3, 3, 3)).to.deep.equal({ fraction: 1 });
    expect(wayDone("in", "out", "in")).to.deep.equal({});
  });
});

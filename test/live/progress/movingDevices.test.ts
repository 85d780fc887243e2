import { expect } from "chai";
import { Status, WatchableStatus } from "../../../lib/core";
import type { WatcherUpdate } from "../../../lib/core/protocols/protocols";
import { MovingDevices } from "../../../lib/live/progress/movingDevices";
import { until } from "../../support/until";

/** A move of "cryo" from 0 to 20 K that goes on until it is ended by hand. */
function move() {
  let end: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  let report: (update: WatcherUpdate<number>) => void = () => {};
  const status = new WatchableStatus<void, number>((resolve, reject, tell) => {
    [end, fail, report] = [resolve, reject, tell];
  }, "cryo");
  const at = (current: number, more: Partial<WatcherUpdate<number>> = {}) =>
    report({ name: "cryo", current, initial: 0, target: 20, unit: "K", precision: 3, ...more });
  return { status, at, end, fail };
}

describe("the bars of devices that move", () => {
  let moving: MovingDevices;
  const texts = () => moving.bars(false).map(({ name, state, text }) => [name, state, text]);

  beforeEach(() => {
    moving = new MovingDevices(() => {});
  });
  afterEach(() => moving.clear());

  /** A move that is old enough for a bar. */
  const shown = async () => {
    const one = move();
    moving.waiting([one.status]);
    one.at(12);
    await until(() => moving.bars(false).length > 0);
    return one;
  };

  it("say where a move has ended, and not where it was last on its way", async () => {
    const one = await shown();
    one.at(20.002, { fraction: 1, time_remaining: 0 });
    one.end();
    expect(texts()).to.deep.equal([["cryo", "ok", "20.002 K reached · target 20.000 K"]]);
  });

  it("say the target where a move does not report its end", async () => {
    const one = await shown();
    one.end();
    expect(texts()).to.deep.equal([["cryo", "ok", "20.000 K reached"]]);
  });

  it("go on saying it while the device is read, and are replaced by its next move", async () => {
    const one = await shown();
    one.at(20.002, { fraction: 1, time_remaining: 0 });
    one.end();
    const trigger = new Status<void>((resolve) => resolve(), "cryo");
    await trigger;
    moving.waiting([trigger]);
    expect(texts()).to.deep.equal([["cryo", "ok", "20.002 K reached · target 20.000 K"]]);
    const next = move();
    moving.waiting([next.status]);
    next.at(5);
    expect(texts()).to.deep.equal([["cryo", "busy", "5.000 → 20.000 K"]]);
    next.end();
  });

  it("say at the end of a run where a device was that is still on its way, and promise no time any more", async () => {
    const one = await shown();
    one.at(13.5, { time_elapsed: 3, time_remaining: 2 });
    expect(texts()[0]?.[2]).to.contain("2 s left");
    const ends = moving.barsAtEnd(false).map(({ state, text }) => [state, text]);
    expect(ends).to.deep.equal([["off", "13.500 K when the run ended · target 20.000 K"]]);
    one.end();
    expect(moving.barsAtEnd(false)).to.deep.equal(moving.bars(false));
  });

  it("say that the next action has failed, also if it reported nothing", async () => {
    const one = await shown();
    one.end();
    const next = move();
    moving.waiting([next.status]);
    next.fail(new Error("no flow"));
    await next.status.catch(() => {});
    expect(texts()).to.deep.equal([["cryo", "bad", "failed"]]);
  });
});

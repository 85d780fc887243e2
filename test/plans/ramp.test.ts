import { expect } from "chai";
import { Msg, type Plan } from "../../lib/core/msg";
import { makeRunEngine } from "../../lib/engine";
import { bps, dwell, rampPlan, rampScan, scan, settle, settledStep, timeScan } from "../../lib/plans";
import { HeldDevice } from "../engine/heldDevice";
import { softDevices } from "./softDevices";

const quiet = () => makeRunEngine({ notify: () => undefined });

describe("plans for what takes long", () => {
  it("measure while a device ramps, and once when it is there", async () => {
    const RE = quiet();
    const { det } = softDevices();
    const cryo = new HeldDevice("cryo");
    RE.subscribe((_, doc) => {
      if (doc.seq_num === 3) cryo.arrive();
    }, "event");
    const run = await RE(rampScan([det], cryo, 300, { period: 0.002 }));
    expect(run.table().length).to.equal(4);
    expect(run.table().row(-1).cryo).to.equal(300);
    expect(cryo.stops).to.deep.equal([]);
  });

  it("go on with the ramp after a pause", async () => {
    const RE = quiet();
    const { det } = softDevices();
    const cryo = new HeldDevice("cryo");
    RE.subscribe((_, doc) => {
      const { seq_num: seqNum } = doc;
      if (seqNum === 2 && cryo.targets.length === 1) RE.pause();
      if (seqNum === 4) cryo.arrive();
    }, "event");
    RE.state$.subscribe((state) => state === "paused" && RE.resume());
    const run = await RE(rampScan([det], cryo, 300, { period: 0.002 }));
    expect(cryo.targets).to.deep.equal([300, 300]);
    expect(run.table().row(-1).cryo).to.equal(300);
  });

  it("fail when a ramp takes too long, and stop it", async () => {
    const RE = quiet();
    const { det } = softDevices();
    const cryo = new HeldDevice("cryo");
    const error = await RE(rampScan([det], cryo, 300, { period: 0.002, timeout: 0.01 })).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.include({ name: "RampFail", message: "cryo is not at 300 after 0.01 s" });
    expect(cryo.stops).to.deep.equal([false]);
  });

  it("do any plan while a status is not done", async () => {
    const RE = quiet();
    const { det, sensor } = softDevices();
    const cryo = new HeldDevice("cryo");
    let measured = 0;
    const measure = function* (): Plan<void> {
      measured += 1;
      if (measured === 3) cryo.arrive();
      yield* bps.triggerAndRead([det]);
    };
    const run = await RE(rampPlan(bps.absSet(cryo, 5), sensor, measure, { period: 0.001 }));
    expect(run.table().length).to.equal(4);
    expect(run.table("sensor_monitor").length).to.equal(1);
  });

  it("do any plan until a ramp that was paused has arrived", async () => {
    const RE = quiet();
    const { det, sensor } = softDevices();
    const cryo = new HeldDevice("cryo");
    let measured = 0;
    const measure = function* (): Plan<void> {
      measured += 1;
      if (measured === 3) RE.pause();
      if (measured === 6) cryo.arrive();
      yield* bps.checkpoint();
      yield* bps.triggerAndRead([det]);
    };
    RE.state$.subscribe((state) => state === "paused" && RE.resume());
    const run = await RE(rampPlan(bps.absSet(cryo, 5), sensor, measure));
    expect(cryo.targets).to.deep.equal([5, 5]);
    expect(cryo.position).to.equal(5);
    expect(run.table().length).to.equal(7);
  });

  it("measure all points of a dwell a period apart, however long it was paused", () => {
    const { now } = Date;
    let clock = 0;
    Date.now = () => 1000 * clock;
    const sleeps: unknown[] = [];
    let points = 0;
    try {
      for (const { command, args } of dwell([softDevices().det], 0.4, 0.1)) {
        if (command === "sleep") {
          sleeps.push(args[0]);
          clock += Number(args[0]);
        }
        if (command === "save") points += 1;
        if (command === "save" && points === 2) clock += 100;
      }
    } finally {
      Date.now = now;
    }
    expect(sleeps).to.deep.equal([0.1, 0.1, 0.1]);
    expect(points).to.equal(5);
  });

  it("measure for some time", async () => {
    const RE = quiet();
    const { det } = softDevices();
    const run = await RE(timeScan([det], 0.006, 0.002));
    expect(run.table().length).to.equal(4);
    const part = await RE(function* (): Plan<void> {
      yield* bps.openRun();
      yield* dwell([det], 0);
      yield* bps.closeRun();
    });
    expect(part.table().length).to.equal(1);
  });

  it("wait until a device has settled", async () => {
    const RE = quiet();
    const { det, m, sensor } = softDevices();
    let looks = 0;
    sensor.read = () => {
      looks += 1;
      return { sensor: { value: looks < 3 ? 10 : 4.2, timestamp: 0 } };
    };
    await RE(settle(sensor, 4.25, { tolerance: 0.1, interval: 0 }));
    expect(looks).to.equal(3);
    const late = RE(settle(sensor, 9, { tolerance: 0.1, interval: 0.001, timeout: 0.005 }));
    expect(await late.catch((error: unknown) => (error as Error).message)).to.equal(
      "sensor did not stay within 0.1 of 9 in 0.005 s: it is at 4.2",
    );
    const run = await RE(scan([det], m, 0, 2, 3, { perStep: settledStep({ tolerance: 0.1, interval: 0 }) }));
    expect(run.table().numbers("m")).to.deep.equal(new Float64Array([0, 1, 2]));
    await RE([Msg("null")]);
  });
});

import { expect } from "chai";
import { softSignalRw } from "../../../lib/core";
import { Msg, type Plan } from "../../../lib/core/protocols/msg";
import { planTime, SuspendBoolHigh } from "../../../lib/engine";
import { bps, dwell, rampPlan, rampScan, scan, settle, settledStep, timeScan, tuneCentroid } from "../../../lib/plans";
import { SimMotor } from "../../../lib/sim";
import { failure } from "../../support/failure";
import { HeldDevice } from "../../support/heldDevice";
import { quietEngine } from "../../support/quietEngine";
import { Sensor, softDevices } from "../../support/softDevices";

const measure = (cryo: HeldDevice) => () => bps.triggerAndRead([cryo]);
const TIMED: Record<string, (cryo: HeldDevice) => Plan> = {
  rampScan: (cryo) => rampScan([], cryo, 5, { period: 0.001, timeout: 50 }),
  rampPlan: (cryo) => rampPlan(bps.absSet(cryo, 5), new Sensor("s"), measure(cryo), { timeout: 50 }),
  *settle(cryo) {
    yield* bps.absSet(cryo, 5);
    yield* settle(cryo, 5, { tolerance: 0.1, timeout: 50, interval: 0 });
  },
};

describe("plans for slow devices", () => {
  it("measure while a device ramps, and once when it has arrived", async () => {
    const RE = quietEngine().RE;
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

  it("start the ramp again after a pause", async () => {
    const RE = quietEngine().RE;
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

  it("fail when a ramp takes too long, and stop the device", async () => {
    const RE = quietEngine().RE;
    const { det } = softDevices();
    const cryo = new HeldDevice("cryo");
    const error = await RE(rampScan([det], cryo, 300, { period: 0.002, timeout: 0.01 })).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.include({ name: "RampFail", message: "cryo is not at 300 after 0.01 s" });
    expect(cryo.stops).to.deep.equal([false]);
  });

  it("repeat any plan until a status is done", async () => {
    const RE = quietEngine().RE;
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

  it("repeat any plan until a ramp that was paused has arrived", async () => {
    const RE = quietEngine().RE;
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

  it("measure for a given time", async () => {
    const RE = quietEngine().RE;
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
    const RE = quietEngine().RE;
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

  it("do not take the NaN of a broken sensor for a settled device", async () => {
    const RE = quietEngine().RE;
    const sensor = softSignalRw(Number.NaN, { name: "sensor", units: "K" });
    const waiting = RE(settle(sensor, 9, { tolerance: 0.1, interval: 0.001, timeout: 0.005 }));
    expect(await failure(waiting)).to.include({
      name: "RampFail",
      message: "sensor did not stay within 0.1 of 9 K in 0.005 s: it is at NaN K",
    });
    await sensor.set(9.05);
    await RE(settle(sensor, 9, { tolerance: 0.1, interval: 0.001, timeout: 60 }));
    await sensor.set(5.999999805243564);
    const far = RE(settle(sensor, 50, { tolerance: 0.1, interval: 0.001, timeout: 0.005 }));
    expect((await failure(far)).message).to.contain("of 50 K in 0.005 s: it is at 5.9999998 K");
    const motor = new SimMotor("motor", { units: "deg" });
    const still = RE(settle(motor, 50, { tolerance: 0.1, interval: 0.001, timeout: 0.005 }));
    expect((await failure(still)).message).to.contain("it is at 0 deg");
    const valve = softSignalRw("open", { name: "valve" });
    expect(await failure(RE(settle(valve, 5, { tolerance: 1 })))).to.include({
      message: "settle needs a device that reads a number, but valve reads open",
    });
  });
});

describe("tuneCentroid", () => {
  it("names the detector that reads no number, and where", async () => {
    const nan = softSignalRw(Number.NaN, { name: "diode" });
    const motor = new SimMotor("motor", { velocity: 0, units: "deg" });
    const tuned = quietEngine().RE(tuneCentroid([nan], "diode", motor, 1, 2, 0.1));
    expect((await failure(tuned)).message).to.equal("tuneCentroid: diode reads NaN at 1 deg: a centroid needs numbers");
  });
});

describe("the clock of a plan", () => {
  const { now } = Date;
  /** The time that the plan sees, in seconds. */
  let clock = 0;

  beforeEach(() => {
    clock = 1e9;
    Date.now = () => 1000 * clock;
  });

  afterEach(() => {
    Date.now = now;
  });

  for (const [name, make] of Object.entries(TIMED)) {
    for (const standstill of ["paused", "suspended"] as const) {
      it(`does not count the time during which ${name} is ${standstill}`, async () => {
        const RE = quietEngine().RE;
        const beamLost = new Sensor("beamLost");
        beamLost.post(0);
        RE.installSuspender(new SuspendBoolHigh(beamLost));
        const cryo = new HeldDevice("cryo");
        let interrupted = false;
        RE.msgHook = ({ command }) => {
          if (command !== "read" || interrupted) return;
          interrupted = true;
          if (standstill === "paused") RE.pause();
          else beamLost.post(1);
        };
        RE.state$.subscribe((state) => {
          if (state !== standstill) return;
          RE.msgHook = ({ command }) => {
            if (command === "read") cryo.arrive();
          };
          queueMicrotask(() => {
            clock += 1000;
            if (state === "paused") RE.resume();
            else beamLost.post(0);
          });
        });
        await RE(make(cryo));
        expect(interrupted).to.equal(true);
        expect(cryo.position).to.equal(5);
      });
    }
  }

  it("stands still while a suspender does another plan, which has its own clock", async () => {
    const RE = quietEngine().RE;
    const beamLost = new Sensor("beamLost");
    beamLost.post(0);
    let inPrePlan = 0;
    const prePlan = function* (): Plan<void> {
      const started = planTime();
      clock += 7;
      yield* bps.null_();
      inPrePlan = planTime() - started;
      beamLost.post(0);
    };
    RE.installSuspender(new SuspendBoolHigh(beamLost, { prePlan }));
    const run = await RE(function* (): Plan<number> {
      const started = planTime();
      beamLost.post(1);
      yield* bps.null_();
      clock += 3;
      yield* bps.null_();
      return planTime() - started;
    });
    expect(inPrePlan).to.be.closeTo(7, 1e-6);
    expect(run.planResult).to.be.closeTo(3, 1e-6);
  });

  it("keeps all points of a dwell a period apart, even if one was late", () => {
    const sleeps: unknown[] = [];
    let points = 0;
    for (const { command, args } of dwell([softDevices().det], 0.4, 0.1)) {
      if (command === "sleep") {
        sleeps.push(args[0]);
        clock += Number(args[0]);
      }
      if (command === "save") points += 1;
      if (command === "save" && points === 2) clock += 100;
    }
    expect(sleeps).to.deep.equal([0.1, 0.1, 0.1]);
    expect(points).to.equal(5);
  });
});

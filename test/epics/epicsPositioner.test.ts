/**
 * Tests of positioners made of PVs, of all fields of a motor record and of declared devices, against caproto.
 */

import { expect } from "chai";
import {
  disposeDevices,
  EpicsDevice,
  EpicsMotorRecord,
  EpicsPositioner,
  epicsSignalRw,
  initDevices,
  SimDetector,
  scan,
} from "../../lib/index";
import { type Ioc, startIoc } from "../peers/epics";
import { failureText } from "../support/failure";
import { quietEngine } from "../support/quietEngine";

describe("positioners and motor records of caproto", function () {
  this.timeout(30_000);
  let ioc: Ioc;
  before(async () => {
    ioc = await startIoc("motor");
  });
  after(() => ioc.stop());

  const withGap = async (
    options: ConstructorParameters<typeof EpicsPositioner>[1],
    work: (gap: EpicsPositioner) => Promise<void>,
  ) => {
    const gap = new EpicsPositioner("LAB:GAP:SET", { readback: "LAB:GAP:POS", ...options });
    await initDevices({ gap });
    try {
      await work(gap);
    } finally {
      await disposeDevices({ gap });
    }
  };
  const done = { done: "LAB:GAP:DONE", stop: "LAB:GAP:STOP" };

  it("arrive when the PV says so, though it says done before it has started", () =>
    withGap(done, async (gap) => {
      await gap.set(2);
      expect(await gap.locate()).to.deep.equal({ setpoint: 2, readback: 2 });
      await gap.set(1);
      expect(await gap.locate()).to.deep.equal({ setpoint: 1, readback: 1 });
      expect(Object.keys(await gap.read())).to.deep.equal(["gap"]);
      expect((await gap.describe()).gap).to.deep.include({ units: "mm", precision: 2 });
    }));

  it("arrive within the tolerance where no PV says done, by default within the last digit", async () => {
    await withGap({}, async (gap) => {
      await gap.set(3);
      expect(await gap.locate()).to.deep.equal({ setpoint: 3, readback: 3 });
    });
    await withGap({ tolerance: 0.6 }, async (gap) => {
      await gap.set(5);
      const { readback } = await gap.locate();
      expect(readback).to.be.within(4.4, 5);
    });
  });

  it("fail when they stop beside the target, and report it if no tolerance is known", async () => {
    await withGap({ ...done, tolerance: 0.1 }, async (gap) => {
      expect(await failureText(gap.set(8))).to.equal("gap stopped before it reached 8 mm: it is at 6 mm");
    });
    await withGap({ timeout: 0.5 }, async (gap) => {
      expect(await failureText(gap.set(7))).to.contain("gave up waiting for gap to reach 7 mm");
    });
  });

  it("are stopped by their PV, and refuse values beyond their limits", () =>
    withGap({ ...done, settle: 0.01 }, async (gap) => {
      await gap.set(0);
      const moving = gap.set(5);
      await new Promise<void>((resolve) => moving.watch(({ current }) => current > 0 && resolve()));
      await gap.stop();
      expect(await failureText(moving)).to.match(/^gap was stopped at \S+ mm before it reached 5 mm$/);
      expect(await failureText(gap.set(10))).to.equal("cannot set gap to 10 mm: the limits are -1 mm to 9 mm");
    }));

  it("are scanned, at the positions that they have reached", () =>
    withGap(done, async (gap) => {
      const run = await quietEngine().RE(scan([new SimDetector("det")], gap, 0, 2, 3));
      expect(run.exitStatus).to.equal("success");
      expect(Array.from(run.table().numbers("gap"))).to.deep.equal([0, 1, 2]);
    }));

  it("home, jog and tweak by a motor record, in cells and in plans", async () => {
    const motor = new EpicsMotorRecord("LAB:M");
    await initDevices({ motor });
    try {
      await motor.set(2);
      await motor.tweak.execute(0.5);
      expect((await motor.locate()).readback).to.be.closeTo(2.5, 1e-6);
      await motor.tweak.execute(-1);
      expect((await motor.locate()).readback).to.be.closeTo(1.5, 1e-6);
      expect(await motor.tweakDistance.getValue()).to.equal(1);
      expect(await failureText(motor.tweak.execute(100))).to.contain("the limits are -10 mm to 10 mm");
      await quietEngine().RE(motor.home.plan("forward"));
      expect((await motor.locate()).readback).to.be.closeTo(0, 1e-6);
      expect(await motor.atHome.getValue()).to.equal(1);
      await motor.jog.execute({ direction: "forward", seconds: 0.3 });
      const { readback } = await motor.locate();
      expect(readback).to.be.within(0.5, 9.9);
      expect(await motor.doneMoving.getValue()).to.equal(1);
      expect(await failureText(motor.home.execute("up" as "forward"))).to.equal(
        'the direction is "forward" or "reverse", not "up"',
      );
      expect(Object.keys(await motor.readConfiguration())).to.include.members(["motor-direction", "motor-offset"]);
    } finally {
      await disposeDevices({ motor });
    }
  });

  it("are members of devices that are declared by suffixes", async () => {
    class Slit extends EpicsDevice {
      readonly gap = new EpicsPositioner(this.pv("GAP:SET"), {
        readback: this.pv("GAP:POS"),
        done: this.pv("GAP:DONE"),
      });
      readonly wanted = epicsSignalRw(Number, this.pv("GAP:SET"));
    }
    const slit = new Slit("LAB:");
    await initDevices({ slit });
    await slit.gap.set(1.5);
    expect(await slit.wanted.getValue()).to.equal(1.5);
    expect(slit.wanted.source).to.equal("ca://LAB:GAP:SET");
    await disposeDevices({ slit });
  });
});

/** When a motor record has arrived, against caproto's fake_motor_record and a motor that stands still. */

import { expect } from "chai";
import {
  bps,
  createRunEngine,
  disposeDevices,
  EpicsMotor,
  epicsSignalW,
  initDevices,
  type SignalW,
  scan,
} from "../../lib/index";
import { type Ioc, startIoc } from "../peers/epics";
import { failureText } from "../support/failure";

describe("the arrival of a motor record", () => {
  let ioc: Ioc;
  let devices: { motor: EpicsMotor; stuck: EpicsMotor; play: SignalW<string> };
  const field = (name: string) => ({ set: (value: number) => devices.play.set(`${name} ${value}`) });
  before(async () => {
    ioc = await startIoc("fakemotor");
    devices = await initDevices({
      motor: new EpicsMotor("LAB:FAKE"),
      stuck: new EpicsMotor("LAB:STUCK"),
      play: epicsSignalW(String, "LAB:PLAY"),
    });
  });
  after(async () => {
    await disposeDevices(devices);
    await ioc.stop();
  });

  it("is awaited although the record answers the write before the motor has started", async () => {
    const { motor } = devices;
    await motor.set(3);
    expect(await motor.locate()).to.deep.equal({ setpoint: 3, readback: 3 });
    expect(await motor.doneMoving.getValue()).to.equal(1);
    const RE = createRunEngine({ live: false, store: false });
    const run = await RE(scan([], motor, 0, 4, 5));
    expect([...run.table().numbers("motor")]).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it("fails when the motor is stopped by its record", async () => {
    const { motor } = devices;
    const moving = failureText(motor.set(-40));
    await motor.doneMoving.getValue();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await motor.motorStop.trigger();
    expect(await moving).to.match(/^motor was stopped or sent elsewhere before it reached -40.*: it is at/);
  });

  it("fails for a motor that stands still beside its target, and names what the record says", async () => {
    const { stuck } = devices;
    expect(await failureText(stuck.set(4))).to.equal("stuck stopped before it reached 4: it is at 0");
    await field("RBV").set(2);
    await field("MISS").set(1);
    await field("MSTA").set((1 << 6) | (1 << 9));
    expect(await failureText(stuck.set(4))).to.equal(
      "stuck stopped before it reached 4: it is at 2 (MISS: it missed its target after all retries, " +
        "MSTA: slip or stall detected, MSTA: the driver reports a problem)",
    );
    await field("MISS").set(0);
    await field("MSTA").set(0);
    const RE = createRunEngine({ live: false, store: false });
    expect(await failureText(RE(scan([], stuck, 4, 5, 2)))).to.contain("stuck stopped before it reached 4");
  });

  it("allows the larger of RDBD and MRES, or the tolerance of the device", async () => {
    const { stuck } = devices;
    await field("RBV").set(3.9);
    await field("RDBD").set(0.1);
    await stuck.set(4);
    await field("RDBD").set(0);
    await field("MRES").set(0.11);
    await stuck.set(4);
    await field("MRES").set(0.01);
    expect(await failureText(stuck.set(4))).to.contain("it is at 3.9");
    stuck.arrival = { tolerance: 0.2 };
    await stuck.set(4);
    stuck.arrival = {};
    await field("RBV").set(4);
    await field("MISS").set(1);
    expect(await failureText(stuck.set(4))).to.contain("MISS");
    await field("MISS").set(0);
  });

  it("waits until DMOV is 1, and settles as the device says", async () => {
    const { stuck } = devices;
    await field("DMOV").set(0);
    await field("RBV").set(4);
    const status = stuck.set(4);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(status.done).to.equal(false);
    await field("DMOV").set(1);
    await status;
    stuck.settleTime = 0.2;
    const before = performance.now();
    await createRunEngine({ live: false, store: false })(bps.mv(stuck, 4));
    expect(performance.now() - before).to.be.at.least(200);
    stuck.settleTime = 0;
  });
});

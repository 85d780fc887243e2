/** Tests of the motor record, against an IOC of softioc. */

import { expect } from "chai";
import {
  bps,
  createRunEngine,
  disposeDevices,
  EpicsMotor,
  epicsSignalR,
  initDevices,
  preview,
  SecopNodeDevice,
  SimDetector,
  scan,
  startSimNode,
} from "../../lib/index";
import { type Ioc, startIoc } from "../peers/epics";
import { failure } from "../support/failure";

describe("a motor record of EPICS", () => {
  let ioc: Ioc;
  let devices: { motor: EpicsMotor };
  before(async () => {
    ioc = await startIoc("motor");
    devices = await initDevices({ motor: new EpicsMotor("LAB:M") });
  });
  after(async () => {
    await disposeDevices(devices);
    await ioc.stop();
  });

  const fails = async (work: PromiseLike<unknown>): Promise<string> => (await failure(work)).message;

  it("arrives, and reports its position on the way", async () => {
    const { motor } = devices;
    const seen: number[] = [];
    const status = motor.set(2);
    status.watch(({ current, target, unit }) => {
      expect([target, unit]).to.deep.equal([2, "mm"]);
      seen.push(current);
    });
    await status;
    expect(seen.length).to.be.greaterThan(2);
    expect(await motor.locate()).to.deep.equal({ setpoint: 2, readback: 2 });
    expect(Object.keys(await motor.read())).to.deep.equal(["motor"]);
  });

  it("rejects values outside its limits", async () => {
    expect(await fails(devices.motor.set(20))).to.equal("cannot set motor to 20 mm: the limits are -10 mm to 10 mm");
    expect(await fails(devices.motor.set(Number.NaN))).to.contain("use a finite number");
  });

  it("fails when it is stopped or sent elsewhere", async () => {
    const { motor } = devices;
    const stopped = motor.set(10);
    await new Promise<void>((moving) => stopped.watch(() => moving()));
    await motor.stop();
    expect(await fails(stopped)).to.match(/^motor was stopped at \S+ mm before it reached 10 mm$/);
    const diverted = motor.set(10);
    await new Promise<void>((moving) => diverted.watch(() => moving()));
    const home = motor.set(0);
    expect(await fails(diverted)).to.match(/^motor was sent to 0 mm before it reached 10 mm$/);
    await home;
    const fromOutside = motor.set(10);
    await new Promise<void>((moving) => fromOutside.watch(() => moving()));
    await motor.motorStop.trigger();
    expect(await fails(fromOutside)).to.match(/^motor was stopped or sent elsewhere before it reached 10 mm: it is at/);
  });

  it("does not start when it is stopped, or sent elsewhere, before it has started", async () => {
    const { motor } = devices;
    const { readback } = await motor.locate();
    const stopped = motor.set(readback + 1);
    const refused = fails(stopped);
    await motor.stop();
    expect(await refused).to.match(/^motor was stopped at \S+ mm before it reached/);
    expect(await motor.locate()).to.deep.equal({ setpoint: readback, readback });
    const replaced = fails(motor.set(readback + 1));
    await motor.set(readback);
    expect(await replaced).to.match(/^motor was sent to \S+ mm before it reached/);
  });

  it("flies at constant speed, and has its former velocity afterwards", async () => {
    const { motor } = devices;
    await motor.set(0);
    await motor.maxVelocity.set(20);
    expect(await fails(motor.kickoff())).to.contain("use prepare before kickoff");
    expect(await fails(motor.complete())).to.equal("motor is not flying: use kickoff first");
    expect(await fails(motor.prepare({ start: 0, end: 10, time: 1 }))).to.contain("the limits are -10 mm to 10 mm");
    expect(await fails(motor.prepare({ start: 0, end: 5, time: 0.1 }))).to.equal(
      "motor cannot fly at 50 mm/s: its velocity is at most 20 mm/s",
    );
    await motor.prepare({ start: -4, end: 4, time: 0.5 });
    expect(await motor.locate()).to.deep.equal({ setpoint: -4.8, readback: -4.8 });
    await motor.kickoff();
    const flight = motor.complete();
    expect(await motor.velocity.getValue()).to.equal(16);
    await flight;
    expect([await motor.userReadback.getValue(), await motor.velocity.getValue()]).to.deep.equal([4.8, 10]);
    await motor.prepare({ start: 4, end: -4, time: 8 });
    const begun = motor.kickoff();
    const stopped = fails(motor.complete());
    await begun;
    await motor.stop();
    expect(await motor.velocity.getValue({ cached: false })).to.equal(10);
    expect(await stopped).to.contain("was stopped");
  });

  it("reports its duration to a preview, which continues the plan with the new position", async () => {
    const { motor } = devices;
    await motor.set(0);
    const seen: unknown[] = [];
    const plan = await preview(function* () {
      yield* bps.mv(motor, 5);
      seen.push((yield* bps.read(motor)).motor?.value);
      yield* bps.mv(motor, -5);
    });
    expect(plan.seconds).to.be.closeTo(1.7, 1e-9);
    expect([plan.unknownDurations, plan.unchecked, seen]).to.deep.equal([0, [], [5]]);
    expect((await motor.locate()).readback).to.equal(0);
  });

  it("is scanned together with a SEC node and a soft detector", async () => {
    const node = await startSimNode({ speed: 1000 });
    const { motor } = devices;
    const { lab, det } = await initDevices({ lab: new SecopNodeDevice(node.uri), det: new SimDetector("det") });
    const cryo = lab.modules.get("cryo");
    if (!cryo) throw new Error("the node has no cryo");
    const RE = createRunEngine({ live: false, store: false });
    const run = await RE(scan([det, cryo as never], motor, -1, 1, 3));
    expect(run.exitStatus).to.equal("success");
    const rows = run.table().rows();
    expect(rows.map((row: Record<string, unknown>) => row.motor)).to.deep.equal([-1, 0, 1]);
    const stopping = RE(bps.mv(motor, 10));
    await new Promise<void>((moving) =>
      motor.userReadback.subscribe(({ motor: r }) => (r?.value ?? 0) > 2 && moving()),
    );
    await stopping.abort("enough");
    expect((await motor.locate()).readback).to.be.lessThan(10);
    await lab.dispose();
    await node.close();
  });

  it("sets its position by SET and the offset of the record, and moves nothing", async () => {
    const { motor } = devices;
    const RE = createRunEngine({ live: false, store: false });
    const { travels } = await initDevices({ travels: epicsSignalR(Number, "LAB:M:TRAVEL") });
    await motor.set(2);
    const moved = await travels.getValue();
    await RE(bps.setCurrentPosition(motor, 5));
    expect(await motor.locate()).to.deep.equal({ setpoint: 5, readback: 5 });
    expect([await motor.offset.getValue(), await travels.getValue()]).to.deep.equal([3, moved]);
    expect(await fails(motor.set(13.5))).to.contain("the limits are -7 mm to 13 mm");
    const starts: unknown[] = [];
    RE.subscribe((_, doc) => starts.push(doc.current_positions), "start");
    const run = await RE(scan([], motor, 5, 6, 2));
    expect(run.table().column("motor")).to.deep.equal([5, 6]);
    expect((starts[0] as Record<string, object>).motor).to.deep.include({ before: 2, since: 5 });
    const moving = motor.set(0);
    await new Promise<void>((begun) => moving.watch(() => begun()));
    expect(await fails(RE(bps.setCurrentPosition(motor)))).to.contain("motor moves: its position can be set when");
    await moving;
    await RE(bps.setCurrentPosition(motor, -3));
    expect([await motor.offset.getValue(), (await motor.locate()).readback]).to.deep.equal([0, -3]);
    await disposeDevices({ travels });
  });

  it("sets its position without hardware, too", async () => {
    const { mocked } = await initDevices({ mocked: new EpicsMotor("NO:SUCH") }, { mock: true });
    await mocked.setCurrentPosition(7);
    expect(await mocked.locate()).to.deep.equal({ setpoint: 7, readback: 7 });
  });
});

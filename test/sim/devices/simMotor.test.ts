import { expect } from "chai";
import fc from "fast-check";
import { initDevices } from "../../../lib/core/device/initDevices";
import type { Readings } from "../../../lib/core/protocols/protocols";
import { setMockValue } from "../../../lib/core/signal/mockSignal";
import { trapezoid } from "../../../lib/core/standard/trapezoid";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimImageDetector } from "../../../lib/sim/devices/simImageDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { SimStage } from "../../../lib/sim/devices/simStage";
import { failure, failureText } from "../../support/failure";
import { until } from "../../support/until";

describe("SimMotor", () => {
  it("moves at once by default, and its reading has its name", () => {
    const motor = new SimMotor("m", { initial: 2 });
    expect(motor.set(3).success).to.equal(true);
    const readings = motor.read() as Readings;
    expect(Object.entries(readings).map(([key, { value }]) => [key, value])).to.deep.equal([
      ["m", 3],
      ["m-setpoint", 3],
    ]);
    expect(motor.hints).to.deep.equal({ fields: ["m"] });
    expect(motor.locate()).to.deep.equal({ setpoint: 3, readback: 3 });
    expect(Object.keys(motor.readConfiguration())).to.deep.equal(["m-velocity", "m-acceleration"]);
  });

  it("refuses options that it does not have, as all simulated devices do", () => {
    expect(() => new SimMotor("m", { velocty: 1 } as object)).to.throw("SimMotor has no option velocty (velocity?)");
    expect(() => new SimDetector("d", { centre: 1 } as object)).to.throw("SimDetector has no option centre (center?)");
    expect(() => new SimImageDetector("c", { sizes: [1, 1] } as object)).to.throw("no option sizes (size?)");
  });

  it("takes time if it has a velocity, and reports its position", async () => {
    const motor = new SimMotor("m", { velocity: 100, acceleration: 0.01 });
    const status = motor.set(10);
    const seen: number[] = [];
    status.watch(({ current, fraction = -1 }) => {
      seen.push(current);
      expect(fraction).to.be.within(0, 1);
    });
    expect(status.done).to.equal(false);
    await status;
    expect(seen.length).to.be.greaterThan(0);
    expect(motor.position).to.equal(10);
  });

  it("stops where it is, and makes the move fail", async () => {
    const motor = new SimMotor("m", { velocity: 1 });
    const status = motor.set(100);
    motor.stop();
    expect((await failure(Promise.resolve(status))).message).to.equal("m was stopped before it reached 100 mm");
    expect(motor.position).to.be.within(0, 1);
  });

  it("makes a move fail that another one replaces, or that has a timeout", async () => {
    const motor = new SimMotor("m", { velocity: 1 });
    const first = motor.set(100);
    const second = motor.set(50, { timeout: 0.01 });
    expect((await failure(Promise.resolve(first))).message).to.contain("was sent to 50 mm before it reached 100");
    expect((await failure(Promise.resolve(second))).message).to.contain(
      "gave up waiting for m to reach 50 mm after 0.01 s",
    );
    await motor.dispose();
  });

  it("refuses positions beyond its limits", async () => {
    const motor = new SimMotor("m", { limits: [-5, 5] });
    expect((await failure(Promise.resolve(motor.set(7)))).message).to.equal(
      "cannot set m to 7 mm: the limits are -5 mm to 5 mm",
    );
    expect((await failure(Promise.resolve(motor.setpoint.set(7)))).message).to.contain("-5 mm to 5 mm");
    expect(() => motor.checkValue(Number.NaN)).to.throw("use a finite number");
    expect(motor.position).to.equal(0);
  });

  it("flies at constant speed from before the start to behind the end", async () => {
    const motor = new SimMotor("m", { acceleration: 0.02 });
    await motor.prepare({ start: 0, end: 10, time: 0.1 });
    expect(motor.position).to.be.closeTo(-1, 1e-9);
    await motor.kickoff();
    await motor.complete();
    expect(motor.position).to.be.closeTo(11, 1e-9);
    expect((await failure(Promise.resolve(motor.kickoff()))).message).to.contain("use prepare before kickoff");
  });

  it("does not fly from another position than the one where the flight was prepared", async () => {
    const motor = new SimMotor("m", { acceleration: 0.02 });
    await motor.prepare({ start: 0, end: 10, time: 0.1 });
    await motor.set(3);
    expect(await failureText(motor.kickoff())).to.equal(
      "m was moved to 3 mm since its flight was prepared at -1 mm: prepare it again",
    );
    expect(motor.position).to.equal(3);
    await motor.set(-1);
    await motor.kickoff();
    await motor.complete();
    expect(motor.position).to.be.closeTo(11, 1e-9);
  });

  it("is given up while it settles, as while it moves", async () => {
    for (const velocity of [0, 1000]) {
      const motor = new SimMotor("m", { velocity, acceleration: 0 });
      motor.settleTime = 1000;
      const giveUp = new AbortController();
      const given = failureText(motor.set(1, { signal: giveUp.signal }));
      await until(async () => (await motor.readback.getValue()) === 1);
      giveUp.abort(new Error("user"));
      expect(await given).to.equal("gave up waiting for m to reach 1 mm: user");
      expect(await failureText(motor.set(1, { timeout: 0.01 }))).to.equal(
        "gave up waiting for m to reach 1 mm after 0.01 s",
      );
      motor.stop();
    }
  });

  it("follows its target when mocked", async () => {
    const { motor } = await initDevices({ motor: new SimMotor("", { velocity: 1 }) }, { mock: true });
    await motor.set(100);
    expect(((await motor.read()) as Readings).motor?.value).to.equal(100);
    setMockValue(motor.readback, 7);
    expect(await motor.readback.getValue()).to.equal(7);
  });

  it("is one of the two motors of a stage", () => {
    const stage = new SimStage("s");
    expect(stage.hints).to.deep.equal({ fields: ["s-x", "s-y"] });
    expect([stage.x.name, stage.y.setpoint.name]).to.deep.equal(["s-x", "s-y-setpoint"]);
  });
});

describe("trapezoid", () => {
  it("starts and ends at rest, never faster than its speed, never beyond its ends", () => {
    const position = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        position,
        position,
        positive,
        fc.double({ min: 0, max: 10, noNaN: true }),
        (from, to, speed, ramp) => {
          const path = trapezoid(from, to, speed, ramp);
          expect(path.position(0)).to.equal(path.duration === 0 ? to : from);
          expect(path.position(path.duration)).to.equal(to);
          const step = path.duration / 50;
          let last = path.position(0);
          for (let i = 1; i <= 50; i += 1) {
            const next = path.position(i * step);
            expect(Math.abs(next - last)).to.be.at.most(speed * step * (1 + 1e-6) + 1e-9);
            expect(next).to.be.within(Math.min(from, to) - 1e-6, Math.max(from, to) + 1e-6);
            last = next;
          }
        },
      ),
    );
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { STATUS } from "../../../lib/secop/values/moduleStatus";
import { BASE_TEMPERATURE, Cryostat } from "../../../lib/sim/physics/cryostat";
import { DosingUnit, FlowController } from "../../../lib/sim/physics/gasDosing";
import { Magnet } from "../../../lib/sim/physics/magnet";
import { rampTowards } from "../../../lib/sim/physics/ramp";
import { StabilityWatch } from "../../../lib/sim/physics/stabilityWatch";

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe("rampTowards", () => {
  it("never passes the target and never moves faster than the rate", () => {
    fc.assert(
      fc.property(finite, finite, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (from, to, rate) => {
        const next = rampTowards(from, to, rate, 0.5);
        expect(Math.abs(next - from)).to.be.at.most(rate * 0.5 * (1 + 1e-6) + 1e-9);
        expect(Math.abs(to - next)).to.be.at.most(Math.abs(to - from));
      }),
    );
  });

  it("jumps without a rate", () => {
    expect(rampTowards(1, 100, 0, 0.1)).to.equal(100);
  });
});

describe("StabilityWatch", () => {
  it("needs the whole window without a break", () => {
    const watch = new StabilityWatch();
    expect(watch.watch(0.01, 4, 0.05, 5)).to.equal(false);
    expect(watch.watch(0.2, 1, 0.05, 5)).to.equal(false);
    expect(watch.watch(-0.01, 4, 0.05, 5)).to.equal(false);
    expect(watch.watch(0.01, 1, 0.05, 5)).to.equal(true);
  });
});

describe("Cryostat", () => {
  const pid = { p: 0.3, i: 0.02, d: 0 };

  it("cools to its base temperature with the heater off", () => {
    const cryostat = new Cryostat(300);
    cryostat.advance(3600, () => 0);
    expect(cryostat.stage).to.be.closeTo(BASE_TEMPERATURE, 0.01);
    expect(cryostat.sample).to.be.closeTo(cryostat.stage, 0.01);
  });

  for (const setpoint of [4, 20, 77, 300]) {
    it(`regulates to ${setpoint} K`, () => {
      const cryostat = new Cryostat(10);
      cryostat.advance(4000, (dt) => cryostat.regulate(setpoint, pid, 60, dt));
      expect(cryostat.stage).to.be.closeTo(setpoint, 0.01);
    });
  }

  it("lets the sample follow the stage", () => {
    const cryostat = new Cryostat(10);
    cryostat.advance(3, () => 60);
    expect(cryostat.stage).to.be.greaterThan(cryostat.sample + 1);
  });

  it("never exceeds the power of the heater", () => {
    const cryostat = new Cryostat(10);
    expect(cryostat.regulate(300, pid, 60, 0.25)).to.equal(60);
    expect(cryostat.regulate(3, pid, 60, 0.25)).to.equal(0);
  });
});

describe("Magnet", () => {
  const phases = (magnet: Magnet): number[] => {
    const codes: number[] = [];
    while (magnet.busy) {
      const [code] = magnet.status;
      if (codes.at(-1) !== code) codes.push(code);
      magnet.advance(1);
    }
    return codes;
  };

  it("opens its switch, ramps, settles, closes it and ramps the leads down", () => {
    const magnet = new Magnet();
    magnet.goTo(2);
    expect(phases(magnet)).to.deep.equal([STATUS.PREPARING, STATUS.RAMPING, STATUS.STABILIZING, STATUS.FINALIZING]);
    expect(magnet).to.include({ field: 2, leads: 0, switchWarm: false });
  });

  it("stays on its leads in driven mode", () => {
    const magnet = new Magnet();
    magnet.setMode("driven");
    phases(magnet);
    magnet.goTo(-1);
    expect(phases(magnet)).to.deep.equal([STATUS.RAMPING, STATUS.STABILIZING]);
    expect(magnet).to.include({ field: -1, leads: -1, switchWarm: true });
  });

  it("charges the leads to the persistent field before it opens the switch", () => {
    const magnet = new Magnet();
    magnet.goTo(2);
    phases(magnet);
    magnet.goTo(3);
    while (!magnet.switchWarm) magnet.advance(1);
    expect(magnet).to.include({ field: 2, leads: 2 });
  });

  it("keeps the field at which it is stopped", () => {
    const magnet = new Magnet();
    magnet.goTo(9);
    for (let s = 0; s < 120; s += 1) magnet.advance(1);
    magnet.stop();
    const { field } = magnet;
    phases(magnet);
    expect(magnet.field).to.equal(field).and.be.within(0.5, 8.5);
    expect(magnet.target).to.equal(field);
  });
});

describe("DosingUnit", () => {
  it("doses each gas in turn and closes the valves at the end", () => {
    const [argon, oxygen] = [new FlowController(), new FlowController()];
    const unit = new DosingUnit(
      new Map([
        ["oxygen", oxygen],
        ["argon", argon],
      ]),
    );
    expect(unit.dose(2, true)).to.equal(4);
    const seen: string[] = [];
    while (unit.busy) {
      unit.advance(1);
      for (const controller of [argon, oxygen]) controller.advance(1);
      const name = argon.target > 0 ? `argon ${argon.target}` : oxygen.target > 0 ? `oxygen ${oxygen.target}` : "none";
      if (seen.at(-1) !== name) seen.push(name);
    }
    expect(seen.filter((name) => name !== "none")).to.deep.equal(["argon 50", "argon 100", "oxygen 50", "oxygen 100"]);
    expect([argon.target, oxygen.target]).to.deep.equal([0, 0]);
  });
});

import { expect } from "chai";
import { derivedSignalRw } from "../../../lib/core/signal/derivedSignal";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { Status } from "../../../lib/core/status/status";
import { SimDetector, type SimDetectorOptions } from "../../../lib/sim/devices/simDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";

const measured = (det: SimDetector): number => {
  det.trigger();
  return det.value.getValue() as number;
};

describe("SimDetector", () => {
  it("sees a peak along a motor", () => {
    const motor = new SimMotor("m");
    const det = new SimDetector("det", { motor, center: 1, sigma: 0.5, height: 100, background: 10 });
    const at = (position: number) => {
      motor.set(position);
      return measured(det);
    };
    expect(at(1)).to.equal(110);
    expect(at(1.5)).to.be.closeTo(10 + 100 * Math.exp(-0.5), 1e-9);
    expect(at(-100)).to.equal(10);
    expect(det.hints).to.deep.equal({ fields: ["det"] });
  });

  it("sees a peak along a signal, a derived axis or a device that tells where it is", async () => {
    const peak = { center: 30, sigma: 2, height: 100, background: 10 };
    const kelvin = softSignalRw(30, { name: "kelvin" });
    const celsius = derivedSignalRw(
      { kelvin },
      (all) => all.kelvin - 273.15,
      (degrees) => kelvin.set(degrees + 273.15),
    );
    const slow = {
      name: "slow",
      set: (value: number) => kelvin.set(value),
      locate: () => Promise.resolve({ setpoint: 0, readback: 32 }),
    };
    const at = async (motor: NonNullable<SimDetectorOptions["motor"]>, options: SimDetectorOptions = {}) => {
      const det = new SimDetector("det", { ...peak, motor, ...options });
      expect(await det.value.getValue()).to.equal(10);
      await det.trigger();
      return await det.value.getValue();
    };
    expect(await at(kelvin)).to.equal(110);
    expect(await at(celsius, { center: -243.15 })).to.be.closeTo(110, 1e-9);
    expect(await at(slow)).to.be.closeTo(10 + 100 * Math.exp(-0.5), 1e-9);
    expect(await at(slow, { exposure: 0.01 })).to.be.closeTo(10 + 100 * Math.exp(-0.5), 1e-9);
  });

  it("fails to measure, with or without an exposure, when its motor cannot be read", async () => {
    const motor = { name: "gone", set: () => Status.completed(), locate: () => Promise.reject(new Error("no node")) };
    for (const exposure of [0, 0.01]) {
      const refused = await new SimDetector("det", { motor, exposure }).trigger().catch(String);
      expect(refused).to.equal("Error: no node");
    }
  });

  it("gives up in time, with or without an exposure, when its motor never says where it is", async () => {
    const motor = { name: "mute", set: () => Status.completed(), locate: () => new Promise<never>(() => {}) };
    for (const exposure of [0, 0.01]) {
      const det = new SimDetector("det", { motor, exposure });
      const failure = await det.trigger({ timeout: 0.05 }).then(String, String);
      expect(failure).to.equal("TimeoutError: gave up waiting for det to measure after 0.05 s");
    }
  });

  it("has noise that its seed reproduces", () => {
    const series = (seed: number) => {
      const det = new SimDetector("d", { height: 100, noise: "poisson", seed });
      return Array.from({ length: 200 }, () => measured(det));
    };
    expect(series(1)).to.deep.equal(series(1)).and.not.deep.equal(series(2));
    const mean = series(3).reduce((a, b) => a + b) / 200;
    expect(mean).to.be.closeTo(100, 5);
    expect(series(3).every(Number.isInteger)).to.equal(true);
  });

  it("has its noise as a signal, which can be changed between measurements", async () => {
    const det = new SimDetector("d", { height: 100, seed: 3 });
    const three = async () => {
      const values: number[] = [];
      for (let i = 0; i < 3; i += 1) {
        await det.trigger();
        values.push(await det.value.getValue());
      }
      return values;
    };
    expect(await three()).to.deep.equal([100, 100, 100]);
    await det.noise.set("poisson");
    const counted = await three();
    expect(counted.every(Number.isInteger)).to.equal(true);
    expect(new Set(counted).size).to.be.greaterThan(1);
    await det.noise.set(0.001);
    for (const value of await three()) expect(value).to.be.closeTo(100, 0.02);
    expect(await det.noise.getValue()).to.equal(0.001);
    await det.noise.set(0);
    expect(await three()).to.deep.equal([100, 100, 100]);
    const refused = await det.noise.set(-1).catch(String);
    expect(refused).to.contain('the noise of a SimDetector is a number from 0 or "poisson", not -1');
  });

  it("keeps its value between triggers, and its peak is settable", async () => {
    const det = new SimDetector("d", { noise: 1 });
    const first = measured(det);
    expect(det.value.getValue()).to.equal(first);
    await det.height.set(50);
    expect(measured(det)).to.be.closeTo(50, 10);
    expect(Object.keys(det.readConfiguration())).to.deep.equal(["d-center", "d-sigma", "d-height", "d-exposure"]);
  });

  it("measures for the time of its exposure", async () => {
    const det = new SimDetector("d", { exposure: 0.005 });
    const status = det.trigger();
    expect(status.done).to.equal(false);
    await status;
  });
});

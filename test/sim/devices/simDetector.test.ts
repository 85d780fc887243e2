import { expect } from "chai";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
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

import { expect } from "chai";
import { Msg, type Plan } from "../../../lib/core/protocols/msg";
import { $display, type MimeBundle } from "../../../lib/display/mimeBundle";
import {
  bps,
  checkLimits,
  count,
  gridScan,
  plotRasterPath,
  preview,
  rampPlan,
  rampScan,
  relScan,
  scan,
  settledStep,
  summarizePlan,
} from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { softDevices } from "../../support/softDevices";

describe("preview", () => {
  it("finds points, moves, time and summary of a plan without moving anything", async () => {
    const { det, lm } = softDevices();
    const result = await preview(relScan([det], lm, -1, 1, 3));
    expect(lm.at).to.equal(3);
    expect(result.points).to.equal(3);
    expect(result.moves).to.deep.equal([{ device: "lm", count: 4, first: 2, last: 3, low: 2, high: 4 }]);
    expect(result.problems).to.deep.equal([]);
    expect(result.unchecked).to.deep.equal(["lm"]);
    expect(result.summary[0]).to.match(/^=+ Open Run =+$/);
    expect(result.summary).to.include.members(["lm -> 2", "  Read ['det', 'lm']"]);
    const timed = await preview(count([det], 4, 2));
    expect(timed.seconds).to.be.closeTo(8, 0.5);
    expect((timed[$display]() as MimeBundle)["text/plain"]).to.match(/^Preview · can run · 4 points · \d+ messages/);
  });

  it("adds up the durations that devices offer", async () => {
    const motor = new SimMotor("theta", { velocity: 2, acceleration: 0 });
    const detector = new SimDetector("counter", { exposure: 3 });
    const result = await preview(scan([detector], motor, 0, 4, 3));
    expect(result.seconds).to.be.closeTo(0 + 1 + 1 + 3 * 3, 1e-9);
    expect(result.unknownDurations).to.equal(0);
  });

  it("lets time pass while something moves, so that points of a ramp are counted", async () => {
    const furnace = new SimMotor("furnace", { velocity: 2, acceleration: 0 });
    const { det, sensor } = softDevices();
    const scanned = await preview(rampScan([det], furnace, 20, { period: 1 }));
    expect(scanned.seconds).to.be.closeTo(10, 0.5);
    expect(scanned.points).to.be.within(11, 13);
    const measure = () => bps.triggerAndRead([det]);
    const planned = await preview(rampPlan(bps.absSet(furnace, 20), sensor, measure, { period: 1 }));
    expect(planned.points).to.be.within(11, 13);
    const hasty = await preview(rampPlan(bps.absSet(furnace, 20), sensor, measure));
    expect(hasty.problems).to.deep.equal([]);
  });

  it("waits for each group as long as its slowest device takes", async () => {
    const [slow, quick] = [1, 10].map((velocity) => new SimMotor(`v${velocity}`, { velocity, acceleration: 0 }));
    const result = await preview(function* (): Plan<void> {
      yield* bps.absSet(slow as SimMotor, 10, { group: "slow" });
      yield* bps.mv(quick as SimMotor, 10);
      yield* bps.sleep(2);
      yield* bps.wait("slow");
    });
    expect(result.seconds).to.be.closeTo(10, 1e-9);
  });

  it("waits on the played clock until a device has settled", async () => {
    const { det } = softDevices();
    const motor = new SimMotor("theta", { velocity: 1, acceleration: 0 });
    const result = await preview(scan([det], motor, 0, 2, 3, { perStep: settledStep({ tolerance: 0.1, time: 600 }) }));
    expect(result.problems).to.deep.equal([]);
    expect(result.seconds).to.be.closeTo(2 + 3 * 600, 1e-9);
    expect(motor.position).to.equal(0);
  });

  it("reports a plan that was called and never iterated", async () => {
    const motor = new SimMotor("theta");
    const result = await preview(function* (): Plan<void> {
      bps.mv(motor, 3);
      yield* bps.mv(motor, 4);
    });
    expect(result.problems).to.have.length(1);
    expect(result.problems[0]).to.match(
      /^mv\(\.\.\.\) was called but never done: write yield\* mv\(\.\.\.\) at .*preview\.test/,
    );
  });

  it("finds positions outside of limits, and errors of the plan itself", async () => {
    const { det } = softDevices();
    const motor = new SimMotor("theta", { limits: [0, 5], units: "deg" });
    const result = await preview(scan([det], motor, 4, 6, 3));
    expect(result.problems).to.deep.equal(["cannot set theta to 6 deg: the limits are 0 deg to 5 deg"]);
    expect(result.unchecked).to.deep.equal([]);
    const broken = await preview(function* (): Plan<void> {
      yield Msg("null");
      throw new Error("oh");
    });
    expect(broken.problems).to.deep.equal(["oh"]);
  });

  it("rejects by checkLimits at the first position outside of limits", async () => {
    const { det } = softDevices();
    const motor = new SimMotor("theta", { limits: [0, 5] });
    await checkLimits(scan([det], motor, 0, 5, 3));
    const error = await checkLimits(scan([det], motor, 4, 6, 3)).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(String(error)).to.contain("cannot set theta to 6");
  });

  it("draws the path of two motors by plotRasterPath", async () => {
    const { det, m, m2 } = softDevices();
    const path = await plotRasterPath(gridScan([det], m, 0, 1, 2, m2, 0, 2, 3, { snakeAxes: true }), "m2", "m");
    expect(path.points.map(({ x, y }) => `${x} ${y}`)).to.deep.equal(["0 0", "1 0", "2 0", "2 1", "1 1", "0 1"]);
    expect(path[$display]()).to.have.all.keys("application/vnd.vegalite.v5+json", "text/plain");
  });

  it("draws the probe at each point, in the units of the motors", async () => {
    const { det, m, m2 } = softDevices();
    const plan = () => gridScan([det], m, 0, 1, 2, m2, 0, 2, 3);
    const path = await plotRasterPath(plan(), "m2", "m", { probeSize: { width: 0.5, height: 0.2 } });
    expect(path.probe).to.deep.equal({ width: 0.5, height: 0.2 });
    const bundle = path[$display]() as unknown as Record<
      string,
      { layer: { data: { values: { x: number; y: number; i: number }[] } }[] }
    >;
    expect(bundle["text/plain"]).to.equal("6 points of m2 and m, each 0.5 wide and 0.2 high");
    const outline = bundle["application/vnd.vegalite.v5+json"]?.layer[0]?.data.values.filter(({ i }) => i === 4) ?? [];
    const [x, y] = [outline.map((corner) => corner.x), outline.map((corner) => corner.y)];
    expect(Math.max(...x) - Math.min(...x)).to.be.closeTo(0.5, 1e-9);
    expect(Math.max(...y) - Math.min(...y)).to.be.closeTo(0.2, 1e-9);
    expect((await plotRasterPath(plan(), "m2", "m", { probeSize: 0.3 })).probe).to.deep.equal({
      width: 0.3,
      height: 0.3,
    });
    const error = await plotRasterPath(plan(), "m2", "m", { probeSize: -1 }).catch(String);
    expect(error).to.contain("probeSize is a diameter above 0 or { width, height }, not -1");
  });

  it("prints its summary by summarizePlan", async () => {
    const { det, m } = softDevices();
    const lines: string[] = [];
    await summarizePlan(scan([det], m, 0, 1, 2), (line) => lines.push(line));
    expect(lines.slice(1, -1)).to.deep.equal(["m -> 0", "  Read ['det', 'm']", "m -> 1", "  Read ['det', 'm']"]);
  });
});

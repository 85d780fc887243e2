/** When a Drivable of a SEC node counts as being at its target. */

import { expect } from "chai";
import { bps } from "../../../lib/plans";
import { failureText } from "../../support/failure";
import { quietEngine } from "../../support/quietEngine";
import { until } from "../../support/until";
import { Plant } from "../plant";

const tolerance = { tolerance: { description: "", datainfo: { type: "double" }, readonly: true } };

/** Goes BUSY and ends IDLE at a value of its own. */
function endsAt(plant: Plant, value: number): void {
  plant.onTarget = () => {
    plant.reportStatus(300);
    setImmediate(() => {
      plant.reportValue(value);
      plant.reportStatus(100);
    });
  };
}

describe("the arrival of a Drivable", () => {
  let plant: Plant;
  let messages: string[] = [];
  const original = console.error;
  beforeEach(() => {
    messages = [];
    console.error = (text: string) => messages.push(text);
  });
  afterEach(async () => {
    console.error = original;
    await plant.close();
  });

  it("fails when the module goes IDLE outside the tolerance that the node gives", async () => {
    plant = await Plant.start(tolerance);
    plant.update("tolerance", 0.05);
    endsAt(plant, 11.4);
    expect(await failureText(plant.m.set(11.5))).to.equal("m is idle at 11.4 K, but did not reach 11.5 K");
    endsAt(plant, 12.47);
    await plant.m.set(12.5);
    plant.m.arrival = { offTarget: "accept" };
    endsAt(plant, 5);
    await plant.m.set(11.5);
    expect(messages).to.deep.equal([]);
  });

  it("is trusted and reported without a tolerance, and fails by policy", async () => {
    plant = await Plant.start();
    endsAt(plant, 5);
    await plant.m.set(11.5);
    expect(messages).to.deep.equal([
      "warning: m is idle at 5 K, but did not reach 11.5 K; set arrival = { tolerance } of scripted-test-m to decide",
    ]);
    plant.m.arrival = { offTarget: "fail" };
    endsAt(plant, 6);
    expect(await failureText(plant.m.set(12))).to.equal("m is idle at 6 K, but did not reach 12 K");
    plant.m.arrival = { tolerance: 7 };
    endsAt(plant, 5);
    await plant.m.set(11.5);
    plant.m.arrival = { tolerance: 0.01 };
    endsAt(plant, 11.4);
    expect(await failureText(plant.m.set(11.5))).to.contain("is idle at 11.4 K");
    expect(messages).to.have.length(1);
  });

  it("comes when the module has stayed within the tolerance, in every plan", async () => {
    plant = await Plant.start();
    plant.m.arrival = { tolerance: 0.1, holdTime: 0.15, settleTime: 0.05 };
    endsAt(plant, 11.5);
    const { RE } = quietEngine();
    const move = RE(bps.mv(plant.m, 11.5));
    await plant.taken();
    await new Promise((resolve) => setTimeout(resolve, 100));
    plant.reportValue(12);
    const left = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
    plant.reportValue(11.45);
    expect((await move).exitStatus).to.equal("success");
    expect(performance.now() - left).to.be.at.least(245);
    expect(() => {
      plant.m.settleTime = -1;
    }).to.throw("settleTime is -1: use a number from 0");
  });

  it("is not reported as missed if this program replaced the target, but if another client did", async () => {
    plant = await Plant.start();
    plant.onTarget = () => plant.reportStatus(300);
    const first = plant.m.set(10);
    await plant.taken();
    const second = plant.m.set(11);
    await plant.taken();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(messages).to.deep.equal([]);
    expect(first.exception()?.message).to.match(/^m was sent to 11 K before it reached 10 K/);
    plant.target = 12;
    plant.update("target", 12);
    await until(() => messages.length > 0);
    expect(messages[0]).to.match(/nobody awaited has failed: m got another target, 12 K, before it reached 11 K/);
    expect(second.done).to.equal(true);
  });

  it("fails when the module is stopped, or the connection lost, before it has settled", async () => {
    plant = await Plant.start();
    plant.m.settleTime = 60;
    endsAt(plant, 11.5);
    const stopped = failureText(plant.m.set(11.5));
    await plant.taken();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await plant.m.stop();
    expect(await stopped).to.equal("m was stopped before it had settled");
    expect(await failureText(plant.m.set(11.5, { timeout: 0.05 }))).to.contain("gave up waiting for m to settle");
    const lost = failureText(plant.m.set(11.5));
    await plant.taken();
    await new Promise((resolve) => setTimeout(resolve, 50));
    plant.node.drop();
    expect(await lost).to.contain("lost the connection before m had settled");
  });
});

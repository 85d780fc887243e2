import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { initDevices } from "../../../lib/core/device/initDevices";
import { type DynamicNode, SecopNodeDevice } from "../../../lib/devices/node/secopNodeDevice";
import { $display } from "../../../lib/display/mimeBundle";
import { checkLimits, gridScan, listScan, scan } from "../../../lib/plans";
import type { SimNode } from "../../../lib/sim/runNode";
import { simulate } from "../../../lib/sim/simulate";
import { failure } from "../../support/failure";
import { quietEngine } from "../../support/quietEngine";

const K = (more: object = {}) => ({ type: "double", unit: "K", ...more });
const parameter = (datainfo: object, readonly = false) => ({ description: "p", datainfo, readonly });
const module = (accessibles: object) => ({
  description: "m",
  interface_classes: ["Drivable", "Writable", "Readable"],
  accessibles: {
    value: parameter(K(), true),
    status: parameter(
      { type: "tuple", members: [{ type: "enum", members: { IDLE: 100, BUSY: 300 } }, { type: "string" }] },
      true,
    ),
    target: parameter(K({ min: 0, max: 325 })),
    stop: { description: "stops", datainfo: { type: "command" } },
    ...accessibles,
  },
});

describe("limits that the node changes", () => {
  let sim: SimNode;
  let node: DynamicNode;
  let logDir: string;
  const { RE } = quietEngine();

  before(async () => {
    logDir = mkdtempSync(join(tmpdir(), "limits-"));
    sim = await simulate({
      equipment_id: "limits",
      description: "d",
      modules: {
        pair: module({ target_limits: parameter({ type: "tuple", members: [K(), K()] }) }),
        single: module({ target_min: parameter(K()), target_max: parameter(K()) }),
        reversed: module({
          target_limits: parameter({ type: "tuple", members: [K(), K()] }),
          _fixed: parameter(K({ min: 5, max: 0 })),
        }),
        steps: module({
          target: parameter({ type: "scaled", scale: 0.1, min: 0, max: 1000, unit: "mm" }),
          target_max: parameter({ type: "scaled", scale: 0.1, min: 0, max: 1000, unit: "mm" }),
          _count: parameter({ type: "int", min: 0, max: 9 }),
          _count_max: parameter({ type: "int", min: 0, max: 9 }),
        }),
      },
    });
    ({ node } = await initDevices({ node: new SecopNodeDevice(sim.uri, { logDir, name: "lab" }) }));
    await node.pair.target_limits.set([10, 20]);
    await node.reversed.target_limits.set([5, 1]);
    await node.single.target_min.set(-5);
    await node.single.target_max.set(30);
    await node.steps.target_max.set(0.3);
    await node.steps.count_max.set(5);
  });

  after(async () => {
    await node.dispose();
    await sim.close();
    rmSync(logDir, { recursive: true, force: true });
  });

  it("hold for checkValue and set, in one line with the limits of now", async () => {
    expect(() => node.pair.checkValue(25)).to.throw("cannot set pair:target to 25 K: the node allows 10 K to 20 K");
    expect((await failure(node.pair.set(9))).message).to.contain("the node allows 10 K to 20 K");
    expect(node.pair.checkValue(20)).to.equal(undefined);
    expect(() => node.single.checkValue(31)).to.throw("the node allows 0 K to 30 K");
    expect(() => node.steps.checkValue(0.4)).to.throw("the node allows 0 mm to 0.3 mm");
    expect(node.steps.checkValue(0.3)).to.equal(undefined);
    expect((await failure(node.steps.count.set(6))).message).to.contain("cannot set steps:_count to 6");
  });

  it("stand in data keys and displays", async () => {
    expect((await node.pair.target.describe())["lab-pair-target"].limits).to.deep.equal({
      control: { low: 10, high: 20 },
    });
    expect((await node.single.target.describe())["lab-single-target"].limits.control).to.deep.equal({
      low: 0,
      high: 30,
    });
    expect(node.pair[$display]()["text/plain"]).to.match(/target ✎ .*10 (…|to|–|\.\.) ?20/);
  });

  it("allow nothing while the lower one is above the upper one, and say so", async () => {
    const nothing = (low: string, high: string) =>
      `the node allows nothing: it reports a lower limit of ${low} above the upper one of ${high}, so correct these limits first`;
    expect(() => node.reversed.checkValue(3)).to.throw(`cannot set reversed:target to 3 K: ${nothing("5 K", "1 K")}`);
    expect((await failure(node.reversed.fixed.set(3))).message).to.contain(nothing("5 K", "0 K"));
    const shown = node.reversed[$display]()["text/plain"];
    expect(shown).to.match(/target ✎ .*5 … 1 \(reversed\)/);
    expect(shown).to.match(/fixed ✎ .*5 … 0 \(reversed\)/);
    await node.reversed.target_limits.set([1, 5]);
    expect(node.reversed.checkValue(3)).to.equal(undefined);
  });

  it("refuse a scan before it starts", async () => {
    const before = await node.pair.target.getValue({ cached: false });
    for (const plan of [
      scan([node.pair], node.pair, 12, 25, 3),
      listScan([node.pair], node.pair, [12, 9]),
      gridScan([node.pair], node.single, 1, 2, 2, node.pair, 12, 25, 3),
    ]) {
      expect((await failure(RE(plan))).message).to.contain("the node allows 10 K to 20 K");
    }
    expect(await node.pair.target.getValue({ cached: false })).to.equal(before);
    expect((await failure(checkLimits(scan([node.pair], node.pair, 12, 21, 3)))).message).to.contain("10 K to 20 K");
  });

  it("follow the node", async () => {
    await node.pair.target_limits.set([0, 100]);
    expect(node.pair.checkValue(25)).to.equal(undefined);
    await node.pair.target_limits.set([10, 20]);
  });
});

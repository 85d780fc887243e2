import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { initDevices } from "../../../lib/core/device/initDevices";
import { SignalR, SignalRW } from "../../../lib/core/signal/signal";
import { type DynamicNode, SecopNodeDevice } from "../../../lib/devices/node/secopNodeDevice";
import type { SimNode } from "../../../lib/sim/runNode";
import { simulate } from "../../../lib/sim/simulate";

const double = { description: "x", datainfo: { type: "double" }, readonly: true };

const description = {
  equipment_id: "lab.one",
  description: "a node",
  firmware: "f 1.0",
  implementor: "us",
  timeout: 7,
  schemata: ["https://example.org/s.json"],
  systems: { stick: { description: "a stick", system: "x", modules: { temperature: "m" } } },
  _interfaces: ["tcp://5"],
  modules: {
    m: {
      description: "a module",
      interface_classes: ["Readable"],
      features: ["HasOffset"],
      implementation: "lab.M",
      implementor: "them",
      group: "cold",
      visibility: "expert",
      meaning: ["temperature", 20],
      _x: { deep: 1 },
      accessibles: { value: double, _group: { ...double, description: "a parameter" } },
    },
  },
};

describe("properties", () => {
  let sim: SimNode;
  let node: DynamicNode;
  let logDir: string;

  before(async () => {
    logDir = mkdtempSync(join(tmpdir(), "properties-"));
    sim = await simulate(description);
    ({ node } = await initDevices({ node: new SecopNodeDevice(sim.uri, { logDir, name: "n" }) }));
  });

  after(async () => {
    await node.dispose();
    await sim.close();
    rmSync(logDir, { recursive: true, force: true });
  });

  it("are read-only signals of format config", async () => {
    expect(await node.equipment_id.getValue()).to.equal("lab.one");
    expect(await node.m.implementation.getValue()).to.equal("lab.M");
    expect(await node.m.features.getValue()).to.deep.equal(["HasOffset"]);
    expect(await node.m.meaning.getValue()).to.deep.equal({ function: "temperature", importance: 20 });
    for (const [parent, signal] of [
      [node, node.equipment_id],
      [node.m, node.m.meaning],
    ]) {
      expect(signal).to.be.instanceOf(SignalR).and.not.instanceOf(SignalRW);
      expect(parent.formatOf(signal)).to.equal("config");
    }
    expect(node.m.implementation.name).to.equal("n-m-implementation");
    expect(node.m.implementation.source).to.equal(`${sim.uri}:m:implementation`);
    expect(node.timeout.units).to.equal("s");
  });

  it("get an underscore where a parameter or the class has their name", async () => {
    expect(node.m.group.source).to.equal(`${sim.uri}:m:_group`);
    expect(await node.m.group_.getValue()).to.equal("cold");
    expect(await node.m.description_.getValue()).to.equal("a module");
    expect(await node.description_.getValue()).to.equal("a node");
    expect(node.m.properties.get("group")).to.equal(node.m.group_);
    expect(node.properties.get("_interfaces")).to.equal(node._interfaces);
  });

  it("stand in the configuration of a run, all of them", async () => {
    const values = Object.entries(await node.readConfiguration()).map(([key, { value }]) => [key, value]);
    expect(Object.fromEntries(values)).to.deep.include({
      "n-equipment_id": "lab.one",
      "n-description": "a node",
      "n-firmware": "f 1.0",
      "n-implementor": "us",
      "n-timeout": 7,
      "n-schemata": ["https://example.org/s.json"],
      "n-systems": { stick: { description: "a stick", system: "x", modules: { temperature: "m" } } },
      "n-_interfaces": ["tcp://5"],
      "n-m-description": "a module",
      "n-m-implementor": "them",
      "n-m-visibility": "w--",
      "n-m-meaning": { function: "temperature", importance: 20 },
      "n-m-group_": "cold",
      "n-m-_x": '{"deep":1}',
    });
    const keys = await node.describeConfiguration();
    expect(keys).to.have.all.keys(Object.fromEntries(values));
    expect(keys["n-timeout"]).to.deep.equal({ source: `${sim.uri}:timeout`, dtype: "number", shape: [], units: "s" });
    expect(keys["n-m-features"]).to.deep.include({ dtype: "array", shape: [1], dtype_numpy: "|S9" });
    node.m.setFormat(node.m.meaning, "omit");
    expect(await node.readConfiguration()).to.not.have.property("n-m-meaning");
    node.m.restoreFormats();
  });

  it("are found by the name on the wire of a custom parameter, with the name that is meant", () => {
    expect(() => node.m._group).to.throw("there is no member _group: did you mean group?");
  });
});

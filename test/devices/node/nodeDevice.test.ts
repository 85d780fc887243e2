import { inspect } from "node:util";
import { expect } from "chai";
import fc from "fast-check";
import { filter, firstValueFrom } from "rxjs";
import { waitForValue } from "../../../lib/core/signal/observe";
import { SignalR, SignalRW } from "../../../lib/core/signal/signal";
import { walkDevices } from "../../../lib/core/standard/walk";
import { AcquisitionDevice } from "../../../lib/devices/classes/acquisition";
import { DrivableDevice } from "../../../lib/devices/classes/drivableDevice";
import { makeModule } from "../../../lib/devices/classes/makeModule";
import { ReadableDevice } from "../../../lib/devices/classes/readableDevice";
import { WritableDevice } from "../../../lib/devices/classes/writableDevice";
import { ModuleDevice } from "../../../lib/devices/module/moduleDevice";
import { NodeConnection } from "../../../lib/devices/node/nodeConnection";
import { type DynamicNode, SecopNodeDevice } from "../../../lib/devices/node/secopNodeDevice";
import { TypedNode } from "../../../lib/devices/node/typedNode";
import { $display } from "../../../lib/display/mimeBundle";
import { HardwareError, UsageError } from "../../../lib/errors";
import { mv, preview, read } from "../../../lib/plans";
import { isReservedMember } from "../../../lib/secop/description/memberName";
import { parseDescription } from "../../../lib/secop/description/parseDescription";
import type { SimNode } from "../../../lib/sim/runNode";
import { simulate } from "../../../lib/sim/simulate";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { failure, failureText } from "../../support/failure";
import { hostileDescription } from "../../support/hostileDescription";
import { DESCRIPTION, ScriptedNode } from "../../support/scriptedNode";
import { closeAll, connectTo } from "../connect";

describe("SecopNodeDevice", () => {
  let sim: SimNode;
  let node: DynamicNode;

  before(async () => {
    sim = await startSimNode({ speed: 200, version: "2.0" });
    node = await connectTo(sim.uri);
  });

  after(async () => {
    await closeAll();
    await sim.close();
  });

  it("takes its name from the node or from the caller, with an optional prefix", async () => {
    expect(node.name).to.equal("demo");
    expect(node.cryo.target.name).to.equal("demo-cryo-target");
    expect(new SecopNodeDevice("h:1", { prefix: "beamline_A_", name: "cryo" }).name).to.equal("beamline_A_cryo");
    const prefixed = await connectTo(sim.uri, { prefix: "a_" });
    expect(prefixed.name).to.equal("a_demo");
    const named = await connectTo(sim.uri, { name: "n" });
    expect(named.cryo.value.name).to.equal("n-cryo-value");
  });

  it("makes the signals of a module when they are first used, under the name of that moment", async () => {
    const fresh = await connectTo(sim.uri, { name: "first" });
    fresh.setName("second");
    const module = fresh.cryo;
    expect(Object.keys(module)).to.deep.equal(Object.keys(node.cryo));
    expect(module.value.name).to.equal("second-cryo-value");
    expect(module.value).to.equal(module.value).and.to.equal(module.accessibles.get("value"));
    expect(module.formatOf(module.value)).to.equal("hinted");
    module.setName("third");
    expect([module.value.name, module.ramp.name]).to.deep.equal(["third-value", "third-ramp"]);
    const unused = (await connectTo(sim.uri, { name: "n" })).cryo;
    expect(Object.keys(await unused.describe())).to.deep.equal(["n-cryo-value", "n-cryo-target"]);
    expect(Object.keys(await unused.readConfiguration())).to.include.members(["n-cryo-ramp", "n-cryo-meaning"]);
    expect(unused.hints.fields).to.deep.equal(["n-cryo-value", "n-cryo-target"]);
  });

  it("has a device of its class for each module", () => {
    const classes = Object.fromEntries([...node.modules].map(([name, module]) => [name, module.constructor]));
    expect(classes).to.include({ cryo: DrivableDevice, heater: WritableDevice, sensor: ReadableDevice });
    expect(classes).to.include({ camera: AcquisitionDevice });
    expect(node.cryo).to.equal(node.modules.get("cryo"));
    expect(node).to.be.instanceOf(TypedNode);
    expect(node).to.be.instanceOf(SecopNodeDevice);
  });

  it("has a signal for each parameter, which is settable if the parameter is, with its address as source", () => {
    expect(node.cryo.value).to.be.instanceOf(SignalR).and.not.instanceOf(SignalRW);
    expect(node.cryo.target).to.be.instanceOf(SignalRW);
    expect(node.types.constant).to.not.be.instanceOf(SignalRW);
    expect(node.cryo.ramp.source).to.equal(`${sim.uri}:cryo:ramp`);
    expect(node.cryo.accessibles.get("ramp")).to.equal(node.cryo.ramp);
  });

  it("has types of its own members, and any other member untyped", () => {
    const name: string = node.name;
    // @ts-expect-error a name is not a number
    const wrong: number = node.name;
    const untyped: number = node.whatever?.value;
    expect([name, wrong, untyped]).to.deep.equal(["demo", "demo", undefined]);
  });

  it("lists its members by their names on the wire", () => {
    expect([...walkDevices(node).keys()]).to.include.members(["cryo", "cryo.value", "types.struct"]);
  });

  it("returns values as JavaScript types and accepts them again", async () => {
    const { types } = node;
    for (const [parameter, value] of [
      ["double", 1.25],
      ["scaled", 12.3],
      ["int", -7],
      ["int64", 2n ** 60n],
      ["bool", true],
      ["enum", "6.32mOhm"],
      ["text", "Ω 😀"],
      ["blob", new Uint8Array([1, 0, 255])],
      ["doubles", new Float64Array([1, 2.5])],
      ["ints", new Int32Array([3, 4])],
      ["strings", ["a", "b"]],
      ["tuple", [3, true, "a"]],
      ["struct", { name: "n", count: 2 }],
    ] as const) {
      await types[parameter].set(value);
      expect(await types[parameter].getValue(), parameter).to.deep.equal(value);
    }
    await types.doubles.set([1, 2]);
    expect(await types.doubles.getValue()).to.deep.equal(new Float64Array([1, 2]));
  });

  it("records value and target as hinted, does not record the status, and records the rest as configuration", async () => {
    const { cryo } = node;
    expect(Object.keys(await cryo.read())).to.deep.equal(["demo-cryo-value", "demo-cryo-target"]);
    expect(cryo.hints.fields).to.deep.equal(["demo-cryo-value", "demo-cryo-target"]);
    const configuration = Object.keys(await cryo.readConfiguration());
    expect(configuration).to.include("demo-cryo-ramp").and.not.include("demo-cryo-status");
    expect(node.heater.hints.fields).to.deep.equal(["demo-heater-value"]);
    expect(Object.keys(await cryo.describe())).to.deep.equal(Object.keys(await cryo.read()));
  });

  it("records the properties of node and modules as configuration, where a parameter takes precedence over a property of the same name", async () => {
    const json = {
      equipment_id: "a.b",
      firmware: "f",
      _list: [1, null],
      modules: {
        m: {
          description: "<b>",
          implementation: "x.Y",
          interface_classes: ["Readable", "Z"],
          _n: 5,
          _on: true,
          _none: null,
          accessibles: {
            value: { description: "", datainfo: { type: "double" }, readonly: true },
            _n: { description: "", datainfo: { type: "int", min: 7, max: 9 }, readonly: true },
          },
        },
      },
    };
    const own = await simulate(json);
    try {
      const device = await connectTo(own.uri);
      const read = await device.readConfiguration();
      const values = Object.fromEntries(Object.entries(read).map(([key, { value }]) => [key, value]));
      expect(values).to.deep.equal({
        "a-b-equipment_id": "a.b",
        "a-b-firmware": "f",
        "a-b-_list": "[1,null]",
        "a-b-m-description": "<b>",
        "a-b-m-implementation": "x.Y",
        "a-b-m-interface_classes": ["Readable", "Z"],
        "a-b-m-features": [],
        "a-b-m-_n": 5,
        "a-b-m-n": 7,
        "a-b-m-_on": true,
        "a-b-m-_none": "null",
      });
      const keys = await device.describeConfiguration();
      expect(keys).to.have.all.keys(Object.keys(values));
      expect(keys["a-b-m-_on"]).to.deep.equal({ source: `${own.uri}:m:_on`, dtype: "boolean", shape: [] });
      expect(keys["a-b-m-n"]).to.deep.include({ source: `${own.uri}:m:_n`, dtype: "integer" });
      expect(Object.keys(await device.m.readConfiguration())).to.have.length(8);
    } finally {
      await own.close();
    }
  });

  it("records the status and structs as separate fields if their format says so", async () => {
    const { cryo, types } = node;
    cryo.setFormat(cryo.status, "uncached", { flatten: true });
    types.setFormat(types.struct, "uncached", { flatten: true });
    const keys = await cryo.describe();
    expect(keys["demo-cryo-status-code"]).to.include({ dtype: "integer" });
    expect((await cryo.read())["demo-cryo-status-code"].value).to.equal(100);
    expect((await cryo.read())["demo-cryo-status-text"].value).to.be.a("string");
    expect((await types.read())["demo-types-struct-name"].value).to.equal("n");
    cryo.restoreFormats();
    types.restoreFormats();
    expect(Object.keys(await cryo.describe())).to.have.length(2);
  });

  it("rejects a read of a broken parameter with the node's message, or records NaN if the policy says so", async () => {
    await using own = await startSimNode({ modules: ["faulty"] });
    const { faulty } = await connectTo(own.uri);
    expect((await failure(Promise.resolve(faulty.broken.read()))).message).to.match(/^cannot read faulty:_broken: /);
    for (const format of ["uncached", "config", "hinted"] as const) {
      faulty.setFormat(faulty.broken, format);
      const work = {
        uncached: () => faulty.read(),
        config: () => faulty.readConfiguration(),
        hinted: () => faulty.trigger(),
      };
      const error = await failure(Promise.resolve(work[format]()));
      expect(error).to.be.instanceOf(HardwareError);
      expect(error.message, format).to.match(
        /^cannot read faulty:_broken: .* \(to go without it: demo.faulty.setFormat\(demo.faulty.broken, "omit"\); to record NaN: demo.faulty.readErrorPolicy = "nan"\)$/,
      );
    }
    faulty.setFormat(faulty.broken, "uncached");
    faulty.readErrorPolicy = "nan";
    const reading = (await faulty.read())["demo-faulty-broken"];
    expect([reading.value, reading.alarm_severity]).to.deep.equal([Number.NaN, -1]);
  });

  it("cannot be read before its modules are known", async () => {
    const unknown = new SecopNodeDevice("127.0.0.1:1");
    const words = "127.0.0.1:1 is not connected: it was never connected: await node.connect() or initDevices({...})";
    for (const work of [unknown.read(), unknown.describe()]) {
      expect((await failure(Promise.resolve(work))).message).to.equal(words);
    }
  });

  it("refuses a value that cannot be set, before anything is sent", async () => {
    for (const [value, shown] of [
      ["5", '"5"'],
      [null, "null"],
      [5n, "5n"],
      [[Number.NaN], '["NaN"]'],
    ] as const) {
      expect(await failureText(node.cryo.set(value))).to.equal(
        `cannot set cryo:target to ${shown}: ${shown} is not a number`,
      );
    }
    expect(await failureText(node.cryo.target.set(400))).to.equal(
      "cannot set cryo:target to 400 K: the node allows 0 K to 325 K",
    );
    expect(await failureText(node.cryo.ramp.set("fast"))).to.contain('cannot set cryo:ramp to "fast"');
    expect(await failureText(node.cryo.mode.set("off"))).to.contain("is not one of ramp, pid, openloop");
    expect(node.cryo.value.set).to.equal(undefined);
  });

  it("moves, measures and acquires on a node", async () => {
    await node.cryo.ramp.set(1000);
    await node.cryo.set(12);
    expect((await node.cryo.locate()).readback).to.be.closeTo(12, 0.2);
    await node.sensor.trigger();
    await node.heater.waitForIdle();
    await node.camera.prepare(1);
    await node.camera.trigger();
    expect(await node.camera.value.getValue()).to.be.closeTo(1, 0.2);
  });

  it("reports the target of a preview as its position, for the rest of the plan", async () => {
    const before = (await node.cryo.locate()).setpoint;
    const seen: unknown[] = [];
    const { problems } = await preview(function* () {
      yield* mv(node.cryo, 23);
      const readings = yield* read(node.cryo);
      seen.push(...Object.entries(readings).map(([key, { value }]) => [key, value]));
    });
    expect(problems).to.deep.equal([]);
    const { name } = node.cryo;
    expect(seen).to.deep.equal([
      [`${name}-value`, 23],
      [`${name}-target`, 23],
    ]);
    expect((await node.cryo.locate()).setpoint).to.equal(before);
  });

  it("prepares, holds and continues an acquisition", async () => {
    const { camera } = node;
    await camera.prepare(3600);
    expect((await camera.status.getValue({ cached: false }))[0]).to.equal("PREPARED");
    const acquisition = camera.trigger();
    await waitForValue<readonly [string, string]>(camera.status, ([state]) => state === "BUSY");
    await camera.pause();
    expect(await camera.status.getValue({ cached: false })).to.deep.equal(["IDLE", "held"]);
    const held = await camera.value.getValue({ cached: false });
    expect(acquisition.done).to.equal(false);
    await camera.goal.set(held + 1);
    await camera.resume();
    await acquisition;
    expect(await camera.value.getValue()).to.equal(held + 1);
  });

  it("has a display in which all text of the node is escaped", async () => {
    for (const object of [node, node.cryo, node.cryo.value, node.cryo.stop_, node.cryo.set(12)]) {
      const bundle = await object[$display]();
      expect(bundle["text/plain"]).to.be.a("string").and.contain("cryo");
      expect(bundle["text/html"]).to.contain("cryo");
    }
    const evil = structuredClone(DESCRIPTION);
    evil.description =
      evil.modules.m.description =
      evil.modules.m.accessibles.value.description =
        "<img src=x onerror=alert(1)>";
    const other = await simulate({ ...evil, equipment_id: "<script>" });
    try {
      const device = await connectTo(other.uri);
      for (const object of [device, device.m, device.m.value]) {
        expect((await object[$display]())["text/html"]).to.not.match(/<(img|script)/);
      }
    } finally {
      await other.close();
    }
  });

  it("has no public member that a parameter could replace", () => {
    const predefined = new Set(["value", "status", "target", "communicate"]);
    for (const type of [TypedNode, ModuleDevice, WritableDevice, DrivableDevice, AcquisitionDevice]) {
      for (let proto = type.prototype; proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
        const open = Object.getOwnPropertyNames(proto).filter(
          (name) => !isReservedMember(name) && !predefined.has(name),
        );
        expect(open, proto.constructor.name).to.deep.equal([]);
      }
    }
    const own = Object.keys(new TypedNode("h:1"))
      .concat(Object.keys(node))
      .filter((name) => !node.modules.has(name) && !node.properties.has(name));
    expect(own.filter((name) => !isReservedMember(name.replace(/_+$/, "")))).to.deep.equal([]);
  });

  it("can be built and shown from any description", async () => {
    const link = new NodeConnection("h:1", {});
    await fc.assert(
      fc.asyncProperty(hostileDescription, async (json) => {
        for (const description of parseDescription(json).modules.values()) {
          const module = makeModule(link, description, []);
          module.setName("m");
          for (const member of [module, ...module.accessibles.values()]) {
            if (member instanceof ModuleDevice) await member[$display]();
            if (member instanceof SignalR) await member.describe();
          }
          expect("then" in module).to.equal(false);
          expect(module.accessibles.size).to.equal(description.accessibles.size);
        }
        expect(Object.keys(Object.prototype)).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });

  it("cannot be mocked before its modules are known", async () => {
    expect((await failure(new SecopNodeDevice("h:1").connect({ mock: true }))).message).to.equal(
      "h:1 cannot be mocked: its modules are not known, use a class file of the node",
    );
  });

  it("refuses unknown options and wrong values", () => {
    const making = (options: object) => () => new SecopNodeDevice("h:1", options);
    expect(making({ logLevel: "LOUD" })).to.throw(
      UsageError,
      'no log level "LOUD": use DEBUG, INFO, WARNING, ERROR, CRITICAL',
    );
    for (const timeout of [-1, 0, Number.NaN])
      expect(making({ timeout })).to.throw(UsageError, `timeout ${timeout}: expected seconds above 0`);
    expect(making({ timout: 3 })).to.throw(
      UsageError,
      "a SecopNodeDevice has no option timout (timeout?): it takes name,",
    );
    expect(making({ name: undefined, timeout: 0.5, logLevel: "DEBUG" })).not.to.throw();
  });

  it("has its public name as class name, and a class file has its own", () => {
    expect(new SecopNodeDevice("h:1").constructor.name).to.equal("SecopNodeDevice");
    expect(class CryoNode extends TypedNode {}.name).to.equal("CryoNode");
    expect(inspect(new SecopNodeDevice("h:1", { name: "a" }))).to.equal('SecopNodeDevice "a"');
  });

  it("refuses a wrong address with the reason", () => {
    expect(() => new SecopNodeDevice("http://h")).to.throw("is not an address of a SEC node");
  });
});

describe("a read of a signal", () => {
  let scripted: ScriptedNode;

  before(async () => {
    scripted = await ScriptedNode.start();
  });

  after(async () => {
    await closeAll();
    await scripted.close();
  });

  it("asks the node, unless the caller accepts the last update", async () => {
    const { m } = await connectTo(scripted.uri);
    expect(await m.value.getValue({ cached: true })).to.equal(1.5);
    expect(await m.value.getValue()).to.equal(2.5);
    expect(await m.value.getValue({ cached: true })).to.equal(2.5);
    expect(await m.ratio.getValue()).to.equal(1.5);
  });

  it("has the state of the module as the alarm of the value", async () => {
    const { m } = await connectTo(scripted.uri);
    for (const [code, text, severity] of [
      [200, "noisy", 1],
      [400, "broken", 2],
      [100, "", 0],
    ] as const) {
      scripted.update(`update m:status [[${code}, "${text}"], {}]`, "update m:value [3, {}]");
      const reading = await firstValueFrom(
        (m.value as SignalR<number>).value$.pipe(filter((r) => (r.alarm_severity ?? 0) === severity)),
      );
      expect(reading.message).to.equal(severity === 0 ? undefined : `${code}: ${text}`);
      const status = await firstValueFrom((m.status as SignalR<unknown>).value$);
      expect(status.alarm_severity ?? 0, "the status says the same of itself").to.equal(severity);
    }
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { generateClasses } from "../../lib/codegen/generateClasses";
import type { SignalRW } from "../../lib/core/signal/signal";
import { DrivableDevice, type NodeOptions, SecopNodeDevice, type TypedNode } from "../../lib/devices/index";
import { $display, type Displayable, type MimeBundle } from "../../lib/display/mimeBundle";
import type { Event } from "../../lib/engine/documents/documents";
import { makeRunEngine } from "../../lib/engine/runEngine";
import { scan } from "../../lib/plans";
import type { SimNode } from "../../lib/sim/runNode";
import { simulate } from "../../lib/sim/simulate";
import { startSimNode } from "../../lib/sim/startSimNode";
import { failureText } from "../support/failure";
import { loadClassFile } from "./loadClassFile";

describe("a class file", () => {
  let dir: string;
  let node: SimNode;
  let file: string;
  const devices: TypedNode[] = [];

  /** A device of the class file, for a node at any address. */
  const make = (uri: string, options: NodeOptions = {}): TypedNode => {
    const Class = loadClassFile(file).CryoNode;
    if (!Class) throw new Error("the file has no CryoNode");
    const device = new Class(uri, { logDir: dir, ...options });
    devices.push(device);
    return device;
  };

  /** Starts the node with a changed description. */
  const changed = (
    change: (modules: Record<string, { accessibles: Record<string, unknown> }>) => void,
  ): Promise<SimNode> => {
    const description = structuredClone(node.description) as { modules: never };
    change(description.modules);
    return simulate(description);
  };

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "secop-lab-"));
    node = await startSimNode({ speed: 100, version: "2.0" });
    file = await generateClasses(node.uri, { dir, file: "cryo" });
  });

  afterEach(async () => {
    await Promise.all(devices.splice(0).map((device) => device.dispose()));
  });

  after(async () => {
    await node.close();
    rmSync(dir, { recursive: true });
  });

  it("makes a node that has its modules before it connects", async () => {
    const cryo = make(node.uri);
    const module = cryo.modules.get("cryo");
    expect(module).to.be.instanceOf(DrivableDevice);
    expect(module?.constructor.name).to.equal("Cryostat");
    await cryo.connect();
    expect(cryo.modules.get("cryo")).to.equal(module);
    const { stage } = { stage: module as DrivableDevice<number> };
    expect(await stage.value.getValue()).to.be.closeTo(10, 1);
    await stage.set(11);
    expect(await stage.value.getValue()).to.be.closeTo(11, 0.1);
  });

  it("is written by its node: over the old file, or into another directory", async () => {
    const untyped = new SecopNodeDevice(node.uri, { logDir: dir });
    const typed = make(node.uri);
    devices.push(untyped);
    expect(await failureText(untyped.classFromInstance(dir))).to.match(/has not described itself yet/);
    await Promise.all([untyped.connect(), typed.connect()]);
    expect(await untyped.classFromInstance(dir)).to.equal(join(dir, "demo.ts"));
    expect(await typed.classFromInstance()).to.equal(file);
    expect(await typed.classFromInstance(join(dir, "more"))).to.equal(join(dir, "more", "cryo.ts"));
  });

  it("works as a mock without any network", async () => {
    const cryo = make("nowhere:1");
    await cryo.connect({ mock: true });
    const magnet = cryo.modules.get("magnet") as DrivableDevice<number>;
    await magnet.set(2);
    expect(await magnet.value.getValue()).to.equal(2);
    const text = (object: Displayable) => (object[$display]() as MimeBundle)["text/plain"];
    expect(text(cryo))
      .to.match(/mocked/)
      .and.match(/magnet +2\.0000 T +IDLE/);
    expect(text(magnet)).to.match(/value +2\.0000 +T/);
    const doubles = cryo.modules.get("types")?.accessibles.get("_doubles") as SignalRW<Float64Array>;
    await doubles.set([1, 2]);
    expect(await doubles.getValue()).to.deep.equal(new Float64Array([1, 2]));
  });

  it("refuses a different node, with the differences and the code that generates the file again", async () => {
    const other = await changed((modules) => {
      delete modules.magnet;
      Object.assign(modules.cryo?.accessibles ?? {}, {
        ramp: { description: "", datainfo: { type: "string" }, readonly: false },
      });
    });
    const words = await failureText(make(other.uri).connect());
    expect(words).to.contain("magnet").and.to.contain("is not a module of this node");
    expect(words).to.match(/cryo:ramp +is now string, was double/);
    expect(words).to.contain(`await generateClasses("${other.uri}", { file: "${file}" })`);
    await other.close();
  });

  it("accepts a node that lacks a module as a subset, and says which one", async () => {
    const other = await changed((modules) => void delete modules.magnet);
    const warned: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warned.push(text);
    try {
      await make(other.uri, { verify: "subset" }).connect();
    } finally {
      console.warn = warn;
    }
    expect(warned.join("\n")).to.match(/magnet +is not a module of this node/);
    await other.close();
  });

  it("works for a node that lacks members: these reject, and group reads leave them out", async () => {
    const other = await changed((modules) => {
      delete modules.magnet;
      delete modules.cryo?.accessibles.ramp;
    });
    const { warn } = console;
    console.warn = () => {};
    const cryo = make(other.uri, { verify: "subset" });
    await cryo.connect().finally(() => {
      console.warn = warn;
    });
    const stage = cryo.modules.get("cryo") as DrivableDevice<number>;
    const magnet = cryo.modules.get("magnet") as DrivableDevice<number>;
    const ramp = stage.accessibles.get("ramp") as SignalRW<number>;
    const address = cryo.uri;
    expect(await failureText(Promise.resolve(magnet.value.getValue()))).to.equal(
      `magnet is not a module of ${address}`,
    );
    expect(await failureText(Promise.resolve(magnet.set(1)))).to.equal(`magnet is not a module of ${address}`);
    expect(await failureText(Promise.resolve(ramp.getValue()))).to.equal(`cryo:ramp is not there at ${address}`);
    expect(stage.formatOf(ramp)).to.equal("omit");
    expect((cryo[$display]() as MimeBundle)["text/plain"]).to.match(/magnet .* missing/);
    const engine = makeRunEngine();
    const events: Event[] = [];
    engine.subscribe((name, doc) => void (name === "event" && events.push(doc as Event)));
    expect((await engine(scan([cryo], stage, 10, 11, 2))).exitStatus).to.equal("success");
    expect(events).to.have.length(2);
    expect(Object.keys(events[0]?.data ?? {}))
      .to.include("demo-cryo-value")
      .and.not.include("demo-magnet-value");
    await other.close();
  });

  it("is not compared when verify is off: members that the node has work, and others reject", async () => {
    const other = await changed((modules) => {
      const { cryo } = modules;
      for (const name of Object.keys(modules)) if (!["cryo", "sensor"].includes(name)) delete modules[name];
      if (!cryo) throw new Error("no cryo");
      Object.assign(cryo, { interface_classes: ["Readable"] });
      delete cryo.accessibles.target;
      delete cryo.accessibles.stop;
      cryo.accessibles.ramp = { description: "", datainfo: { type: "string" }, readonly: false };
      cryo.accessibles.mode = { description: "", datainfo: { type: "command" } };
    });
    const device = make(other.uri, { verify: "off" });
    await device.connect();
    const cryo = device.modules.get("cryo") as DrivableDevice<number>;
    const signal = (name: string) => cryo.accessibles.get(name) as SignalRW;
    await signal("ramp").set("fast");
    expect(await signal("ramp").getValue()).to.equal("fast");
    expect(await cryo.value.getValue()).to.be.a("number");
    await cryo.waitForIdle();
    expect(await failureText(Promise.resolve(cryo.set(1)))).to.equal(`cryo:target is not there at ${device.uri}`);
    expect(await failureText(Promise.resolve(signal("mode").getValue()))).to.contain("cryo:mode is not there");
    expect(Object.keys(await device.read())).to.deep.equal(["demo-cryo-value", "demo-sensor-value"]);
    expect(Object.keys(await device.describeConfiguration()))
      .to.include("demo-cryo-ramp")
      .and.not.include("demo-cryo-mode");
    await other.close();
  });

  it("leaves no subscription behind when a module has no status to wait for", async () => {
    const other = await changed((modules) => {
      delete modules.cryo?.accessibles.status;
    });
    const device = make(other.uri, { verify: "off" });
    await device.connect();
    const cryo = device.modules.get("cryo") as DrivableDevice<number>;
    expect(await failureText(Promise.resolve(cryo.set(11)))).to.contain('cryo has no parameter "status"');
    expect(await failureText(Promise.resolve(cryo.waitForIdle()))).to.contain('cryo has no parameter "status"');
    const errors: string[] = [];
    const { error } = console;
    console.error = (text: string) => errors.push(text);
    await device.dispose();
    console.error = error;
    expect(errors).to.deep.equal([]);
    await other.close();
  });
});

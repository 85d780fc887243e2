import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { generateClasses } from "../../lib/codegen/generateClasses";
import type { SignalRW } from "../../lib/core/signal";
import { DrivableDevice, type NodeOptions, SecopNodeDevice, type TypedNode } from "../../lib/devices/index";
import { simulate } from "../../lib/sim/simulate";
import { type SimNode, startSimNode } from "../../lib/sim/startSimNode";
import { loadClassFile } from "./loadClassFile";

describe("a class file", () => {
  let dir: string;
  let node: SimNode;
  let file: string;
  const devices: TypedNode[] = [];

  /** The node of the class file, somewhere. */
  const make = (uri: string, options: NodeOptions = {}): TypedNode => {
    const Class = loadClassFile(file).CryoNode;
    if (!Class) throw new Error("the file has no CryoNode");
    const device = new Class(uri, { logDir: dir, ...options });
    devices.push(device);
    return device;
  };

  const rejection = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "",
      (error: Error) => error.message,
    );

  /** The node, with its description changed. */
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

  it("is a node whose modules are there before it connects, and live after", async () => {
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

  it("is written by the node itself: anew where it came from, or elsewhere", async () => {
    const untyped = new SecopNodeDevice(node.uri, { logDir: dir });
    const typed = make(node.uri);
    devices.push(untyped);
    expect(await rejection(untyped.classFromInstance(dir))).to.match(/has not described itself yet/);
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
    const doubles = cryo.modules.get("types")?.accessibles.get("_doubles") as SignalRW<Float64Array>;
    await doubles.set([1, 2]);
    expect(await doubles.getValue()).to.deep.equal(new Float64Array([1, 2]));
  });

  it("refuses a node that is another one, with the differences and the line that regenerates", async () => {
    const other = await changed((modules) => {
      delete modules.magnet;
      Object.assign(modules.cryo?.accessibles ?? {}, {
        ramp: { description: "", datainfo: { type: "string" }, readonly: false },
      });
    });
    const words = await rejection(make(other.uri).connect());
    expect(words).to.contain("magnet").and.to.contain("is no module of this node");
    expect(words).to.match(/cryo:ramp +is now string, was double/);
    expect(words).to.contain(`await generateClasses("${other.uri}", { file: "${file}" })`);
    await other.close();
  });

  it("takes a node with one module less as a subset, and says which", async () => {
    const other = await changed((modules) => void delete modules.magnet);
    const warned: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warned.push(text);
    try {
      await make(other.uri, { verify: "subset" }).connect();
    } finally {
      console.warn = warn;
    }
    expect(warned.join("\n")).to.match(/magnet +is no module of this node/);
    await other.close();
  });

  it("does not look when told so", async () => {
    const other = await changed((modules) => void delete modules.magnet);
    await make(other.uri, { verify: "off" }).connect();
    await other.close();
  });
});

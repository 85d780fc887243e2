/** Every statement of the user's guide, under its number in docs/user-guide.md. */

import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { disposeDevices, initDevices } from "../../lib/core/device/initDevices";
import type { Plan } from "../../lib/core/protocols/msg";
import { isMovable, isReadable } from "../../lib/core/protocols/protocols";
import { SignalR, SignalRW } from "../../lib/core/signal/signal";
import { DrivableDevice, ReadableDevice } from "../../lib/devices/classes/index";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import type { NodeOptions } from "../../lib/devices/node/typedNode";
import { EpicsMotor } from "../../lib/epics/epicsMotor";
import { closeLogs } from "../../lib/log";
import { absSet, mv, rd, scan } from "../../lib/plans";
import type { SimNode } from "../../lib/sim/runNode";
import { simulate } from "../../lib/sim/simulate";
import { startSimNode } from "../../lib/sim/startSimNode";
import { TangoDevice } from "../../lib/tango/tangoDevice";
import { loadClassFile } from "../codegen/loadClassFile";
import { realDescription } from "../descriptions/descriptions";
import { repository } from "../peers/peers";
import { failure } from "../support/failure";
import { quietEngine } from "../support/quietEngine";

describe("the user's guide", () => {
  let dir: string;
  let sim: SimNode;
  let device: DynamicNode;
  let frappy: SimNode;
  let cryo: DynamicNode;
  let classFile: string;
  const { RE } = quietEngine();
  const recipe = { name: "reduce", id: 2, sort: true };

  const make = (options: NodeOptions = {}) => new SecopNodeDevice(sim.uri, { logDir: dir, ...options });

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "guide-"));
    sim = await startSimNode({ speed: 300 });
    frappy = await simulate({ ...realDescription("cryo"), firmware: "FRAPPY", _interfaces: ["tcp://10769"] });
    ({ device, cryo } = await initDevices({
      device: make(),
      cryo: new SecopNodeDevice(frappy.uri, { logDir: dir, name: "cryo" }),
    }));
    classFile = readFileSync(await cryo.classFromInstance(dir), "utf8");
  });

  after(async () => {
    await disposeDevices({ device, cryo });
    await Promise.all([sim.close(), frappy.close(), closeLogs()]);
    rmSync(dir, { recursive: true, force: true });
  });

  /** Connects, calls `use`, and disposes. */
  async function connected<T>(node: DynamicNode, use: (node: DynamicNode) => T): Promise<T> {
    await node.connect();
    try {
      return await use(node);
    } finally {
      await node.dispose();
    }
  }

  async function logged(folder: string): Promise<string> {
    await closeLogs();
    return readFileSync(join(folder, "secop-lab.log"), "utf8");
  }

  const idle = async () => expect((await device.cryo.status.getValue({ cached: false }))[0]).to.not.equal("RAMPING");

  const rows: Record<number, () => unknown> = {
    1: async () => {
      const { one } = await initDevices({ one: make() });
      expect(one.state.name).to.equal("connected");
      await disposeDevices({ one });
    },
    2: async () => {
      expect([...make().modules.keys()]).to.deep.equal([]);
      expect([...device.modules.keys()]).to.include.members(["cryo", "heater", "sensor", "gas"]);
    },
    3: () => connected(make(), (node) => expect(node.state.name).to.equal("connected")),
    4: async () => {
      expect(device.name).to.equal("demo");
      const other = await simulate({ ...realDescription("cryo"), equipment_id: "CRYO.01" });
      await connected(new SecopNodeDevice(other.uri, { logDir: dir }), ({ name }) => expect(name).to.equal("CRYO-01"));
      await other.close();
    },
    5: () => expect(make({ name: "my_cryostat" }).name).to.equal("my_cryostat"),
    6: async () => {
      expect(make({ prefix: "beamline_A_", name: "cryo" }).name).to.equal("beamline_A_cryo");
      await connected(make({ prefix: "lab1_" }), ({ name }) => expect(name).to.equal("lab1_demo"));
    },
    7: () => {
      const documented = { prefix: "a", name: "b", logLevel: "INFO", logDir: dir } as const;
      const options = { ...documented, timeout: 3, verify: "off", onDisconnect: "fail" } as const;
      expect(new SecopNodeDevice("h:1", options).name).to.equal("ab");
      expect(() => new SecopNodeDevice("h:1", { loglevel: "INFO" } as NodeOptions)).to.throw("logLevel?");
    },
    8: () => {
      const uris = ["localhost:10767", "192.168.1.100:10767", "device.example.com:10767"];
      for (const uri of uris) expect(new SecopNodeDevice(uri).uri).to.equal(uri);
      expect(new SecopNodeDevice("[::1]:5").uri).to.equal("[::1]:5");
      expect(new SecopNodeDevice("localhost").uri).to.equal("localhost:10767");
    },
    9: async () => {
      for (const logLevel of ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const) make({ logLevel });
      expect(() => make({ logLevel: "LOUD" as "INFO" })).to.throw("DEBUG, INFO, WARNING, ERROR, CRITICAL");
      const folder = join(dir, "levels");
      await connected(make({ logDir: folder }), () => {});
      await connected(make({ logDir: join(dir, "quiet"), logLevel: "WARNING" }), () => {});
      expect(await logged(folder))
        .to.contain(" INFO ")
        .and.not.to.contain(" DEBUG ");
      expect(existsSync(join(dir, "quiet"))).to.equal(false);
    },
    10: async () => {
      const before = process.cwd();
      process.chdir(dir);
      try {
        await connected(new SecopNodeDevice(sim.uri), () => {});
        expect(await logged(join(dir, ".secop-lab"))).to.contain("connected to");
      } finally {
        process.chdir(before);
      }
    },
    11: async () => {
      await connected(make({ logDir: join(dir, "var", "log") }), () => {});
      expect(await logged(join(dir, "var", "log"))).to.contain("connected to");
    },
    12: async () => {
      const folder = mkdtempSync(join(dir, "old-"));
      const age = (hours: number) => new Date(Date.now() - hours * 3_600_000);
      for (const [name, hours] of [
        ["secop-lab.log", 5],
        ["secop-lab-20200101-00.log", 49],
      ] as const) {
        writeFileSync(join(folder, name), "old\n");
        utimesSync(join(folder, name), age(hours), age(hours));
      }
      await connected(make({ logDir: folder }), () => {});
      expect(await logged(folder)).to.not.contain("old");
      expect(existsSync(join(folder, "secop-lab-20200101-00.log"))).to.equal(false);
    },
    13: async () => {
      const folder = join(dir, "shared");
      await connected(make({ logDir: folder, name: "first" }), () => {});
      await connected(make({ logDir: folder, name: "second" }), () => {});
      expect(await logged(folder))
        .to.contain("[first]")
        .and.to.contain("[second]");
    },
    14: async () => {
      await connected(make({ logDir: join(dir, "utc") }), () => {});
      expect(await logged(join(dir, "utc"))).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
    },
    15: async () => {
      await connected(make({ logDir: join(dir, "debug"), logLevel: "DEBUG" }), () => {});
      expect(await logged(join(dir, "debug")))
        .to.contain("> *IDN?")
        .and.to.contain("< active");
    },
    16: () => {
      expect(device.cryo.parent).to.equal(device);
      expect(device.cryo.value.parent).to.equal(device.cryo);
      expect(device.gas.start_recipe).to.be.a("function");
    },
    17: () => {
      expect(device.cryo).to.be.instanceOf(DrivableDevice);
      expect(device.sensor).to.be.instanceOf(ReadableDevice);
      expect([isMovable(device.cryo), isReadable(device.sensor), isMovable(device.sensor)]).to.deep.equal([
        true,
        true,
        false,
      ]);
    },
    18: () => {
      for (const signal of [device.cryo.target, device.cryo.ramp]) expect(signal).to.be.instanceOf(SignalRW);
      for (const signal of [device.cryo.value, device.cryo.status]) {
        expect(signal).to.be.instanceOf(SignalR).and.not.instanceOf(SignalRW);
      }
      expect(device.cryo.stop_.execute).to.be.a("function");
    },
    19: async () => {
      function* readTemperature(): Plan<number> {
        return (yield* rd(device.cryo.value)) as number;
      }
      expect((await RE(readTemperature())).planResult).to.be.a("number");
    },
    20: async () => {
      await device.cryo.set(12);
      expect(await device.cryo.value.getValue({ cached: false })).to.be.closeTo(12, 0.5);
    },
    21: async () => {
      const status = device.cryo.set(14);
      expect(status.done).to.equal(false);
      await status;
      await idle();
      const stopped = failure(device.cryo.set(300));
      await device.cryo.stop();
      expect((await stopped).message).to.contain("stopped");
    },
    22: async () => {
      await device.cryo.target.set(16);
      expect(await device.cryo.target.getValue({ cached: false })).to.equal(16);
      await device.cryo.waitForIdle();
    },
    23: async () => {
      await RE(absSet(device.cryo, 15));
      await RE(absSet(device.cryo.target, 16));
      expect(await device.cryo.target.getValue({ cached: false })).to.equal(16);
      await device.cryo.waitForIdle();
    },
    24: async () => {
      await RE(absSet(device.cryo, 20, { wait: true }));
      await idle();
      const goesOn = await RE(absSet(device.cryo, 25, { wait: false }));
      expect((goesOn.planResult as { done: boolean }).done).to.equal(false);
      await device.cryo.waitForIdle();
      await RE(mv(device.cryo, 20));
      await idle();
    },
    25: async () => {
      expect((await RE(device.cryo.stop_())).exitStatus).to.equal("success");
      await device.cryo.stop_.execute();
    },
    26: async () => {
      expect((await RE(device.gas.start_recipe(recipe))).planResult).to.be.a("number");
      await device.gas.waitForIdle();
    },
    27: async () => {
      await RE(device.gas.start_recipe(recipe, { waitForIdle: false }));
      expect((await device.gas.status.getValue({ cached: false }))[0]).to.not.equal("IDLE");
      await device.gas.waitForIdle();
    },
    28: async () => {
      await RE(device.gas.start_recipe(recipe, { waitForIdle: true }));
      expect((await device.gas.status.getValue({ cached: false }))[0]).to.equal("IDLE");
    },
    29: async () => {
      let steps: unknown;
      await RE(function* (): Plan<void> {
        steps = yield* device.gas.start_recipe(recipe, { waitForIdle: true });
      });
      expect(steps).to.be.a("number").greaterThan(0);
    },
    30: async () => {
      const run = await RE(device.gas.start_recipe(recipe, { waitForIdle: true }));
      expect(run.planResult).to.be.a("number").greaterThan(0);
    },
    31: () => expect(device.cryo.value.units).to.equal("K"),
    32: () => {
      expect(classFile).to.contain("declare readonly ramp: SignalRW<number>;");
      expect(classFile).to.match(/\/\*\* .*K\/min.* \*\//);
    },
    33: async () => {
      const before = process.cwd();
      process.chdir(dir);
      try {
        const path = await device.classFromInstance();
        expect(path).to.equal(join(process.cwd(), "devices", "demo.ts"));
      } finally {
        process.chdir(before);
      }
    },
    34: async () => {
      const path = await device.classFromInstance(join(dir, "output"));
      expect(path).to.equal(join(dir, "output", "demo.ts"));
      expect(existsSync(path)).to.equal(true);
    },
    35: () => {
      expect(classFile).to.match(/declare readonly value: SignalR<number>;/);
      expect(classFile).to.match(/declare readonly stop_: Command0;/);
      expect(readFileSync(join(dir, "output", "demo.ts"), "utf8")).to.match(/start_recipe: Command<\{ .*name: string/);
    },
    36: () => expect(classFile).to.match(/declare readonly mode: SignalRW<"ramp" \| "pid" \| "openloop">;/),
    37: () => expect(classFile).to.match(/target of cryo \(K, from 0; hinted; target\)/),
    38: async () => {
      for (const name of ["description_", "implementation", "interface_classes", "features"]) {
        expect(cryo.cryo[name], name).to.be.instanceOf(SignalR);
        expect(classFile).to.contain(`declare readonly ${name}: SignalR<`);
      }
      expect(await device.argon.group.getValue()).to.equal("gas_dosing");
      expect(await cryo.cryo.interface_classes.getValue()).to.deep.equal(["Drivable"]);
    },
    39: async () => {
      for (const name of ["maxpower", "heaterpower", "pid", "p", "i", "d", "tolerance", "window", "timeout"]) {
        expect(cryo.cryo[name], name).to.be.instanceOf(SignalR);
        expect(cryo.cryo[name].name).to.equal(`cryo-cryo-${name}`);
        expect(classFile).to.contain(`declare readonly ${name}: Signal`);
      }
      expect(() => cryo.cryo._window).to.throw("did you mean window?");
    },
    40: async () => {
      expect(classFile).to.match(/declare readonly cryo: \w+;/);
      for (const name of ["equipment_id", "firmware", "description_", "_interfaces"]) {
        expect(cryo[name], name).to.be.instanceOf(SignalR);
        expect(classFile).to.contain(`declare readonly ${name}: SignalR<`);
      }
      expect(await cryo._interfaces.getValue()).to.deep.equal(["tcp://10769"]);
    },
    41: () => {
      expect(classFile).to.contain("; hinted; target)").and.to.contain("; config; ramp)");
      expect(cryo.cryo.formatOf(cryo.cryo.ramp)).to.equal("config");
    },
    42: () => {
      expect(classFile).to.contain("declare readonly implementation: SignalR<string>; // property");
      expect(classFile).to.not.match(/ value: .* \/\/ property/);
    },
    43: async () => {
      const classes = loadClassFile(await cryo.classFromInstance(dir));
      const name = Object.keys(classes).find((one) => one.endsWith("Node")) ?? "";
      const NodeClass = classes[name] as unknown as typeof SecopNodeDevice;
      await connected(new NodeClass(frappy.uri, { logDir: dir }), async (node) => {
        expect(await node.cryo.maxpower.getValue()).to.be.a("number");
      });
    },
    44: async () => {
      const classes = loadClassFile(await cryo.classFromInstance(dir));
      const name = Object.keys(classes).find((one) => one.endsWith("Node")) ?? "";
      const NodeClass = classes[name] as unknown as typeof SecopNodeDevice;
      const { message } = await failure(new NodeClass(sim.uri, { logDir: dir }).connect());
      expect(message)
        .to.contain("does not match its class file")
        .and.to.contain("regenerate it: await generateClasses");
    },
    45: async () => {
      const devices = await initDevices({ one: make() });
      await disposeDevices(devices);
      expect(devices.one.state.name).to.equal("closed");
    },
    46: async () => {
      await RE(device.cryo.stop_({ waitForIdle: false }));
      await RE(device.gas.purge(10, { waitForIdle: true }));
      expect((await device.gas.status.getValue({ cached: false }))[0]).to.equal("IDLE");
    },
    47: async () => {
      const { motor, tango } = await initDevices(
        {
          motor: new EpicsMotor("XF:31IDA-OP{Tbl-Ax:X1}Mtr"),
          tango: new TangoDevice("tango://localhost:10000/sys/tg_test/1"),
        },
        { mock: true },
      );
      const run = await RE(scan([device.sensor], motor, 0, 10, 11));
      expect(run.table().columns).to.deep.equal(["demo-sensor-value", "motor"]);
      expect(run.table().column("motor")).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(tango.name).to.equal("tango");
    },
    48: async () => {
      await RE(mv(device.cryo.target, 30));
      expect(await device.cryo.target.getValue({ cached: false })).to.equal(30);
    },
  };

  const table = readFileSync(join(repository, "docs", "user-guide.md"), "utf8");
  const documented = [...table.matchAll(/^\| (\d+) \| (.*?) \| (.*) \|$/gm)].map(([, n, statement]) => ({
    n: Number(n),
    statement,
  }));

  it("has a test for each row of docs/user-guide.md", () => {
    expect(documented.map(({ n }) => n)).to.deep.equal(Object.keys(rows).map(Number));
  });

  for (const { n, statement } of documented) it(`${n}: ${statement}`, () => rows[n]?.());
});

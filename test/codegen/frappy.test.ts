import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { filter, firstValueFrom } from "rxjs";
import { generateClasses } from "../../lib/codegen/generateClasses";
import { SignalR, SignalRW } from "../../lib/core/signal/signal";
import type { ModuleDevice, TypedNode } from "../../lib/devices/index";
import { SecopError } from "../../lib/errors";
import { type FrappyServer, startFrappy } from "../peers/frappy";
import { peersPython, repository, runProgram } from "../peers/peers";
import { loadClassFile } from "./loadClassFile";
import { workspace } from "./workspace";

interface Expected {
  /** Commands without an argument. */
  readonly commands: readonly string[];
  /** Parameters that the node itself cannot read or does not accept back. */
  readonly refused: readonly string[];
}

const acquisition = (module: string, commands: string) => commands.split(" ").map((command) => `${module}:${command}`);

/** The names of all configurations in test/peers/frappy. */
const NODES: Readonly<Record<string, Expected>> = {
  acquisition: {
    commands: [
      ...acquisition("control", "stop go _hold _clear"),
      ...["chan1:_clear", "chan2:_clear"],
      ...acquisition("alone", "stop go _clear _hold"),
      "endless:go",
    ],
    refused: [],
  },
  assorted: { commands: ["heater:stop", "temperature:stop", "commands:_n"], refused: [] },
  cryo: { commands: ["cryo:stop"], refused: [] },
  demo: {
    commands: [
      ...["heatswitch:stop", "mf:stop", "ts:stop", "heater:stop", "temp:stop", "commands:_n"],
      ...acquisition("control", "stop go _hold _clear"),
      ...["chan1:_clear", "chan2:_clear"],
      ...acquisition("single", "stop go _clear _hold"),
      ...["nogoal:go", "sim:stop"],
    ],
    refused: [],
  },
  facility: { commands: ["field:stop"], refused: [] },
  lakeshore: { commands: ["stage:stop"], refused: [] },
  magnet: { commands: ["heatswitch:stop", "field:stop", "sample:stop"], refused: [] },
  probe: { commands: ["p:_refuse", "late:stop"], refused: ["p:_broken HardwareError"] },
  quickCryo: { commands: ["cryo:stop"], refused: [] },
  resistance: {
    commands: ["switcher:stop"],
    refused: ["switcher:_switch_delay", "switcher:_measure_delay", "res1:_filter", "res3:_filter"].map(
      (p) => `${p} InternalError`,
    ),
  },
  simulation: { commands: ["drivable:stop"], refused: [] },
};

/** Python code that prints the module classes of frappy_demo, one per line. */
const MODULE_CLASSES = `
import importlib, inspect, pkgutil, frappy_demo
from frappy.modulebase import Module
for module in pkgutil.iter_modules(frappy_demo.__path__):
    module = importlib.import_module("frappy_demo." + module.name)
    for name, cls in vars(module).items():
        if inspect.isclass(cls) and issubclass(cls, Module) and cls.__module__ == module.__name__:
            print(module.__name__ + "." + name)
`;

/**
 * Classes without a configuration: base classes, classes that others create, and an unfinished one in frappy.
 */
const NOT_CONFIGURED = [
  ...["frappy_demo.cryo.CryoBase", "frappy_demo.lakeshore.LakeshoreIO", "frappy_demo.test.RecPinInner"],
  "frappy_demo.acquisition.MatrixChannel",
];

describe("class files of real frappy nodes", function () {
  this.timeout(120_000);
  let dir: string;

  before(() => {
    dir = mkdtempSync(join(tmpdir(), "secop-lab-"));
  });

  after(() => {
    workspace.clear();
    rmSync(dir, { recursive: true });
  });

  for (const [name, expected] of Object.entries(NODES)) {
    it(`"${name}": compiles strict, connects, every parameter is read and every writable takes its own value back; connects again`, async () => {
      const server = await startFrappy(name);
      const path = await generateClasses(server.uri, { dir, file: name });
      workspace.write(`devices/${name}.ts`, readFileSync(path, "utf8"));
      expect(workspace.errors(`devices/${name}.ts`)).to.deep.equal([]);
      const [NodeClass] = Object.values(loadClassFile(path)).filter((exported) => "table" in exported);
      if (!NodeClass) throw new Error("no node class");
      const node = new NodeClass(server.uri, { logDir: dir });
      await node.connect();
      let again: FrappyServer | undefined;
      try {
        expect({ commands: commandsOf(node), refused: await walk(node) }).to.deep.equal(expected);
        await server.stop();
        again = await startFrappy(name, { port: server.port });
        await firstValueFrom(node.state$.pipe(filter((state) => state.name === "connected")));
        expect(await walk(node)).to.deep.equal(expected.refused);
      } finally {
        await node.dispose();
        await Promise.all([server.stop(), again?.stop()]);
      }
    });
  }

  it("cover every configuration, and the configurations cover every class of frappy's demos", async () => {
    const folder = join(repository, "test/peers/frappy");
    const files = readdirSync(folder).filter((file) => file.endsWith("_cfg.py"));
    expect(files.map((file) => file.replace("_cfg.py", ""))).to.have.members(Object.keys(NODES));
    const { stdout, stderr } = await runProgram(peersPython(), ["-c", MODULE_CLASSES]);
    expect(stderr).to.equal("");
    const text = files.map((file) => readFileSync(join(folder, file), "utf8")).join();
    const unused = stdout
      .trim()
      .split("\n")
      .filter((name) => !text.includes(`'${name}'`));
    expect(unused).to.have.members(NOT_CONFIGURED);
  });
});

/** Parameters that the node refuses to read or to accept back. Any other error is thrown. */
async function walk(node: TypedNode): Promise<string[]> {
  const refused: string[] = [];
  for (const [place, signal] of signalsOf(node.modules)) {
    const [key] = Object.values(await signal.describe());
    expect(key?.dtype, place).to.be.a("string");
    try {
      const value = await signal.getValue({ cached: false });
      if (signal instanceof SignalRW) await signal.set(value);
    } catch (error) {
      if (!(error instanceof SecopError)) throw error;
      refused.push(`${place} ${error.code}`);
    }
  }
  return refused;
}

function commandsOf(node: TypedNode): string[] {
  return Array.from(node.modules).flatMap(([module, { accessibles }]) =>
    Array.from(accessibles)
      .filter(([, member]) => !(member instanceof SignalR) && member.description.argument === null)
      .map(([name]) => `${module}:${name}`),
  );
}

function* signalsOf(modules: ReadonlyMap<string, ModuleDevice>): Generator<[string, SignalR]> {
  for (const [module, device] of modules) {
    for (const [name, member] of device.accessibles) if (member instanceof SignalR) yield [`${module}:${name}`, member];
  }
}

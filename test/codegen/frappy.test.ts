import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { generateClasses } from "../../lib/codegen/generateClasses";
import { SignalR, SignalRW } from "../../lib/core/signal";
import type { ModuleDevice, TypedNode } from "../../lib/devices/index";
import { SecopError } from "../../lib/errors";
import { startFrappy } from "../peers/frappy";
import { loadClassFile } from "./loadClassFile";
import { workspace } from "./workspace";

interface Expected {
  /** Commands without argument. */
  readonly commands: readonly string[];
  /** Parameters the node itself fails to read or to take back. */
  readonly refused: readonly string[];
}

/** Configurations of test/peers/frappy. */
const NODES: readonly (readonly [name: string, expected: Expected])[] = [
  ["cryo", { commands: ["cryo:stop"], refused: [] }],
  ["magnet", { commands: ["heatswitch:stop", "field:stop", "sample:stop"], refused: [] }],
  ["assorted", { commands: ["heater:stop", "temperature:stop", "commands:_n"], refused: [] }],
  ["simulation", { commands: ["drivable:stop"], refused: [] }],
  [
    "acquisition",
    {
      commands: [
        "control:stop",
        "control:go",
        "control:_hold",
        "control:_clear",
        "chan1:_clear",
        "chan2:_clear",
        "alone:stop",
        "alone:go",
        "alone:_clear",
        "alone:_hold",
        "endless:go",
      ],
      refused: [],
    },
  ],
  [
    "resistance",
    {
      commands: ["switcher:stop"],
      refused: ["switcher:_switch_delay", "switcher:_measure_delay", "res1:_filter", "res3:_filter"].map(
        (p) => `${p} InternalError`,
      ),
    },
  ],
  ["probe", { commands: ["p:_refuse", "late:stop"], refused: ["p:_broken HardwareError"] }],
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

  for (const [name, expected] of NODES) {
    it(`"${name}": compiles strict, connects, every parameter is read and every writable takes its own value back`, async () => {
      const server = await startFrappy(name);
      try {
        const path = await generateClasses(server.uri, { dir, file: name });
        workspace.write(`devices/${name}.ts`, readFileSync(path, "utf8"));
        expect(workspace.errors(`devices/${name}.ts`)).to.deep.equal([]);
        const [NodeClass] = Object.values(loadClassFile(path)).filter((exported) => "table" in exported);
        if (!NodeClass) throw new Error("no node class");
        const node = new NodeClass(server.uri, { logDir: dir });
        await node.connect();
        try {
          expect({ commands: commandsOf(node), refused: await walk(node) }).to.deep.equal(expected);
        } finally {
          await node.dispose();
        }
      } finally {
        await server.stop();
      }
    });
  }
});

/** Parameters that refused to be read or to take back what they gave. Anything but the node's refusal is thrown. */
async function walk(node: TypedNode): Promise<string[]> {
  const refused: string[] = [];
  for (const [place, signal] of signalsOf(node.modules)) {
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

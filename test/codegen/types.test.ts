import { expect } from "chai";
import fc from "fast-check";
import { nodeClass } from "../../lib/codegen/nodeClass";
import { accessibleNames } from "../../lib/secop/description/memberName";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { startSimNode } from "../../lib/sim/startSimNode";
import { realDescription, realDescriptions } from "../descriptions/descriptions";
import { cases } from "../support/fuzz";
import { hostileDescription } from "../support/hostileDescription";
import { workspace } from "./workspace";

/** Number of class files that are compiled together: a program with hundreds takes little longer than one. */
const BATCH = 500;

const source = (json: unknown, className: string): string =>
  nodeClass(parseDescription(json), { className, file: "x.ts" });

describe("class files under the compiler", function () {
  this.timeout(120_000);
  let description: object;

  before(async () => {
    const node = await startSimNode({ version: "2.0" });
    description = node.description;
    await node.close();
    workspace.write("devices/cryo.ts", source(description, "CryoNode"));
  });

  after(() => workspace.clear());

  const cell = (code: string): string[] => {
    workspace.write(
      "cell.ts",
      `import { CryoNode, Cryostat } from "./devices/cryo";\nimport type { Plan } from "secop-lab";\n${code}\nexport type Used = [CryoNode, Cryostat, Plan];\n`,
    );
    return workspace.errors("cell.ts");
  };

  it("compile with strict types for every real node", () => {
    for (const [name, json] of realDescriptions) {
      workspace.write(`devices/${name}.ts`, source(json, "RealNode"));
      expect(workspace.errors(`devices/${name}.ts`)).to.deep.equal([]);
    }
    workspace.write("devices/cryo.ts", source(description, "CryoNode"));
    expect(workspace.errors("devices/cryo.ts")).to.deep.equal([]);
  });

  it("compile with strict types for thousands of hostile nodes", function () {
    const { numRuns } = cases(3000);
    this.timeout(100 * numRuns);
    const firstSeed = Math.floor(Math.random() * 2 ** 31);
    for (let seed = firstSeed; seed < firstSeed + numRuns / BATCH; seed += 1) {
      for (const name of hostileFiles(seed)) expect(workspace.errors(name), `seed ${seed}`).to.deep.equal([]);
    }
    workspace.clear();
    workspace.write("devices/cryo.ts", source(description, "CryoNode"));
  });

  it("accept correct code", () => {
    const errors = cell(`
      const node = new CryoNode("localhost:10767", { name: "cryo" });
      export async function use() {
        const kelvin: number = await node.cryo.value.getValue();
        const mode: "ramp" | "pid" | "openloop" = await node.cryo.mode.getValue();
        const [state, text]: [string, string] = await node.cryo.status.getValue();
        await node.cryo.pid.set({ p: 1, i: 2 });
        await node.cryo.set(10);
        await node.types.tuple.set([1, true, "b"]);
        await node.types.doubles.set(new Float64Array([1, 2]));
        await node.types.doubles.set([1, 2]);
        await node.types.int64.set(2n ** 60n);
        const steps: number = await node.gas.start_recipe.execute({ name: "a", id: 1, sort: true });
        const counts: Uint32Array = (await node.camera.get_data.execute()).data;
        for await (const { current, target } of node.cryo.set(5)) console.log(current - target);
        return [kelvin, mode, state, text, steps, counts] as const;
      }
      export function* plan(cryo: Cryostat): Plan<number> {
        yield* cryo.stop_();
        return yield* node.gas.start_recipe({ name: "a", id: 1, sort: true }, { waitForIdle: true });
      }
      export class Mine extends CryoNode { warm() { return this.cryo.set(300); } }
      export const again = plan(new Mine("x").cryo);
      export const isOne = node.cryo instanceof Cryostat;`);
    expect(errors).to.deep.equal([]);
  });

  const wrong: [string, string][] = [
    ["a choice that is none", 'node.cryo.mode.set("fast")'],
    ["a text for a number", 'node.cryo.set("10")'],
    ["setting what can only be read", "node.cryo.value.set(1)"],
    ["setting a constant", "node.types.constant.set(1)"],
    ["a module that is none", "node.laser"],
    ["an accessible that is none", "node.cryo.tempo"],
    ["a struct without a mandatory member", "node.cryo.pid.set({ i: 1 })"],
    ["a struct with a member too many", "node.cryo.pid.set({ p: 1, q: 2 })"],
    ["a tuple that is too short", "node.types.tuple.set([1, true])"],
    [
      "a wrong choice deep inside",
      'node.types.nested.set({ position: { x: 1, y: 2 }, state: "here", range: [1, ""] })',
    ],
    ["an array of numbers of another kind", "node.types.doubles.set(new Uint8Array(3))"],
    ["a list of texts for an array of numbers", 'node.types.doubles.set(["1"])'],
    ["a command without its argument", "node.gas.start_recipe()"],
    ["a command with a wrong argument", 'node.gas.start_recipe({ name: "a", id: "1", sort: true })'],
    ["an argument for a command that takes none", "node.cryo.stop_(5)"],
    [
      "a result of the wrong type",
      'export const s: string = await node.gas.start_recipe.execute({ name: "a", id: 1, sort: true })',
    ],
    ["assigning to a module", "node.cryo = node.cryo"],
    ["one module for another", "export const m: typeof node.magnet = node.cryo"],
    ["a second field of the same name in a subclass", "export class Bad extends CryoNode { cryo!: never }"],
  ];
  for (const [what, line] of wrong) {
    it(`refuse ${what}`, () => {
      const setup = 'export const node = new CryoNode("x");\n';
      expect(cell(`${setup}// @ts-expect-error\n${line}`)).to.deep.equal([]);
      expect(cell(`${setup}${line}`)).to.have.length.greaterThan(0);
    });
  }

  it("type the goals of an acquisition by the roles of its channels", () => {
    workspace.write("devices/acquisition.ts", source(realDescription("acquisition"), "RealNode"));
    const errors = (goals: string): number => {
      const code = `import { RealNode } from "./devices/acquisition";\nvoid new RealNode("x").control.prepare(${goals});\n`;
      workspace.write("goals.ts", code);
      return workspace.errors("goals.ts").length;
    };
    expect(errors("{ first: 3, second: null }")).to.equal(0);
    expect(errors("{ fourth: 3 }")).to.equal(1);
    expect(errors('{ first: "3" }')).to.equal(1);
    expect(errors("{ }")).to.equal(0);
    expect(workspace.completions("goals.ts", "prepare({ ")).to.include.members(["first", "second", "third"]);
  });

  it("offer exactly the members of the node as completions", () => {
    const setup = 'const node = new CryoNode("x");\n';
    const { modules } = description as { modules: Record<string, { accessibles: object }> };
    const inherited = new Set(completionsOf('import { TypedNode } from "secop-lab";\nnew TypedNode("x").'));
    const ofNode = completionsOf(`import { CryoNode } from "./devices/cryo";\n${setup}node.`);
    expect(ofNode).to.have.members([
      ...inherited,
      ...Object.keys(modules),
      ...["equipment_id", "description_", "firmware", "systems", "timeout"],
    ]);
    const ofBase = completionsOf(
      'import type { DrivableDevice } from "secop-lab";\n(null as unknown as DrivableDevice).',
    );
    const ofModule = completionsOf(`import { CryoNode } from "./devices/cryo";\n${setup}node.cryo.`);
    const names = accessibleNames(Object.keys(modules.cryo?.accessibles ?? {})).values();
    const accessibles = Array.from(names, ({ member }) => member);
    const properties = ["description_", "implementation", "interface_classes", "features", "meaning"];
    expect(ofModule).to.have.members([...new Set([...ofBase, ...accessibles, ...properties])]);
  });

  it("offer choices and members of structs as completions", () => {
    cell('const node = new CryoNode("x");\nvoid node.cryo.mode.set("");\nvoid node.gas.start_recipe.execute({ });');
    expect(workspace.completions("cell.ts", 'mode.set("')).to.have.members(["ramp", "pid", "openloop"]);
    expect(workspace.completions("cell.ts", "execute({ ")).to.include.members(["name", "id", "sort"]);
  });

  it("show short types and the node's descriptions on hover", () => {
    cell('const node = new CryoNode("x");\nvoid node.cryo.ramp.set(2);');
    expect(workspace.hover("cell.ts", "ramp.set")).to.equal(
      "(property) Cryostat.ramp: SignalRW<number> // speed of the setpoint; 0 jumps (K/min, 0 to 1000; config; ramp)",
    );
    expect(workspace.hover("cell.ts", "cryo.ramp")).to.match(
      /^\(property\) CryoNode\.cryo: Cryostat \/\/ Closed-cycle/,
    );
  });

  /** The completions at the end of a file. */
  function completionsOf(text: string): string[] {
    workspace.write("completions.ts", text);
    return workspace.completions("completions.ts", text);
  }
});

/** Puts the class files of a batch of nodes into the workspace. */
function hostileFiles(seed: number): string[] {
  return fc.sample(hostileDescription, { numRuns: BATCH, seed }).map((json, n) => {
    const name = `devices/hostile${n}.ts`;
    workspace.write(name, source(json, "TestNode"));
    return name;
  });
}

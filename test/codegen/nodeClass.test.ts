import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compareShape } from "../../lib/codegen/drift";
import { shapeJson } from "../../lib/codegen/moduleShape";
import { nodeClass, nodeClassName } from "../../lib/codegen/nodeClass";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { realDescriptions } from "../descriptions/descriptions";

const source = (json: unknown): string =>
  nodeClass(parseDescription(json), { className: "TestNode", file: "devices/test.ts" });
const K = { description: "a", datainfo: { type: "double", unit: "K" }, readonly: true };
const module = (accessibles: unknown, more: object = {}) => ({
  description: "m",
  interface_classes: [],
  accessibles,
  ...more,
});
const nodeOf = (modules: unknown) => ({ equipment_id: "e", description: "d", modules });

describe("nodeClass", () => {
  for (const [name, json] of realDescriptions) {
    it(`writes the class of the real node "${name}" as kept in golden/${name}.golden`, () => {
      const path = join(__dirname, "golden", `${name}.golden`);
      const text = nodeClass(parseDescription(json), { className: nodeClassName(name), file: `devices/${name}.ts` });
      if (process.env.UPDATE_GOLDEN) writeFileSync(path, text);
      expect(text).to.equal(readFileSync(path, "utf8"));
    });

    it(`keeps the whole shape of "${name}"`, () => {
      const description = parseDescription(json);
      const modules = Array.from(description.modules.values(), (m) => [m.name, JSON.parse(shapeJson(m))]);
      const kept = parseDescription({ modules: Object.fromEntries(modules) });
      expect(compareShape(kept, description)).to.deep.equal({ incompatible: [], harmless: [] });
    });
  }

  it("makes one class for modules of one shape, named after their implementation", () => {
    const flow = { ...module({ value: K }, { implementation: "lab.Flow" }) };
    const text = source(nodeOf({ argon: flow, oxygen: { ...flow, description: "another" } }));
    expect(text.match(/^export class .*$/gm)).to.deep.equal([
      "export class Flow extends ModuleDevice {",
      "export class TestNode extends TypedNode {",
    ]);
    expect(text).to.contain("declare readonly argon: Flow;").and.to.contain("declare readonly oxygen: Flow;");
  });

  it("makes different classes for modules of one implementation but different shapes", () => {
    const text = source(
      nodeOf({
        a: module({ value: K }, { implementation: "lab.Flow" }),
        b: module({ value: { ...K, readonly: false } }, { implementation: "lab.Flow" }),
        c: module({ value: { ...K, datainfo: { type: "double", unit: "K", max: 3 } } }, { implementation: "lab.Flow" }),
        d: module({ value: { ...K, description: "other words" } }, { implementation: "lab.Flow" }),
      }),
    );
    expect(text.match(/(?<=^export class )\w+/gm)).to.deep.equal(["Flow", "FlowB", "FlowC", "FlowD", "TestNode"]);
  });

  it("gives no class a name that is already used", () => {
    const text = source(
      nodeOf({
        test_node: module({}),
        object: module({ a: K }),
        SignalR: module({ b: K }),
        "Test-Node": module({ c: K }),
        float64_array: module({ d: K }),
      }),
    );
    expect(text.match(/(?<=^export class )\w+/gm)).to.deep.equal([
      "TestNodeTestNode",
      "ObjectObject",
      "SignalRSignalR",
      "TestNodeTestNode2",
      "Float64ArrayFloat64Array",
      "TestNode",
    ]);
  });

  it("has a type for every datainfo, and keeps reserved names reachable", () => {
    const of = (datainfo: unknown) =>
      /SignalR<(.*)>;$/m.exec(source(nodeOf({ m: module({ p: { description: "", datainfo } }) })))?.[1];
    const int = (min: number, max: number) => ({ type: "int", min, max });
    const types: [unknown, string][] = [
      [{ type: "double" }, "number"],
      [{ type: "scaled", scale: 0.1, min: 0, max: 9 }, "number"],
      [int(0, 9), "number"],
      [int(0, 2 ** 60), "number | bigint"],
      [{ type: "bool" }, "boolean"],
      [{ type: "enum", members: { on: 1, "a b": 2 } }, '"on" | "a b"'],
      [{ type: "enum", members: {} }, "never"],
      [{ type: "string" }, "string"],
      [{ type: "blob", maxbytes: 3 }, "Uint8Array"],
      [{ type: "array", maxlen: 3, members: { type: "double" } }, "Float64Array"],
      [{ type: "array", maxlen: 3, members: int(0, 9) }, "Int32Array"],
      [{ type: "array", maxlen: 3, members: int(0, 2 ** 40) }, "Float64Array"],
      [{ type: "array", maxlen: 3, members: int(0, 2 ** 60) }, "readonly (number | bigint)[]"],
      [
        { type: "array", maxlen: 3, members: { type: "array", maxlen: 3, members: { type: "bool" } } },
        "readonly (readonly boolean[])[]",
      ],
      [{ type: "tuple", members: [{ type: "bool" }, { type: "string" }] }, "[boolean, string]"],
      [
        { type: "struct", members: { a: { type: "bool" }, "b c": { type: "string" } }, optional: ["a"] },
        '{ a?: boolean; "b c": string }',
      ],
      [{ type: "struct", members: {} }, "Record<string, never>"],
      [
        { type: "matrix", names: ["x"], maxlen: [3], elementtype: "<u2" },
        "{ shape: readonly number[]; data: Uint16Array }",
      ],
      [{ type: "hologram" }, "unknown"],
    ];
    for (const [datainfo, type] of types) expect(of(datainfo)).to.equal(type);
    const reserved = JSON.stringify(nodeOf({ THEN: module({ constructor: K, THEN: K, THEN_: K }) })).replaceAll(
      "THEN",
      "then",
    );
    const text = source(JSON.parse(reserved));
    for (const member of ["constructor_: SignalR", "then__: SignalR", "then_: SignalR", "then_: Then;"]) {
      expect(text).to.contain(`declare readonly ${member}`);
    }
  });

  it("writes unit, limits, format and the name on the wire into the comment", () => {
    const text = source(
      nodeOf({
        m: module(
          {
            value: K,
            status: { description: "s", datainfo: { type: "string" } },
            target: { description: "t", datainfo: { type: "double", unit: "$/min", max: 3 }, readonly: false },
            fast: { description: "f", datainfo: { type: "int", min: 0, max: 9 }, _signal_format: "UNCACHED_SIGNAL" },
            stop: { description: "halt", datainfo: { type: "command" } },
          },
          { interface_classes: ["Drivable"] },
        ),
      }),
    );
    expect(text.match(/(?<=\/\*\* ).*(?= \*\/\n {2}declare)/g)?.slice(0, 5)).to.deep.equal([
      "a (K; hinted; value)",
      "s (omit; status)",
      "t (K/min, to 3; hinted; target)",
      "f (0 to 9; uncached; fast)",
      "halt (stop)",
    ]);
  });

  it("extends the class for an interface class only if the members fit", () => {
    const command = (argument?: object) => ({
      description: "",
      datainfo: { type: "command", argument, result: { type: "string" } },
    });
    const heritage = (interfaces: string[], accessibles: object) =>
      /extends (\S+)/.exec(source(nodeOf({ m: module(accessibles, { interface_classes: interfaces }) })))?.[1];
    expect(heritage(["Readable"], { value: K })).to.equal("ReadableDevice<number>");
    expect(heritage(["Readable"], { value: K, status: command() })).to.equal("ModuleDevice");
    expect(heritage(["Readable"], {})).to.equal("ModuleDevice");
    expect(heritage(["Communicator"], { communicate: command({ type: "string" }) })).to.equal("CommunicatorDevice");
    expect(heritage(["Communicator"], { communicate: command({ type: "double" }) })).to.equal("ModuleDevice");
    expect(
      heritage(["Writable"], { value: K, target: { ...K, readonly: false, datainfo: { type: "bool" } } }),
    ).to.equal("WritableDevice<number,");
  });
});

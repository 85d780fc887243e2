import { expect } from "chai";
import {
  compareShape,
  type Drift,
  describeDifferences,
  regenerateLine,
  type Verification,
} from "../../lib/codegen/drift";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { realDescriptions } from "../descriptions/descriptions";

const node = (modules: Record<string, unknown>) => parseDescription({ equipment_id: "n", description: "", modules });
const module = (accessibles: Record<string, unknown>, interfaces: string[] = []) => ({
  description: "",
  interface_classes: interfaces,
  accessibles,
});
const parameter = (datainfo: unknown, readonly = false) => ({ description: "", datainfo, readonly });
const command = (argument?: unknown, result?: unknown) => ({
  description: "",
  datainfo: { type: "command", argument, result },
});

/** The drift of one accessible. */
const drift = (was: unknown, is: unknown): Drift =>
  compareShape(node({ m: module({ p: was }) }), node({ m: module({ p: is }) }));
const words = ({ incompatible, harmless }: Drift) => ({
  incompatible: incompatible.map(({ place, what }) => `${place} ${what}`),
  harmless: harmless.map(({ place, what }) => `${place} ${what}`),
});

describe("compareShape", () => {
  for (const [name, json] of realDescriptions) {
    it(`finds no drift between "${name}" and itself`, () => {
      const description = parseDescription(json);
      expect(compareShape(description, description)).to.deep.equal({ incompatible: [], harmless: [] });
    });
  }

  const K = { type: "double", unit: "K" };
  const modes = (...names: string[]) => ({ type: "enum", members: Object.fromEntries(names.map((n, i) => [n, i])) });
  const struct = (members: Record<string, unknown>, optional?: string[]) => ({ type: "struct", members, optional });
  const breaks: [string, unknown, unknown, string][] = [
    ["another unit", parameter(K), parameter({ ...K, unit: "C" }), 'm:p has now the unit "C", had "K"'],
    ["another type", parameter(K), parameter({ type: "string" }), "m:p is now string, was double"],
    ["no longer writable", parameter(K), parameter(K, true), "m:p can only be read now"],
    ["a parameter made a command", parameter(K), command(), "m:p is now a command, was a parameter"],
    ["a choice gone", parameter(modes("a", "b")), parameter(modes("a")), 'm:p has no "b" any more'],
    [
      "integers only",
      parameter(K),
      parameter({ type: "int", min: 0, max: 9, unit: "K" }),
      "m:p takes only integers now",
    ],
    [
      "integers beyond 2^53",
      parameter({ type: "int", min: 0, max: 9 }),
      parameter({ type: "int", min: 0, max: 2 ** 60 }),
      "m:p can be beyond 2^53 now: it may come as a bigint",
    ],
    ["a member gone", parameter(struct({ a: K, b: K })), parameter(struct({ a: K })), "m:p.b is gone"],
    [
      "a new mandatory member",
      parameter(struct({ a: K })),
      parameter(struct({ a: K, b: K })),
      "m:p.b is new and must be given",
    ],
    [
      "an optional member made mandatory",
      parameter(struct({ a: K }, ["a"])),
      parameter(struct({ a: K })),
      "m:p.a must be given now",
    ],
    [
      "another tuple",
      parameter({ type: "tuple", members: [K] }),
      parameter({ type: "tuple", members: [K, K] }),
      "m:p has now 2 elements, had 1",
    ],
    [
      "a unit deep inside",
      parameter({ type: "array", maxlen: 3, members: struct({ a: K }) }),
      parameter({ type: "array", maxlen: 3, members: struct({ a: { type: "double", unit: "T" } }) }),
      'm:p[].a has now the unit "T", had "K"',
    ],
    ["another argument", command(K), command({ type: "string" }), "m:p (argument) is now string, was double"],
    ["a new argument", command(), command(K), "m:p needs an argument now"],
    ["no result", command(null, K), command(), "m:p has no result any more"],
    [
      "another matrix",
      parameter({ type: "matrix", names: ["x"], maxlen: [4], elementtype: "<f4" }),
      parameter({ type: "matrix", names: ["x"], maxlen: [4], elementtype: "<i2" }),
      "m:p has now 1 dimensions of <i2, had 1 dimensions of <f4",
    ],
  ];
  for (const [what, was, is, difference] of breaks) {
    it(`calls ${what} incompatible`, () => {
      expect(words(drift(was, is)).incompatible).to.deep.equal([difference]);
    });
  }

  const fine: [string, unknown, unknown, RegExp][] = [
    [
      "other limits",
      parameter({ ...K, max: 300 }),
      parameter({ ...K, max: 325 }),
      /^m:p has other limits or resolution: max 325, had 300$/,
    ],
    [
      "another number for a choice",
      parameter({ type: "enum", members: { a: 1, b: 2 } }),
      parameter({ type: "enum", members: { a: 1, b: 3 } }),
      /^m:p has the number 3 for "b", had 2$/,
    ],
    ["a new choice", parameter(modes("a")), parameter(modes("a", "b")), /m:p has "b" now/],
    [
      "a choice gone that is only read",
      parameter(modes("a", "b"), true),
      parameter(modes("a"), true),
      /m:p has no "b" any more/,
    ],
    ["a new optional member", parameter(struct({ a: K })), parameter(struct({ a: K, b: K }, ["b"])), /m:p\.b is new/],
    [
      "a new member that is only read",
      parameter(struct({ a: K }), true),
      parameter(struct({ a: K, b: K }), true),
      /m:p\.b is new/,
    ],
    ["writable now", parameter(K, true), parameter(K), /can be set now/],
    ["a new result", command(), command(null, K), /has a result now/],
    [
      "another length",
      parameter({ type: "array", maxlen: 3, members: K }),
      parameter({ type: "array", maxlen: 4, members: K }),
      /^m:p has other length: maxlen 4, had 3$/,
    ],
  ];
  for (const [what, was, is, difference] of fine) {
    it(`calls ${what} harmless`, () => {
      const { incompatible, harmless } = words(drift(was, is));
      expect(incompatible).to.deep.equal([]);
      expect(harmless).to.have.length(1);
      expect(harmless[0]).to.match(difference);
    });
  }

  it("reports what a node lacks: as incompatible when strict, as harmless for a subset, not at all when off", () => {
    const expected = node({ a: module({ p: parameter(K), q: parameter(K) }), b: module({}) });
    const live = node({ a: module({ p: parameter(K), r: parameter(K) }), c: module({}) });
    const seen = (level: Verification) => words(compareShape(expected, live, level));
    const gone = ["a:q is gone", "b is not a module of this node"];
    const fresh = ["a:r is new", "c is a new module"];
    expect(seen("strict")).to.deep.equal({ incompatible: gone, harmless: fresh });
    expect(seen("subset").incompatible).to.deep.equal([]);
    expect(seen("subset").harmless).to.have.members([...gone, ...fresh]);
    expect(seen("off")).to.deep.equal({ incompatible: [], harmless: [] });
  });

  it("reports a changed member as incompatible even for a subset", () => {
    const expected = node({ a: module({ p: parameter(K) }) });
    const live = node({ a: module({ p: parameter({ type: "bool" }) }) });
    expect(compareShape(expected, live, "subset").incompatible).to.have.length(1);
  });

  it("accepts a module that can do more, but not one that can do less", () => {
    const accessibles = {
      value: parameter(K, true),
      status: parameter({ type: "tuple", members: [modes("IDLE"), { type: "string" }] }, true),
      target: parameter(K),
    };
    const [readable, drivable] = [["Readable"], ["Drivable"]].map((classes) =>
      node({ m: module(accessibles, classes) }),
    );
    if (!readable || !drivable) throw new Error("unreachable");
    expect(words(compareShape(readable, drivable)).harmless).to.deep.equal(["m is now Drivable, was Readable"]);
    expect(words(compareShape(drivable, readable)).incompatible).to.deep.equal(["m is now Readable, was Drivable"]);
  });

  it("compares the channels of a controller by their roles", () => {
    const controller = (...roles: string[]) => ({
      ...module({ status: parameter({ type: "string" }, true) }, ["AcquisitionController"]),
      acquisition_channels: Object.fromEntries(roles.map((role) => [role, "m"])),
    });
    const change = compareShape(node({ m: controller("t", "a") }), node({ m: controller("t", "b") }));
    expect(words(change)).to.deep.equal({
      incompatible: ['m has no channel "a" any more'],
      harmless: ['m has a channel "b" now'],
    });
  });

  it("is not misled by names of Object.prototype", () => {
    const odd = (...names: string[]) =>
      parameter({ type: "struct", members: JSON.parse(`{${names.map((n) => `"${n}":{"type":"bool"}`).join()}}`) });
    expect(words(drift(odd("__proto__", "a"), odd("a"))).incompatible).to.deep.equal(["m:p.__proto__ is gone"]);
    expect(words(drift(odd("a"), odd("a", "constructor"))).incompatible).to.deep.equal([
      "m:p.constructor is new and must be given",
    ]);
  });

  it("names limits and resolution also where the unit or the type has changed", () => {
    const narrower = drift(parameter({ ...K, max: 300 }), parameter({ type: "int", unit: "C", min: 0, max: 5 }));
    const whats = [...narrower.incompatible, ...narrower.harmless].map(({ what }) => what);
    expect(whats).to.deep.equal([
      'has now the unit "C", had "K"',
      "takes only integers now",
      "has other limits or resolution: min 0, had none; max 5, had 300",
    ]);
  });

  it("gives one line per difference, and the code that generates the file again", () => {
    const { incompatible } = drift(parameter(K), parameter({ ...K, unit: "C" }));
    expect(describeDifferences(incompatible)).to.equal('  m:p  has now the unit "C", had "K"');
    expect(regenerateLine("localhost:10767", "devices/cryo.ts")).to.equal(
      'await generateClasses("localhost:10767", { file: "devices/cryo.ts" })',
    );
  });
});

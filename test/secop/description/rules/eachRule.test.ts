import { expect } from "chai";
import { parseDescription } from "../../../../lib/secop/description/parseDescription";
import { DESCRIPTION } from "../../../support/scriptedNode";
import { m, problemsOf, withAccessible } from "./problemsOf";

describe("each rule of descriptions", () => {
  const par = (datainfo: unknown, more: object = {}) => ({ description: "d", readonly: true, datainfo, ...more });
  const double = { type: "double" };
  const inDatainfo = (datainfo: unknown) => withAccessible("_x", { datainfo });
  const sound = { ...DESCRIPTION.modules.m };
  const problemsOfTwo = (a: object, b: object, node: object = {}) =>
    parseDescription({ ...DESCRIPTION, ...node, modules: { m: { ...sound, ...a }, n: { ...sound, ...b } } }).problems;

  const CASES: readonly (readonly [what: string, problems: readonly string[], expected: readonly string[]])[] = [
    ["blob without maxbytes", inDatainfo({ type: "blob" }), ["m:_x: datainfo: maxbytes is missing"]],
    ["array without maxlen", inDatainfo({ type: "array", members: double }), ["m:_x: datainfo: maxlen is missing"]],
    [
      "limits that are not integers",
      inDatainfo({ type: "int", min: 0.5, max: 2 }),
      ["m:_x: datainfo: min is not an integer"],
    ],
    [
      "scaled limits that are not integers",
      inDatainfo({ type: "scaled", scale: 0.1, min: 0, max: 2.5 }),
      ["m:_x: datainfo: max is not an integer"],
    ],
    [
      "a length below zero",
      inDatainfo({ type: "string", minchars: -1 }),
      ["m:_x: datainfo: minchars is not a whole number of 0 or more"],
    ],
    ["a unit that is null", inDatainfo({ type: "double", unit: null }), ["m:_x: datainfo: unit has a wrong type"]],
    [
      "enum codes that are not unique",
      inDatainfo({ type: "enum", members: { a: 1, b: 1 } }),
      ["m:_x: datainfo: two members have the code 1: a, b"],
    ],
    [
      "enum names that differ in case only",
      inDatainfo({ type: "enum", members: { on: 1, ON: 2 } }),
      ["m:_x: datainfo: members differ only in upper and lower case: on, ON"],
    ],
    [
      "fmtstr with a leading zero",
      inDatainfo({ type: "double", fmtstr: "%.05f" }),
      ["m:_x: datainfo: fmtstr %.05f is unknown"],
    ],
    ["the form before 1.0", inDatainfo(["double", {}]), ["m:_x: datainfo: a list is the form before SECoP 1.0"]],
    [
      "a constant beyond its limits",
      withAccessible("_c", { datainfo: { type: "double", max: 1 }, constant: 2 }),
      ["m:_c: constant: the node allows at most 1"],
    ],
    [
      "a constant in another form",
      withAccessible("_c", { datainfo: { type: "bool" }, constant: 1 }),
      ["m:_c: constant: it should be written as true"],
    ],
    [
      "a property of parameters at a command",
      withAccessible("_c", { datainfo: { type: "command" }, readonly: true }),
      ['m:_c: the property readonly is not predefined, so it should begin with "_"'],
    ],
    [
      "a number for visibility",
      problemsOf({ visibility: 1 }),
      ["m: visibility is a number, the form before SECoP 1.0"],
    ],
    [
      "a meaning that is not a pair",
      problemsOf({ meaning: ["temperature"] }),
      ["m: meaning is neither a pair of a text and a number nor an object"],
    ],
    ["an unknown function", problemsOf({ meaning: ["smell", 20] }), ['m: meaning: the function "smell" is unknown']],
    [
      "an importance out of range",
      problemsOf({ meaning: { function: "ph", importance: 51 } }),
      ["m: meaning: importance is an integer from 0 to 50, not 51"],
    ],
    [
      "importance and key without what they belong to",
      problemsOf({ meaning: { link: "x", importance: 10 } }),
      ["m: meaning: importance and belongs_to need a function"],
    ],
    ["a key without a link", problemsOf({ meaning: { function: "ph", key: "k" } }), ["m: meaning: a key needs a link"]],
    [
      "a feature nobody knows",
      problemsOf({ features: ["Fast"] }),
      ['m: the feature Fast is not predefined, so it should begin with "_"'],
    ],
    [
      "HasOffset without offset",
      problemsOf({ features: ["HasOffset"] }),
      ["m: a module that HasOffset should have offset"],
    ],
    [
      "a group that is not a path",
      problemsOf({ group: "very important/stuff" }),
      ['m: the group "very important/stuff" is not a path of identifiers'],
    ],
    [
      "a group named as a module",
      problemsOfTwo({ group: "a:N" }, {}),
      ["m: the group N has the name of a module or accessible"],
    ],
    [
      "a status out of range",
      withAccessible("status", { datainfo: statusOf({ IDLE: 100, BUSY: 300, X: 500 }) }),
      ["m:status: it should be a tuple of an enum of status codes (0 to 499) and a string"],
    ],
    [
      "a Drivable that is never busy",
      withAccessible("status", { datainfo: statusOf({ IDLE: 100 }) }),
      ["m: the status of a Drivable should have a code for BUSY (300 to 389)"],
    ],
    [
      "a last interface class nobody knows",
      problemsOf({ interface_classes: ["Drivable", "Magnet"] }),
      ["m: the last interface class should be a known one, not Magnet"],
    ],
    [
      "an interval that is none",
      withAccessible("target_limits", par(double)),
      ["m:target_limits: it should be a tuple of two numbers"],
    ],
    [
      "limits given twice",
      problemsOf({
        accessibles: {
          ...m.accessibles,
          target_limits: par({ type: "tuple", members: [double, double] }),
          target_min: par(double),
        },
      }),
      ["m:target: target_limits and target_min or target_max exclude each other"],
    ],
    [
      "a limit of another type",
      withAccessible("target_max", { datainfo: { type: "int", min: 0, max: 1 } }),
      ["m:target_max: it should be of type double, like the parameter that it limits"],
    ],
    [
      "a postfix of nothing",
      withAccessible("speed_max", { datainfo: double }),
      ['m:speed_max: the name is not predefined, so it should begin with "_"'],
    ],
    ["a ramp that cannot be set", withAccessible("ramp", { datainfo: double }), ["m:ramp: it should be changeable"]],
    [
      "a setpoint that can be set",
      withAccessible("setpoint", { datainfo: double, readonly: false }),
      ["m:setpoint: it should be read-only"],
    ],
    [
      "controlled_by without self",
      withAccessible("controlled_by", { datainfo: { type: "enum", members: { m: 0 } } }),
      ["m:controlled_by: it should be an enum in which self is 0"],
    ],
    ["a command that is a parameter", withAccessible("go", { datainfo: double }), ["m:go: it should be a command"]],
    [
      "a stop with an argument",
      problemsOf({
        accessibles: { ...m.accessibles, stop: { description: "s", datainfo: { type: "command", argument: double } } },
      }),
      ["m:stop: it should take no argument and give no result"],
    ],
    [
      "channels that are none",
      problemsOfTwo(
        {
          interface_classes: ["AcquisitionController"],
          acquisition_channels: { t: "n" },
          accessibles: { ...m.accessibles, go: m.accessibles.stop },
        },
        {},
      ),
      ["m: the acquisition channel t is not an AcquisitionChannel: n"],
    ],
    [
      "a channel that is not said to be a Readable",
      problemsOf({ interface_classes: ["AcquisitionChannel"] }),
      ["m: the last interface class of an AcquisitionChannel should be Readable"],
    ],
    [
      "a system named as a module",
      problemsOf({}, { systems: { M: { description: "d", system: "s", modules: {} } } }),
      ["system M: a module has the same name"],
    ],
    ["a schema that is not a URL", problemsOf({}, { schemata: ["x"] }), ['schemata: "x" is not a URL']],
    ["a timeout that is none", problemsOf({}, { timeout: 0 }), ["timeout is not positive"]],
  ];

  for (const [what, problems, expected] of CASES) {
    it(`reports ${what}`, () => expect(problems).to.deep.equal(expected));
  }
});

function statusOf(members: object): object {
  return { type: "tuple", members: [{ type: "enum", members }, { type: "string" }] };
}

/** The module `types` of the default node: a parameter of every datainfo of SECoP 1.x. */

import type { CommandDefinition, JsonObject, ModuleDefinition, ParameterDefinition } from "../node/moduleDefinition";
import { POLL_INTERVAL, statusParameter } from "./standardParameters";

const POINT: JsonObject = {
  type: "struct",
  members: {
    position: {
      type: "struct",
      members: {
        x: { type: "double", unit: "mm" },
        y: { type: "double", unit: "mm" },
        z: { type: "double", unit: "mm" },
      },
      optional: ["z"],
    },
    state: { type: "enum", members: { "not there": 2, "Low Energy": 0, "+1 mm": 1 } },
    range: { type: "tuple", members: [{ type: "int", min: 0, max: 9 }, { type: "string" }] },
  },
};

/** A Readable for tests of clients and displays. Its writable parameters keep what they are given. */
export function typesModule(): ModuleDefinition {
  return {
    description: "One parameter of every datainfo of SECoP 1. Writables keep what they are given.",
    interface_classes: ["Readable"],
    properties: { implementation: "secop_lab.sim.Types", visibility: "expert" },
    parameters: {
      value: { description: "a number", datainfo: { type: "double" }, initial: 1.5 },
      status: statusParameter("IDLE", "WARN", "ERROR"),
      ...SIMPLE,
      ...COMPOSITE,
      _constant: { description: "a constant", datainfo: { type: "double", unit: "m/s" }, constant: 299792458 },
      pollinterval: POLL_INTERVAL,
    },
    commands: COMMANDS,
  };
}

const writable = (description: string, datainfo: JsonObject, initial?: unknown): ParameterDefinition => ({
  description,
  datainfo,
  readonly: false,
  ...(initial === undefined ? {} : { initial }),
});

const SIMPLE: Readonly<Record<string, ParameterDefinition>> = {
  _double: writable("double with limits and resolution", {
    type: "double",
    unit: "K",
    min: 0,
    max: 325,
    absolute_resolution: 0.001,
    fmtstr: "%.3f",
  }),
  _scaled: writable("scaled by 0.1", { type: "scaled", scale: 0.1, min: 0, max: 2500, unit: "mbar" }),
  _int: writable("integer", { type: "int", min: -100, max: 100 }),
  _int64: writable("integer beyond 2^53", { type: "int", min: -(2 ** 62), max: 2 ** 62 }),
  _bool: writable("boolean", { type: "bool" }),
  _enum: writable("enum", { type: "enum", members: { off: 0, on: 1, "6.32mOhm": 7, "-1 V": 8 } }),
  _string: writable("ASCII text", { type: "string", minchars: 0, maxchars: 20 }),
  _text: writable("any text", { type: "string", maxchars: 40, isUTF8: true }, "Ångström µ 日本語 😀"),
  _blob: writable("bytes", { type: "blob", minbytes: 0, maxbytes: 64 }, new Uint8Array([0, 127, 255])),
};

const COMPOSITE: Readonly<Record<string, ParameterDefinition>> = {
  _doubles: writable(
    "array of doubles",
    {
      type: "array",
      members: { type: "double", unit: "V" },
      minlen: 0,
      maxlen: 100,
    },
    new Float64Array([0.5, 1, 1.5]),
  ),
  _ints: writable(
    "array of integers",
    { type: "array", members: { type: "int", min: 0, max: 255 }, maxlen: 16 },
    [1, 2, 255],
  ),
  _strings: writable("array of strings", { type: "array", members: { type: "string", maxchars: 16 }, maxlen: 8 }, [
    "one",
    "two",
  ]),
  _matrix2: writable(
    "array of arrays",
    {
      type: "array",
      members: { type: "array", members: { type: "double" }, maxlen: 4 },
      maxlen: 4,
    },
    [
      [1, 0],
      [0, 1],
    ],
  ),
  _tuple: writable("tuple", {
    type: "tuple",
    members: [{ type: "double", unit: "K" }, { type: "bool" }, { type: "enum", members: { a: 0, b: 1 } }],
  }),
  _struct: writable("struct with an optional member", {
    type: "struct",
    members: { name: { type: "string" }, count: { type: "int", min: 0, max: 1000 } },
    optional: ["count"],
  }),
  _nested: writable("struct of structs and tuples", POINT),
  _points: writable("array of structs", { type: "array", members: POINT, maxlen: 4 }),
};

const COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  _echo: {
    description: "Give back what was given.",
    argument: POINT,
    result: POINT,
    run: (value: unknown) => value,
  },
  _add: {
    description: "The sum of two numbers.",
    argument: { type: "tuple", members: [{ type: "double" }, { type: "double" }] },
    result: { type: "double" },
    run: ([a, b]: [number, number]) => a + b,
  },
  _nothing: { description: "Do nothing, give nothing." },
};

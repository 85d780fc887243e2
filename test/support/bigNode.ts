/** The description of a made-up node of any size, with every kind of accessible. */

const WORDS =
  "regulation target temperature pressure main sample stage heater needle valve flow setpoint limit ramp field coil".split(
    " ",
  );

/** `shapes` is the number of modules that differ from each other. The others repeat them. */
export function bigNode(modules: number, accessibles: number, shapes = modules): object {
  const word = (n: number) => WORDS[n % WORDS.length];
  const module = (n: number) => {
    const shape = n % shapes;
    const members: Record<string, object> = {
      value: parameter(`value of shape ${shape}`, { type: "double", unit: "K", min: 0, max: 300 + shape }),
      status: parameter("status", STATUS),
      target: { ...parameter("target", { type: "double", unit: "K", min: 0, max: 300 + shape }), readonly: false },
    };
    for (let k = 3; k < accessibles; k += 1) {
      const description = `${word(k)} ${word(k * 7 + shape)} of the ${word(shape)}, number ${k}`;
      members[`_${word(k)}_${word(k * 3)}${k}`] = {
        description,
        ...KINDS[(k * 37 + shape * 11) % KINDS.length],
        readonly: k % 5 === 0,
      };
    }
    return {
      description: `module ${n}`,
      interface_classes: ["Drivable"],
      implementation: `lab.Shape${shape}`,
      accessibles: members,
    };
  };
  return {
    equipment_id: "big.example",
    description: `${modules} modules of ${accessibles} accessibles`,
    modules: Object.fromEntries(Array.from({ length: modules }, (_, n) => [`mod${n}`, module(n)])),
  };
}

const parameter = (description: string, datainfo: object) => ({ description, datainfo, readonly: true });

const STATUS = {
  type: "tuple",
  members: [{ type: "enum", members: { IDLE: 100, WARN: 200, BUSY: 300, ERROR: 400 } }, { type: "string" }],
};

const double = { type: "double", unit: "mbar", min: 0, max: 1000, fmtstr: "%.3f" };
const struct = {
  type: "struct",
  members: {
    p: { type: "double" },
    i: { type: "double" },
    count: { type: "int", min: 0, max: 9 },
    mode: { type: "string" },
  },
  optional: ["i"],
};

/** Kinds of accessibles. Half of them are doubles, as in real nodes. */
const KINDS: readonly { readonly datainfo: object }[] = [
  ...Array.from({ length: 10 }, () => ({ datainfo: double })),
  { datainfo: { type: "enum", members: { off: 0, ramp: 1, pid: 2, openloop: 3 } } },
  { datainfo: { type: "enum", members: { closed: 0, open: 1 } } },
  { datainfo: struct },
  { datainfo: struct },
  { datainfo: { type: "array", maxlen: 100, members: { type: "double", unit: "K" } } },
  { datainfo: { type: "array", maxlen: 100, members: { type: "int", min: 0, max: 99 } } },
  { datainfo: { type: "int", min: 0, max: 100 } },
  { datainfo: { type: "int", min: 0, max: 100 } },
  { datainfo: { type: "tuple", members: [{ type: "double" }, { type: "int", min: 0, max: 9 }, { type: "string" }] } },
  { datainfo: { type: "command", argument: struct, result: { type: "double" } } },
];

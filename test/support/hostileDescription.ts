/** Descriptions of nodes with text that tries to run as code, made by fast-check. */

import fc from "fast-check";

/** Texts that could break out of a string, a comment or an identifier. */
const NASTY = [
  ...["constructor", "__proto__", "prototype", "then", "toString", "name", "read", "set", "class", "default", "", " "],
  ...[
    "*/",
    "*/ process.exit(1) /*",
    "/**",
    "//",
    "`$" + "{process.exit(1)}`",
    "'",
    '"',
    "\\",
    "\\'",
    "\n",
    "\r\n",
    "\u2028",
    "\u2029",
  ],
  ...["\u0000", "\u202e", "\ufeff", "\ud800", "😀", "@deprecated", "a @see {@link x}", "<img src=x onerror=alert(1)>"],
  ...[
    "'); process.exit(1); ('",
    '"); process.exit(1); ("',
    "// </secop-lab generated>",
    "\n// </secop-lab generated>\nprocess.exit(1)",
  ],
  ...[
    "../x",
    "1",
    "Object",
    "TestNode",
    "SignalR",
    "ModuleDevice",
    "exports",
    "Cryo",
    "Cryo_",
    "value",
    "status",
    "target",
    "stop",
    "communicate",
  ],
];

/** A text that may be one of these, or any other. */
export const text = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ maxLength: 12 }),
);

const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(2 ** 60, -(2 ** 60)));

const { datainfo } = fc.letrec<{ datainfo: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.record(
      { type: fc.constantFrom("double", "int"), min: number, max: number, unit: text, fmtstr: text },
      { requiredKeys: ["type"] },
    ),
    fc.record({ type: fc.constant("scaled"), scale: fc.constantFrom(0.1, -1, "x"), min: number, max: number }),
    fc.record({ type: fc.constantFrom("bool", "string", "blob", "matrix", "hologram") }),
    fc.record({ type: fc.constant("enum"), members: fc.dictionary(text, fc.oneof(fc.integer(), text)) }),
    fc.record({
      type: fc.constant("matrix"),
      names: fc.constant(["x"]),
      maxlen: fc.constant([3]),
      elementtype: fc.constantFrom("<f4", "<u8", ">i1", "process"),
    }),
    fc.jsonValue({ maxDepth: 2 }),
  ),
  datainfo: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    tie("leaf"),
    fc.record({ type: fc.constant("array"), members: tie("datainfo"), maxlen: number }),
    fc.record({ type: fc.constant("tuple"), members: fc.array(tie("datainfo"), { maxLength: 3 }) }),
    fc.record({
      type: fc.constant("struct"),
      members: fc.dictionary(text, tie("datainfo"), { maxKeys: 4 }),
      optional: fc.array(text, { maxLength: 2 }),
    }),
  ),
}));

const accessible = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(
      {
        description: text,
        datainfo,
        readonly: fc.boolean(),
        constant: fc.jsonValue({ maxDepth: 1 }),
        _signal_format: text,
      },
      { requiredKeys: ["datainfo"] },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      description: text,
      datainfo: fc.record(
        { type: fc.constant("command"), argument: datainfo, result: datainfo },
        { requiredKeys: ["type"] },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
);

const classes = fc.array(
  fc.oneof(
    fc.constantFrom(
      "Readable",
      "Writable",
      "Drivable",
      "Communicator",
      "AcquisitionController",
      "Acquisition",
      "AcquisitionChannel",
    ),
    text,
  ),
  { maxLength: 3 },
);

const module = fc.record(
  {
    description: text,
    interface_classes: classes,
    implementation: text,
    features: fc.array(text),
    accessibles: fc.dictionary(text, accessible, { maxKeys: 6 }),
  },
  { requiredKeys: ["accessibles"] },
);

/** The JSON value of the answer to `describe`, of which some parts are valid. */
export const hostileDescription = fc.record({
  equipment_id: text,
  description: text,
  modules: fc.dictionary(text, module, { minKeys: 1, maxKeys: 4 }),
});

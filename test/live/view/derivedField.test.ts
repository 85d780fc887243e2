import { expect } from "chai";
import fc from "fast-check";
import { derivedField } from "../../../lib/live/view/derivedField";
import { type ComputedField, type FieldSource, fieldsOf } from "../../../lib/live/view/fieldSource";
import { isScalarNumber, isState, valueIn } from "../../../lib/live/view/streamFields";
import { testRun } from "../../support/runDocuments";

const struct = JSON.stringify({
  type: "struct",
  members: {
    sp: { type: "double", unit: "K", fmtstr: "%.2f" },
    mode: { type: "enum", members: { off: 0, on: 1 } },
    inner: { type: "tuple", members: [{ type: "int", unit: "counts" }, { type: "bool" }] },
    blob: { type: "blob", maxbytes: 9 },
  },
});
const status = JSON.stringify({
  type: "tuple",
  members: [{ type: "enum", members: { IDLE: 100, BUSY: 300 } }, { type: "string" }],
});
const { descriptor } = testRun({
  det: { units: "counts" },
  mon: { units: "counts" },
  "det-2": { units: "counts" },
  time: { units: "s" },
  pid: { dtype: "array", shape: [], SECOP_datainfo: struct },
  status: { dtype: "array", shape: [], SECOP_datainfo: status },
});
const data = {
  det: 8,
  mon: 4,
  "det-2": 3,
  time: 2,
  pid: { sp: 4.5, mode: "on", inner: [7, true] },
  status: ["BUSY", "ramping"],
};

const valuesOf = (source: FieldSource): unknown[] => fieldsOf(source, descriptor).map((field) => valueIn(field, data));
const unitsOf = (source: FieldSource): unknown[] => fieldsOf(source, descriptor).map(({ units }) => units);

describe("fields that are computed", () => {
  it("are ratios, sums and functions of fields, with their units where those follow", () => {
    expect(valuesOf("det / mon")).to.deep.equal([2]);
    expect(unitsOf("det / mon")).to.deep.equal([undefined]);
    expect(unitsOf("det / time")).to.deep.equal(["counts/s"]);
    expect(unitsOf("det - mon")).to.deep.equal(["counts"]);
    expect(valuesOf("(det + mon) / 2 * -1")).to.deep.equal([-6]);
    expect(valuesOf("2^3^2 + 0 * det")).to.deep.equal([512]);
    expect(valuesOf("sqrt(mon) + max(det, mon, 1)")).to.deep.equal([10]);
    expect(valuesOf("pid.sp * 2")).to.deep.equal([9]);
  });

  it("take the longest name of a field, so that a name may contain a minus", () => {
    expect(valuesOf("det-2 / 3")).to.deep.equal([1]);
    expect(valuesOf("det - 2")).to.deep.equal([6]);
  });

  it("are no code: what is not an expression of fields is no field", () => {
    for (const text of [
      "process.exit()",
      "det / nothing",
      "det /",
      "(det",
      "eval(det)",
      "constructor(det)",
      "1 + 1",
      "det;mon",
      "",
    ])
      expect(fieldsOf(text, descriptor), text).to.deep.equal([]);
    expect(derivedField("(".repeat(400), [])).to.equal(undefined);
  });

  it("say what JavaScript says about the same numbers", () => {
    const number = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        number,
        number,
        fc.constantFrom("+", "-", "*", "/"),
        fc.constantFrom("+", "-", "*", "/"),
        (a, b, one, two) => {
          const text = `x ${one} y ${two} (x - 3)`;
          const field = derivedField(text, [
            { key: "x", units: undefined, precision: undefined, dtype: "number" },
            { key: "y", units: undefined, precision: undefined, dtype: "number" },
          ]);
          const expected = new Function("x", "y", `return ${text}`)(a, b);
          expect(field && valueIn(field, { x: a, y: b })).to.deep.equal(expected);
        },
      ),
    );
  });

  it("are functions of the values of an event, and of a failing one only the values are missing", () => {
    const ratio: ComputedField = {
      name: "ratio",
      units: "1",
      value: ({ det, mon }) => (det as number) / (mon as number),
    };
    expect(valuesOf(ratio)).to.deep.equal([2]);
    expect(unitsOf(ratio)).to.deep.equal(["1"]);
    const [field] = fieldsOf(function half(row) {
      return (row.det as number) / 2;
    }, descriptor);
    expect([field?.key, field && valueIn(field, data)]).to.deep.equal(["half", 4]);
  });
});

describe("members of structs and tuples", () => {
  it("are fields with their units and types, also those further inside", () => {
    const fields = fieldsOf("pid", descriptor);
    expect(fields.map(({ key, units, dtype }) => [key, units, dtype])).to.deep.equal([
      ["pid.sp", "K", "number"],
      ["pid.mode", undefined, "string"],
      ["pid.inner.0", "counts", "integer"],
      ["pid.inner.1", undefined, "boolean"],
    ]);
    expect(valuesOf("pid")).to.deep.equal([4.5, "on", 7, true]);
    expect(valuesOf("pid.inner")).to.deep.equal([7, true]);
    expect(fields.map((field) => [isScalarNumber(field, descriptor), isState(field, descriptor)])).to.deep.equal([
      [true, false],
      [false, true],
      [true, false],
      [false, true],
    ]);
  });

  it("are one field of words for a status", () => {
    const [field, ...others] = fieldsOf("status", descriptor);
    expect(others).to.deep.equal([]);
    expect(field && [isState(field, descriptor), valueIn(field, data)]).to.deep.equal([true, "BUSY: ramping"]);
  });

  it("are missing where a value is not what the node described", () => {
    for (const pid of [null, 5, "text", [], { sp: null }, { constructor: 1 }])
      expect(fieldsOf("pid.inner", descriptor).map((field) => valueIn(field, { pid }))).to.deep.equal([
        undefined,
        undefined,
      ]);
  });
});

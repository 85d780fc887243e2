import { expect } from "chai";
import { dataKeyFor, fieldsFor } from "../../../lib/devices/module/dataKey";
import { parseDatainfo } from "../../../lib/secop/values/datainfo";

const keyOf = (json: unknown, mainUnit?: string) => {
  const { SECOP_datainfo: _, ...key } = dataKeyFor(parseDatainfo(json), mainUnit);
  return key;
};

describe("dataKeyFor", () => {
  it("has unit, digits and limits of numbers", () => {
    expect(keyOf({ type: "double", min: 0, max: 325, unit: "K", fmtstr: "%.3f" })).to.deep.equal({
      dtype: "number",
      dtype_numpy: "<f8",
      shape: [],
      units: "K",
      precision: 3,
      limits: { control: { low: 0, high: 325 } },
    });
    expect(keyOf({ type: "scaled", scale: 0.01, min: -500, max: 500 })).to.deep.include({
      precision: 2,
      limits: { control: { low: -5, high: 5 } },
    });
    expect(keyOf({ type: "int", min: 0, max: 9 })).to.deep.include({ dtype: "integer", dtype_numpy: "<i8" });
  });

  it("omits empty units and infinite limits", () => {
    expect(keyOf({ type: "double", min: -1.7976931348623157e308, fmtstr: "%g" })).to.deep.equal({
      dtype: "number",
      dtype_numpy: "<f8",
      shape: [],
    });
  });

  it("replaces $ by the main unit", () => {
    expect(keyOf({ type: "double", unit: "$/min" }, "T").units).to.equal("T/min");
  });

  it("has the choices of an enum and the length of a string", () => {
    expect(keyOf({ type: "enum", members: { off: 0, stabilised: 1 } })).to.deep.equal({
      dtype: "string",
      dtype_numpy: "|S10",
      shape: [],
      choices: ["off", "stabilised"],
    });
    expect(keyOf({ type: "string", maxchars: 8 }).dtype_numpy).to.equal("|S8");
  });

  it("has the shape of an array, with null where the length may vary", () => {
    const row = { type: "array", minlen: 3, maxlen: 3, members: { type: "double" } };
    expect(keyOf({ type: "array", maxlen: 9, members: row })).to.deep.equal({
      dtype: "array",
      dtype_numpy: "<f8",
      shape: [null, 3],
    });
    expect(keyOf({ type: "blob", maxbytes: 9 })).to.deep.equal({ dtype: "array", dtype_numpy: "|u1", shape: [null] });
    const matrix = { type: "matrix", names: ["x", "y"], maxlen: [4, 5], elementtype: "<u2" };
    expect(keyOf(matrix)).to.deep.equal({ dtype: "array", dtype_numpy: "<u2", shape: [null, null] });
  });

  it("describes structs as numpy's structured types, and their fields", () => {
    const struct = {
      type: "struct",
      members: { p: { type: "double", unit: "K" }, n: { type: "int", min: 0, max: 1 } },
    };
    expect(keyOf(struct)).to.deep.equal({
      dtype: "array",
      shape: [],
      dtype_numpy: [
        ["p", "<f8"],
        ["n", "<i8"],
      ],
    });
    const fields = fieldsFor("x", parseDatainfo(struct), "");
    expect([...(fields ?? [])].map(([name, { dataKey }]) => [name, dataKey.units])).to.deep.equal([
      ["p", "K"],
      ["n", undefined],
    ]);
  });

  it("has the datainfo as JSON", () => {
    const json = { type: "double", unit: "K" };
    expect(JSON.parse(dataKeyFor(parseDatainfo(json)).SECOP_datainfo ?? "")).to.deep.equal(json);
  });
});

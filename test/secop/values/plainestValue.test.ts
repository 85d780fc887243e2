import { expect } from "chai";
import fc from "fast-check";
import { codecFor } from "../../../lib/secop/values/codecFor";
import { parseDatainfo } from "../../../lib/secop/values/datainfo";
import { plainestValue } from "../../../lib/secop/values/plainestValue";

describe("the plainest value", () => {
  it("is one that its datainfo allows", () => {
    const { value } = fc.letrec<{ value: { type: string }; leaf: { type: string } }>((tie) => ({
      leaf: fc.oneof(
        fc.record({ type: fc.constant("double"), min: fc.integer({ max: 5 }), max: fc.integer({ min: 6 }) }),
        fc.record({ type: fc.constant("int"), min: fc.integer({ max: 5 }), max: fc.integer({ min: 6 }) }),
        fc.constant({ type: "scaled", scale: 0.1, min: 5, max: 70 }),
        fc.constant({ type: "bool" }),
        fc.constant({ type: "enum", members: { a: 4, b: 7 } }),
        fc.record({ type: fc.constant("string"), minchars: fc.nat(5) }),
        fc.record({ type: fc.constant("blob"), minbytes: fc.nat(5), maxbytes: fc.constant(9) }),
        fc.constant({ type: "matrix", names: ["x"], maxlen: [3], elementtype: "<i2" }),
      ),
      value: fc.oneof(
        { maxDepth: 4 },
        tie("leaf"),
        fc.record({ type: fc.constant("array"), members: tie("value"), minlen: fc.nat(3), maxlen: fc.constant(5) }),
        fc.record({ type: fc.constant("tuple"), members: fc.array(tie("value"), { maxLength: 3 }) }),
        fc.record({ type: fc.constant("struct"), members: fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }) }),
      ),
    }));
    fc.assert(
      fc.property(value, (json) => {
        const info = parseDatainfo(json);
        const codec = codecFor(info);
        expect(() => codec.encode(plainestValue(info))).not.to.throw();
      }),
    );
  });

  it("is 0 or nearest to it, the first choice, the shortest text", () => {
    const values = [
      [{ type: "double", min: 5, max: 9 }, 5],
      [{ type: "double", max: -3 }, -3],
      [{ type: "scaled", scale: 0.1, min: 20, max: 30 }, 2],
      [{ type: "int", min: -9, max: -2 }, -2],
      [{ type: "enum", members: { b: 4, a: 7 } }, "b"],
      [{ type: "string", minchars: 2 }, "  "],
      [{ type: "blob", minbytes: 3, maxbytes: 9 }, new Uint8Array(3)],
      [{ type: "array", minlen: 2, maxlen: 4, members: { type: "double", min: 1 } }, new Float64Array([1, 1])],
      [{ type: "tuple", members: [{ type: "bool" }, { type: "string" }] }, [false, ""]],
      [{ type: "struct", members: { a: { type: "int", min: 1, max: 2 } } }, { a: 1 }],
      [
        { type: "matrix", names: ["x", "y"], maxlen: [3, 0], elementtype: "<i2" },
        { shape: [0, 1], data: new Int16Array(0) },
      ],
    ] as const;
    for (const [json, value] of values) expect(plainestValue(parseDatainfo(json)), json.type).to.deep.equal(value);
  });

  it("stays small where a node demands more than fits into memory", () => {
    const long = { minlen: 5e9, maxlen: 6e9 };
    const double = { type: "double" };
    const nested = { type: "array", members: { type: "array", members: double, ...long }, ...long };
    const elements = (json: object) => (plainestValue(parseDatainfo(json)) as ArrayLike<unknown>).length;
    expect(elements({ type: "array", members: double, ...long })).to.equal(100_000);
    expect(elements(nested)).to.equal(100_000);
    expect(elements({ type: "string", minchars: 5e9 })).to.equal(100_000);
    expect(elements({ type: "blob", minbytes: 5e9, maxbytes: 6e9 })).to.equal(100_000);
    expect(elements({ type: "array", members: double, minlen: Number.POSITIVE_INFINITY })).to.equal(100_000);
  });
});

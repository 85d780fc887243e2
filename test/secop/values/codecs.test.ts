import { Buffer } from "node:buffer";
import { expect } from "chai";
import fc from "fast-check";
import { SecopError, SecopRangeError, WrongTypeError } from "../../../lib/errors";
import { formatJson, parseJson } from "../../../lib/json";
import { codecFor, type Matrix } from "../../../lib/secop/values/codecFor";
import { parseDatainfo } from "../../../lib/secop/values/datainfo";
import { hostileJson, typedValue } from "../../support/arbitraryValues";
import { CASES_TIMEOUT_MS, cases } from "../../support/fuzz";

const codec = (json: unknown) => codecFor(parseDatainfo(json));
const viaWire = (json: unknown, value: unknown) => {
  const c = codec(json);
  return c.decode(parseJson(formatJson(c.encode(value))));
};

describe("codecs", () => {
  it("give every value back that fits its datainfo", () => {
    fc.assert(
      fc.property(typedValue, ({ json, value }) => {
        expect(viaWire(json, value)).to.deep.equal(value);
      }),
      cases(2000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("either convert or throw a SecopError, whatever they are given", () => {
    fc.assert(
      fc.property(hostileJson, typedValue, hostileJson, (hostileInfo, { json }, value) => {
        for (const c of [codec(hostileInfo), codec(json)]) {
          for (const convert of [c.decode, c.encode]) {
            try {
              convert(value);
            } catch (error) {
              expect(error).to.be.instanceOf(SecopError);
            }
          }
        }
        expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
      }),
      cases(3000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("never send what is outside the limits", () => {
    const limits = fc.tuple(fc.integer(), fc.integer()).map(([a, b]) => (a < b ? [a, b] : [b, a]) as [number, number]);
    fc.assert(
      fc.property(limits, fc.double(), ([min, max], value) => {
        for (const type of ["double", "int", "scaled"]) {
          try {
            expect(codec({ type, min, max, scale: 0.5 }).encode(value)).to.be.within(min, max);
          } catch (error) {
            expect(error).to.be.instanceOf(SecopError);
          }
        }
      }),
    );
  });

  it("name the limits with their unit", () => {
    const info = { type: "double", min: 0, max: 325, unit: "K" };
    expect(() => codec(info).encode(400)).to.throw(SecopRangeError, "the node allows 0 K to 325 K");
    expect(() => codec({ type: "double", min: 0 }).encode(-1)).to.throw(SecopRangeError, "the node allows at least 0");
    expect(() => codec({ type: "scaled", scale: 0.1, min: 0, max: 2500, unit: "K" }).encode(251)).to.throw(
      SecopRangeError,
      "the node allows 0 K to 250 K",
    );
  });

  it("name the place inside a value", () => {
    const info = {
      type: "struct",
      members: { pos: { type: "array", maxlen: 3, members: { type: "int", min: 0, max: 9 } } },
    };
    expect(() => codec(info).encode({ pos: [1, 2, 12] })).to.throw(SecopRangeError, "pos[2]: the node allows 0 to 9");
    expect(() => codec(info).decode({ pos: [1, "x"] })).to.throw(WrongTypeError, 'pos[1]: "x" is not an integer');
    expect(() => codec(info).encode({ pos: [1, 2, 3, 4] })).to.throw(
      SecopRangeError,
      "pos: the node allows 0 elements to 3 elements",
    );
    expect(() => codec(info).encode({})).to.throw(WrongTypeError, 'the member "pos" is missing');
    expect(() => codec(info).encode({ pos: [], extra: 1 })).to.throw(
      WrongTypeError,
      'the member "extra" is not one of pos',
    );
  });

  describe("double", () => {
    it("sends the limit for what lies beyond it by less than the resolution", () => {
      expect(codec({ type: "double", max: 0.3 }).encode(0.1 + 0.2)).to.equal(0.3);
      expect(codec({ type: "double", min: 0, absolute_resolution: 0.1 }).encode(-0.05)).to.equal(0);
    });

    it("sends finite numbers only but receives any", () => {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "1", null, true, 1n]) {
        expect(() => codec({ type: "double" }).encode(value)).to.throw(WrongTypeError);
      }
      expect(codec({ type: "double", max: 10 }).decode(99.5)).to.equal(99.5);
      expect(codec({ type: "double" }).decode(Number.NaN)).to.be.NaN;
      expect(() => codec({ type: "double" }).decode(null)).to.throw(WrongTypeError, "null is not a number");
    });
  });

  describe("scaled", () => {
    const scaled = codec({ type: "scaled", scale: 0.1, min: 0, max: 2500 });

    it("sends the nearest integer and receives the physical number without noise", () => {
      expect(scaled.encode(12.7)).to.equal(127);
      expect(scaled.encode(12.76)).to.equal(128);
      expect(scaled.decode(12)).to.equal(1.2);
      expect(codec({ type: "scaled", scale: 0.003 }).decode(41)).to.equal(0.123);
      expect(codec({ type: "scaled", scale: 2.5e-7 }).decode(3)).to.equal(7.5e-7);
      expect(codec({ type: "scaled", scale: 1 / 3 }).decode(3)).to.equal(1);
      expect(codec({ type: "scaled", scale: Math.PI }).decode(2)).to.equal(2 * Math.PI);
    });
  });

  describe("int", () => {
    it("takes 5.0 but no fraction", () => {
      const int = codec({ type: "int", min: -5, max: 5 });
      expect(int.encode(5.0)).to.equal(5);
      expect(() => int.encode(4.5)).to.throw(WrongTypeError, "4.5 is not an integer");
      expect(int.decode(99)).to.equal(99);
    });

    it("never loses a digit beyond 2^53 silently", () => {
      const json = { type: "int", min: -(2 ** 62), max: 2 ** 62 };
      expect(viaWire(json, 2n ** 60n + 1n)).to.equal(2n ** 60n + 1n);
      expect(() => codec(json).encode(2 ** 60)).to.throw(WrongTypeError, "write it as a bigint, 1152921504606846976n");
      expect(viaWire({ type: "array", maxlen: 2, members: json }, [1, 2n ** 60n + 1n])).to.deep.equal([
        1,
        2n ** 60n + 1n,
      ]);
      const narrow = codec({ type: "array", maxlen: 2, members: { type: "int", min: 0, max: 9 } });
      expect(narrow.decode([1, 2n ** 60n])).to.deep.equal([1, 2n ** 60n]);
      expect(narrow.decode([1, 2 ** 40])).to.deep.equal(Float64Array.of(1, 2 ** 40));
      expect(narrow.decode([1, 2])).to.deep.equal(Int32Array.of(1, 2));
    });
  });

  describe("enum", () => {
    const mode = codec({ type: "enum", members: { off: 0, "+1": 1, "Low Energy": 7 } });

    it("sends by name or code and receives names", () => {
      expect(mode.encode("+1")).to.equal(1);
      expect(mode.encode(7)).to.equal(7);
      expect(mode.decode(7)).to.equal("Low Energy");
      expect(mode.decode("off")).to.equal("off");
      expect(() => mode.encode("on")).to.throw(SecopRangeError, '"on" is not one of off, +1, Low Energy');
      expect(() => mode.encode("toString")).to.throw(SecopRangeError);
    });

    it("names the choices in its error; of many, the first ones and the one probably meant", () => {
      const refusal = (members: Record<string, number>, value: unknown) => {
        try {
          return codec({ type: "enum", members }).encode(value);
        } catch (error) {
          return (error as Error).message;
        }
      };
      const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`gain${i}`, i]));
      expect(refusal(many, "gian1999")).to.match(
        /^"gian1999" is not one of gain0, .*, gain19 \.\.\. \(2000 in all\), did you mean "gain1999"\?$/,
      );
      expect(refusal({}, "on")).to.equal('"on" is not possible, there are no members');
      expect(refusal({ "\x1b[2J": 1 }, "on")).to.equal('"on" is not one of \\x1b[2J');
      expect(refusal({ on: 1 }, true)).to.equal("true is not one of on: write a name");
    });

    it("receives a code without a name as its text", () => {
      expect(mode.decode(376)).to.equal("376");
    });
  });

  describe("string", () => {
    it("counts code points", () => {
      const text = codec({ type: "string", maxchars: 2, isUTF8: true });
      expect(text.encode("😀😀")).to.equal("😀😀");
      expect(() => text.encode("abc")).to.throw(
        SecopRangeError,
        "the node allows 0 characters to 2 characters, this has 3",
      );
    });

    it("is ASCII unless the node allows more", () => {
      expect(() => codec({ type: "string" }).encode("ä")).to.throw(WrongTypeError, "not ASCII");
      expect(() => codec({ type: "string" }).encode("a\0")).to.throw(WrongTypeError, "NUL");
      expect(codec({ type: "string" }).decode("ä")).to.equal("ä");
    });
  });

  describe("blob", () => {
    it("refuses a text that is not base64", () => {
      const blob = codec({ type: "blob", maxbytes: 9 });
      expect(blob.decode("AAEC")).to.deep.equal(Uint8Array.of(0, 1, 2));
      expect(blob.decode("AAE")).to.deep.equal(Uint8Array.of(0, 1));
      for (const bad of ["!!", "AA!A", "A", "AAAA=", "AAA!A", "=AAA", "AA AA", 5, null]) {
        expect(() => blob.decode(bad), String(bad)).to.throw(WrongTypeError);
      }
      fc.assert(
        fc.property(fc.uint8Array(), (bytes) => {
          expect(blob.decode(Buffer.from(bytes).toString("base64"))).to.deep.equal(bytes);
        }),
      );
    });
  });

  describe("struct", () => {
    const info = { type: "struct", members: { a: { type: "bool" }, b: { type: "bool" } }, optional: ["b"] };

    it("may lack optional members only", () => {
      expect(codec(info).encode({ a: true })).to.deep.equal({ a: true });
      expect(codec(info).decode({ a: true })).to.deep.equal({ a: true });
      expect(() => codec(info).encode({ b: true })).to.throw(WrongTypeError, 'the member "a" is missing');
      expect(() => codec({ ...info, optional: undefined }).encode({ a: true })).to.throw(WrongTypeError);
    });
  });

  describe("matrix", () => {
    const kinds = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"];
    const info = (elementtype: string) => ({ type: "matrix", names: ["x", "y"], maxlen: [4, 3], elementtype });

    it("keeps elements and shape in every element type and byte order", () => {
      for (const kind of kinds) {
        for (const order of ["<", ">"]) {
          const data = [0, 1, 2, 3, 4, 5].map((n) => (kind.endsWith("8") && !kind.startsWith("f") ? BigInt(n) : n));
          const matrix = viaWire(info(order + kind), { shape: [2, 3], data }) as Matrix;
          expect(matrix.shape).to.deep.equal([2, 3]);
          expect(Array.from(matrix.data as ArrayLike<unknown>), kind).to.deep.equal(data);
        }
      }
    });

    it("has the first dimension of the wire vary fastest", () => {
      const matrix = codec(info(">i2")).decode({ len: [3, 2], blob: "AAEAAgADAAQABQAG" }) as Matrix;
      expect(matrix).to.deep.equal({ shape: [2, 3], data: Int16Array.of(1, 2, 3, 4, 5, 6) });
    });

    it("rounds 2-byte floats like the hardware does", () => {
      const halves = [0, -0, 1, -2.5, 65504, 2 ** -24, 2 ** -14, 1 / 3, 2049, Number.POSITIVE_INFINITY, 1e6];
      const expected = [
        0,
        -0,
        1,
        -2.5,
        65504,
        2 ** -24,
        2 ** -14,
        0.333251953125,
        2048,
        Number.POSITIVE_INFINITY,
        Number.POSITIVE_INFINITY,
      ];
      const wide = { ...info("<f2"), names: ["x"], maxlen: [20] };
      expect(Array.from((viaWire(wide, { shape: [11], data: halves }) as Matrix).data as Float32Array)).to.deep.equal(
        expected,
      );
    });

    it("refuses what does not fit", () => {
      const c = codec(info("<u1"));
      expect(() => c.encode({ shape: [1, 5], data: [0, 0, 0, 0, 0] })).to.throw(
        SecopRangeError,
        "x has 5 elements, the node allows at most 4",
      );
      expect(() => c.encode({ shape: [1, 1], data: [256] })).to.throw(SecopRangeError, "data[0]: 256 does not fit");
      expect(() => c.encode({ shape: [2, 1], data: [1] })).to.throw(WrongTypeError, "1 elements for a shape of 2");
      expect(() => c.decode({ len: [2, 2], blob: "AAEC" })).to.throw(
        WrongTypeError,
        "holds 3 elements, its len says 4",
      );
      expect(() => c.decode({ len: [2] })).to.throw(WrongTypeError, "is not a matrix of 2 dimensions");
    });
  });

  it("pass values of unknown types as JSON", () => {
    expect(viaWire({ type: "complex" }, { re: 1, im: [2] })).to.deep.equal({ re: 1, im: [2] });
  });
});

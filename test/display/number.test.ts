import { expect } from "chai";
import fc from "fast-check";
import { formatNumber, formatQuantity, numberFormat, siNumber, siQuantity } from "../../lib/display/number";

describe("formatNumber", () => {
  const cases: [number, number | null | undefined, string][] = [
    [9.8721, 3, "9.872"],
    [20, 3, "20.000"],
    [20, undefined, "20"],
    [-20, undefined, "-20"],
    [-0, undefined, "0"],
    [-0.0001, 1, "-1e-4"],
    [1 / 3, undefined, "0.33333"],
    [1234.5678, null, "1234.6"],
    [1e-9, undefined, "1e-9"],
    [1.2345678e-9, undefined, "1.2346e-9"],
    [1e-9, 3, "1e-9"],
    [1.345e-10, 12, "1.35e-10"],
    [0, 3, "0.000"],
    [4_000_000_000, undefined, "4000000000"],
    [-(2 ** 53 - 1), undefined, "-9007199254740991"],
    [2 ** 53, undefined, "9.0072e15"],
    [4_294_967_295, 0, "4294967295"],
    [12345678.9, undefined, "1.2346e7"],
    [123456, undefined, "123456"],
    [1e21, 2, "1e21"],
    [Number.NaN, 2, "NaN"],
    [Number.NEGATIVE_INFINITY, undefined, "-∞"],
  ];
  for (const [value, precision, text] of cases) {
    it(`writes ${value} with precision ${precision} as ${text}`, () => {
      expect(formatNumber(value, precision)).to.equal(text);
    });
  }

  it("never writes 0 for a number that is not 0", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
        (value, precision) => {
          fc.pre(value !== 0 && Number.isFinite(value));
          expect(Number(formatNumber(value, precision))).to.not.equal(0);
        },
      ),
    );
  });

  it("appends the unit", () => {
    expect(formatQuantity(12.4123, "K", 2)).to.equal("12.41 K");
    expect(formatQuantity(3, null)).to.equal("3");
  });
});

describe("numberFormat", () => {
  it("chooses digits by the spread of the column", () => {
    const column = numberFormat({ low: 10, high: 14 });
    expect([10, 11.5, 14].map(column)).to.deep.equal(["10.000", "11.500", "14.000"]);
    expect(numberFormat({ low: 1180.4, high: 9120 })(2270.25)).to.equal("2270");
    expect(numberFormat({ low: 300.1, high: 300.2 })(300.15)).to.equal("300.1500");
  });

  it("writes powers of ten for very small and very large columns", () => {
    expect(numberFormat({ low: 1e-9, high: 5e-9 })(1.25e-9)).to.equal("1.25e-9");
    expect(numberFormat({ low: 1e7, high: 2e7 })(1.5e7)).to.equal("1.5e7");
  });

  it("keeps whole numbers whole and equal values short, and uses a given precision", () => {
    expect(numberFormat({ low: 1, high: 2e9, integers: true })(2e9)).to.equal("2000000000");
    expect(numberFormat({ low: 5.5, high: 5.5 })(5.5)).to.equal("5.500");
    expect(numberFormat({ low: 0, high: 0 })(0)).to.equal("0");
    expect(numberFormat({ low: 0, high: 1, precision: 1 })(0.25)).to.equal("0.3");
    expect(numberFormat({ low: 0, high: 50, precision: 1 })(0.007)).to.equal("0.0");
    expect(numberFormat({ low: 0, high: 0.007, precision: 1 })(0.007)).to.equal("7e-3");
    expect(numberFormat({ low: -2, high: 2 })(-7e-16)).to.equal("0.000");
    expect(numberFormat({})(0.25)).to.equal("0.25");
  });
});

describe("siNumber", () => {
  it("writes a prefix instead of zeros", () => {
    expect([9610, 12.5, 3.2e-9, 0.25, 0.0025, 999999, -4.5e6, 0].map((n) => siNumber(n))).to.deep.equal([
      "9.61 k",
      "12.5",
      "3.2 n",
      "0.25",
      "2.5 m",
      "1 M",
      "-4.5 M",
      "0",
    ]);
    expect(siNumber(1e-30)).to.equal("1e-30");
  });

  it("joins the prefix to units that can have one", () => {
    expect(siQuantity(1.2e-9, "A")).to.equal("1.2 nA");
    expect(siQuantity(9610, "counts/s")).to.equal("9.61 k counts/s");
    expect(siQuantity(2500, "W/m2")).to.equal("2.5 kW/m2");
    expect(siQuantity(2500, "mbar")).to.equal("2.5 k mbar");
    expect(siQuantity(12, "V")).to.equal("12 V");
    expect(siQuantity(2500, undefined)).to.equal("2.5 k");
    expect(siQuantity(Number.NaN, "A")).to.equal("NaN A");
  });
});

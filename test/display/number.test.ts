import { expect } from "chai";
import fc from "fast-check";
import {
  formatNumber,
  formatQuantity,
  formatUncertain,
  numberFormatOf,
  siNumber,
  siQuantity,
} from "../../lib/display/number";
import { columnFormat, formatOfKey, NumberColumn } from "../../lib/display/numberColumn";

const columnOf = (values: readonly number[]): string[] => values.map(columnFormat(values));

describe("formatNumber", () => {
  const cases: [number, number | null | undefined, string][] = [
    [20, 3, "20.000"],
    [9.8724, 3, "9.872"],
    [0.0004, 3, "4.0e-4"],
    [0.00023, 3, "2.3e-4"],
    [0, 3, "0.000"],
    [-0.0001, 3, "-1.0e-4"],
    [9.87654321, undefined, "9.8765"],
    [0.1, undefined, "0.1"],
    [0.1, 0, "0.1"],
    [0.012341, undefined, "0.012341"],
    [0.00033546, undefined, "3.3546e-4"],
    [0.0000226, undefined, "2.26e-5"],
    [123456.789, undefined, "123457"],
    [1234567.89, undefined, "1.2346e6"],
    [98123, undefined, "98123"],
    [9007199254740991, undefined, "9007199254740991"],
    [-273.15, undefined, "-273.15"],
    [Number.NaN, 2, "NaN"],
    [Number.POSITIVE_INFINITY, undefined, "∞"],
    [Number.NEGATIVE_INFINITY, undefined, "-∞"],
    [-0, undefined, "0"],
    [-0, 2, "0.00"],
    [2 ** 53, undefined, "9.0072e15"],
    [4_294_967_295, 0, "4294967295"],
    [1.345e-10, 12, "1.35e-10"],
    [1e21, 2, "1e21"],
  ];
  for (const [value, precision, text] of cases) {
    it(`writes ${value} with precision ${precision} as ${text}`, () => {
      expect(formatNumber(value, precision)).to.equal(text);
    });
  }

  it("writes numbers by the fmtstr of SECoP", () => {
    expect(numberFormatOf("%.2e")?.(1e-9)).to.equal("1.00e-9");
    expect(numberFormatOf("%.1e")?.(1013.25)).to.equal("1.0e3");
    expect(numberFormatOf("%.3g")?.(0.0123456)).to.equal("0.0123");
    expect(numberFormatOf("%.3g")?.(1234567.8)).to.equal("1.23e6");
    expect(numberFormatOf("%.3f")?.(20)).to.equal("20.000");
    expect(numberFormatOf("%d")).to.equal(undefined);
  });

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

  it("differs from the value by no more than its last digit says", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
        expect(Math.abs(Number(formatNumber(value)) - value)).to.be.at.most(5.1e-5 * Math.abs(value));
      }),
    );
  });

  it("appends the unit", () => {
    expect(formatQuantity(12.4123, "K", 2)).to.equal("12.41 K");
    expect(formatQuantity(3, null)).to.equal("3");
  });

  it("writes a value with two digits of its uncertainty", () => {
    expect(formatUncertain(12.4137, 0.0131)).to.equal("12.414 ± 0.013");
    expect(formatUncertain(401.31, 2.61, "counts")).to.equal("401.3 ± 2.6 counts");
    expect(formatUncertain(1.2344e-5, 2.1e-7)).to.equal("(1.234 ± 0.021)e-5");
    expect(formatUncertain(12.5, undefined, "K")).to.equal("12.5 K");
    expect(formatUncertain(12.5, Number.NaN)).to.equal("12.5");
  });
});

describe("NumberColumn", () => {
  const columns: [readonly number[], readonly string[]][] = [
    [
      [4.2, 11.375, 20],
      ["4.200", "11.375", "20.000"],
    ],
    [
      [1000, 0.5, 12.25],
      ["1000.00", "0.50", "12.25"],
    ],
    [
      [1013.2, 49.79, 0.012341, 2.26e-5, 0],
      ["1.013e3", "4.979e1", "1.234e-2", "2.260e-5", "0"],
    ],
    [
      [0.99998213, 0.99998217, 0.9999824],
      ["0.999982130", "0.999982170", "0.999982400"],
    ],
    [
      [1, 20000000, 9007199254740991],
      ["1", "20000000", "9007199254740991"],
    ],
    [
      [1.4e-7, 1, 1000],
      ["1.400e-7", "1.000e0", "1.000e3"],
    ],
    [
      [Number.NaN, 0.5, Number.POSITIVE_INFINITY],
      ["NaN", "0.5", "∞"],
    ],
    [
      [0, 0],
      ["0", "0"],
    ],
    [
      [-267.1500000363, -267.1500000347],
      ["-267.15000004", "-267.15000003"],
    ],
  ];
  for (const [values, texts] of columns) {
    it(`writes ${values.join(", ")} as ${texts.join(", ")}`, () => {
      expect(columnOf(values)).to.deep.equal(texts);
    });
  }

  it("never writes 0 for a number that is not 0, however many decades a column spans", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
        for (const [i, text] of columnOf(values).entries()) expect(Number(text) === 0).to.equal(values[i] === 0);
      }),
    );
  });

  it("never loses digits while the values stay within three decades", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: 1, max: 999 }), { minLength: 2 }), (values) => {
        const column = new NumberColumn();
        let digits = 0;
        for (const value of values) {
          column.add(value);
          const shown = column.format(1).split(".")[1]?.length ?? 0;
          expect(shown).to.be.at.least(Math.min(digits, 8));
          digits = shown;
        }
      }),
    );
  });

  it("uses the digits of the descriptor: fmtstr before precision, and none for whole numbers", () => {
    expect(columnFormat([1, 2], { precision: 3, dtype: "number" })(1)).to.equal("1.000");
    expect(columnFormat([58], { precision: 3, dtype: "integer" })(58)).to.equal("58");
    const SECOP_datainfo = JSON.stringify({ type: "array", members: { type: "double", fmtstr: "%.2e" } });
    expect(columnFormat([1013], { precision: 3, SECOP_datainfo })(1013)).to.equal("1.01e3");
    expect(formatOfKey({ SECOP_datainfo: "no JSON" })).to.equal(undefined);
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

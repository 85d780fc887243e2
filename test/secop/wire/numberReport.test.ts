import { expect } from "chai";
import fc from "fast-check";
import { numberReport } from "../../../lib/secop/wire/numberReport";

const read = (json: string) => {
  const report = numberReport(json);
  return report && { ...report };
};

describe("numberReport", () => {
  it("reads numbers exactly as the JSON parser does, or leaves them to it", () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.nat(12)).map(([n, k]) => Number(`${n}e-${k}`)),
      fc.double({ min: 1.7e9, max: 1.9e9, noNaN: true }),
    );
    let taken = 0;
    fc.assert(
      fc.property(number, number, fc.constantFrom(", ", ","), fc.constantFrom(": ", ":"), (value, t, comma, colon) => {
        const json = `[${JSON.stringify(value)}${comma}{"t"${colon}${JSON.stringify(t)}}]`;
        const report = read(json);
        if (!report) return;
        taken += 1;
        const [parsed, qualifiers] = JSON.parse(json) as [number, { t: number }];
        expect(Object.is(report.value, parsed)).to.equal(true);
        expect(Object.is(report.t, qualifiers.t)).to.equal(true);
      }),
      { numRuns: 3000 },
    );
    expect(taken).to.be.greaterThan(300);
    expect(read('[100000.0, {"t": 1795325308.25}]')).to.deep.equal({ value: 100000, t: 1795325308.25 });
    expect(read('[-0.5,{"t":1795325308.123456}]')).to.deep.equal({ value: -0.5, t: 1795325308.123456 });
  });

  it("leaves everything else to the JSON parser", () => {
    for (const json of [
      "[1.5, {}]",
      '[1.5, {"t": 1, "e": 2}]',
      '[1e3, {"t": 1}]',
      '[01, {"t": 1}]',
      '[1., {"t": 1}]',
      '[.5, {"t": 1}]',
      '[9007199254740993, {"t": 1}]',
      '["1", {"t": 1}]',
      '[1, {"t": 1}] ',
      '[1, {"t": 1}',
      '[1,  {"t": 1}]',
      '[1, {"t": null}]',
      '[NaN, {"t": 1}]',
      '1, {"t": 1}]',
      "",
    ])
      expect(read(json)).to.equal(undefined, json);
  });
});

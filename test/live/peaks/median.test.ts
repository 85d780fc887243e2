import { expect } from "chai";
import fc from "fast-check";
import { medianInPlace } from "../../../lib/live/peaks/median";

describe("the median of a line", () => {
  it("is the middle number, or the mean of the two in the middle", () => {
    expect(medianInPlace(Float64Array.of(3, 1, 2))).to.equal(2);
    expect(medianInPlace(Float64Array.of(4, 1, 3, 2))).to.equal(2.5);
    expect(medianInPlace(Float64Array.of(7))).to.equal(7);
    expect(medianInPlace(new Float64Array(0))).to.be.NaN;
  });

  it("is that of the sorted numbers, for any numbers and with many equal ones", () => {
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 200 }), (numbers) => {
        const sorted = Float64Array.from(numbers).sort();
        const half = sorted.length >> 1;
        const middle =
          sorted.length % 2 === 1
            ? (sorted[half] as number)
            : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
        expect(medianInPlace(Float64Array.from(numbers)) === middle).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });
});

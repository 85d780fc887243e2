import { expect } from "chai";
import fc from "fast-check";
import { medianOf } from "../../../lib/live/peaks/median";

describe("the median of a line", () => {
  it("is the middle number, or the mean of the two in the middle", () => {
    const numbers = Float64Array.of(3, 1, 2);
    expect(medianOf(numbers)).to.equal(2);
    expect([...numbers]).to.deep.equal([3, 1, 2]);
    expect(medianOf(Float64Array.of(4, 1, 3, 2))).to.equal(2.5);
    expect(medianOf(Float64Array.of(7))).to.equal(7);
    expect(medianOf(new Float64Array(0))).to.be.NaN;
  });

  it("has as many numbers below as above it, for any numbers and with many equal ones", () => {
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 200 }), (numbers) => {
        const median = medianOf(Float64Array.from(numbers));
        expect(numbers.filter((value) => value < median).length).to.be.at.most(numbers.length / 2);
        expect(numbers.filter((value) => value > median).length).to.be.at.most(numbers.length / 2);
      }),
      { numRuns: 500 },
    );
  });

  it("is known of a long line that rises and falls, as that of a peak", () => {
    const length = 300_000;
    const roof = Float64Array.from({ length }, (_, i) => length / 2 - Math.abs(i - length / 2));
    expect(medianOf(roof)).to.be.closeTo(length / 4, length / 1000);
  });
});

import { expect } from "chai";
import { placeText } from "../../lib/display/placeText";

describe("placeText", () => {
  it("has four digits of the range, and no zeros at the end", () => {
    expect(placeText(0.123456, [0, 1])).to.equal("0.123");
    expect(placeText(7112.3456, [7112, 7113])).to.equal("7112.346");
    expect(placeText(-2.5, [-5, 5])).to.equal("-2.5");
    expect(placeText(5, [-5, 5])).to.equal("5");
  });

  it("is 0 for a place that is nothing beside the range", () => {
    expect(placeText(1e-17, [-1, 1])).to.equal("0");
  });

  it("is a whole number beside a range of thousands, however small", () => {
    expect(placeText(2, [0, 13_881])).to.equal("2");
    expect(placeText(-1, [-5e6, 5e6])).to.equal("-1");
    expect(placeText(2, [0, 2e7])).to.equal("0");
  });

  it("is exponential for very large and very small ranges", () => {
    expect(placeText(12_345_678, [0, 2e7])).to.equal("1.235e7");
    expect(placeText(1.2345e-7, [0, 1e-6])).to.equal("1.23e-7");
  });

  it("is an ordinary number if the range is no range", () => {
    expect(placeText(3, [3, 3])).to.equal("3");
    expect(placeText(3, [Number.NaN, 1])).to.equal("3");
  });
});

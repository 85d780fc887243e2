import { expect } from "chai";
import { arange, geomspace, linspace, logspace, range } from "../../../lib";
import { cycler } from "../../../lib/plans/patterns";

describe("positions as numpy makes them", () => {
  it("lie at equal distances, with or without the end", () => {
    expect(linspace(0, 1, 5)).to.deep.equal([0, 0.25, 0.5, 0.75, 1]);
    expect([linspace(2, 3, 1), linspace(2, 3, 0), linspace(0, 49).length]).to.deep.equal([[2], [], 50]);
    expect(arange(0, 1, 0.25)).to.deep.equal([0, 0.25, 0.5, 0.75]);
    expect(arange(1, 0, -0.25)).to.deep.equal([1, 0.75, 0.5, 0.25]);
    expect(arange(0, 1, 0.1)).to.have.length(10);
    expect(arange(1, 1.3, 0.1)).to.have.length(3);
    expect([arange(3), arange(0), arange(2, 5), arange(5, 2)]).to.deep.equal([[0, 1, 2], [], [2, 3, 4], []]);
  });

  it("lie at equal ratios", () => {
    expect(logspace(0, 3, 4)).to.deep.equal([1, 10, 100, 1000]);
    const ratios = geomspace(1, 1000, 4);
    for (const [i, expected] of [1, 10, 100, 1000].entries()) expect(ratios[i]).to.be.closeTo(expected, 1e-9);
    expect(geomspace(-1, -4, 2)).to.deep.equal([-1, -4]);
  });

  it("are whole numbers in a range", () => {
    expect([range(3), range(1, 4), range(10, 0, -5), range(0)]).to.deep.equal([[0, 1, 2], [1, 2, 3], [10, 5], []]);
    expect(() => range(0, 1, 0.5)).to.throw("range takes whole numbers, not 0.5: use arange");
  });

  it("are refused in one line where they have no end or no sense", () => {
    expect(() => arange(0, 1, 0)).to.throw("arange: the step is 0");
    expect(() => linspace(0, Number.NaN, 3)).to.throw("linspace: stop should be a number, not NaN");
    expect(() => logspace(0, 1, -1)).to.throw("logspace: num is the number of positions, a whole number, not -1");
    const tooMany = "positions are too many for the memory: use 10000000 at most";
    expect(() => linspace(0, 1, 1e9)).to.throw(`linspace: 1000000000 ${tooMany}`);
    expect(() => arange(0, 1, 1e-8)).to.throw(`arange: 100000000 ${tooMany}`);
    expect(() => cycler({}, range(1e4)).times(cycler({}, range(1e4)))).to.throw(`a grid: 100000000 ${tooMany}`);
    expect(() => linspace(0, 1, 2.5)).to.throw("linspace: num is the number of positions, a whole number, not 2.5");
    expect(() => geomspace(0, 1, 3)).to.throw("geomspace: 0 and 1 should both be above 0, or both below");
  });
});

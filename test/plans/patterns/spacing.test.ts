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

  it("leave out the end where that is wanted, and a single bound is the end", () => {
    const open = { endpoint: false } as const;
    expect([linspace(0, 360, 4, open), linspace(0, 1, 1, open), linspace(0, 1, 0, open)]).to.deep.equal([
      [0, 90, 180, 270],
      [0],
      [],
    ]);
    expect([logspace(0, 3, 3, open), geomspace(1, 1000, 3, open)]).to.deep.equal([
      [1, 10, 100],
      [1, 10, 100],
    ]);
    expect([linspace(0, 1, 1), linspace(5, 5, 3), linspace(2, -2, 3)]).to.deep.equal([[0], [5, 5, 5], [2, 0, -2]]);
    expect([range(5, undefined, 2), arange(5, undefined, 2), arange(-1, undefined, -0.5)]).to.deep.equal([
      [0, 2, 4],
      [0, 2, 4],
      [0, -0.5],
    ]);
    expect([arange(0, -1, -0.25), arange(5, 0, 2), range(-3, 3, 3), range(0, -3)]).to.deep.equal([
      [0, -0.25, -0.5, -0.75],
      [],
      [-3, 0],
      [],
    ]);
  });

  it("lie at equal ratios", () => {
    expect(logspace(0, 3, 4)).to.deep.equal([1, 10, 100, 1000]);
    expect(logspace(0, 4, 5, { base: 2 })).to.deep.equal([1, 2, 4, 8, 16]);
    expect([geomspace(1, 1000, 4), geomspace(-1000, -1, 4), geomspace(5, 7, 1), geomspace(4, 4, 2)]).to.deep.equal([
      [1, 10, 100, 1000],
      [-1000, -100, -10, -1],
      [5],
      [4, 4],
    ]);
    for (const [i, expected] of [2, 3.80730788, 7.24779664, 13.79729661, 26.26527804, 50].entries())
      expect(geomspace(2, 50, 6)[i]).to.be.closeTo(expected, 1e-8);
  });

  it("are whole numbers in a range", () => {
    expect([range(3), range(1, 4), range(10, 0, -5), range(0)]).to.deep.equal([[0, 1, 2], [1, 2, 3], [10, 5], []]);
    expect(() => range(0, 1, 0.5)).to.throw("range takes whole numbers, not 0.5: use arange");
  });

  it("are refused in one line where they have no end or no sense", () => {
    expect(() => arange(0, 1, 0)).to.throw("arange: the step is 0");
    expect(() => linspace(0, Number.NaN, 3)).to.throw("linspace: stop should be a number, not NaN");
    expect(() => logspace(0, 1, -1)).to.throw("logspace: num is the number of positions, a whole number, not -1");
    expect(() => linspace(0, "1" as never, 3)).to.throw('linspace: stop should be a number, not "1"');
    expect(() => linspace(0, 1, 3, false as never)).to.throw(
      "linspace takes its options by name, as { endpoint: ... }, not false",
    );
    expect(() => linspace(0, 1, 3, { endPoint: false } as never)).to.throw(
      "linspace has no option endPoint (endpoint?)",
    );
    expect(() => logspace(0, 1, 3, { base: -2 })).to.throw("logspace: base should be above 0, not -2");
    expect(() => range(0.5)).to.throw("range takes whole numbers, not 0.5: use arange");
    const tooMany = "positions are too many for the memory: use 10000000 at most";
    expect(() => linspace(0, 1, 1e9)).to.throw(`linspace: 1000000000 ${tooMany}`);
    expect(() => arange(0, 1, 1e-8)).to.throw(`arange: 100000000 ${tooMany}`);
    expect(() => cycler({}, range(1e4)).times(cycler({}, range(1e4)))).to.throw(`a grid: 100000000 ${tooMany}`);
    expect(() => linspace(0, 1, 2.5)).to.throw("linspace: num is the number of positions, a whole number, not 2.5");
    expect(() => geomspace(0, 1, 3)).to.throw("geomspace: 0 and 1 should both be above 0, or both below");
  });
});

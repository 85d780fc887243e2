import { expect } from "chai";
import { cycler, planPatterns } from "../../../lib/plans";
import { softDevices } from "../../support/softDevices";

const { m, m2 } = softDevices();

describe("trajectories", () => {
  it("are added point by point, and multiplied to grids", () => {
    const both = cycler(m, [1, 2]).plus(cycler(m2, [3, 4]));
    expect([...both].map((step) => [...step.values()])).to.deep.equal([
      [1, 3],
      [2, 4],
    ]);
    const grid = cycler(m, [1, 2]).times(cycler(m2, [3, 4]));
    expect([...grid].map((step) => [...step.values()])).to.deep.equal([
      [1, 3],
      [1, 4],
      [2, 3],
      [2, 4],
    ]);
    expect(() => cycler(m, [1]).plus(cycler(m2, [1, 2]))).to.throw("need equally many points, not 1, 2");
  });

  it("go back and forth along axes that snake", () => {
    const snake = planPatterns.snakeCyclers<object>([cycler(m, [0, 1]), cycler(m2, [0, 1, 2])], [false, true]);
    expect(snake.points(m2)).to.deep.equal([0, 1, 2, 2, 1, 0]);
  });

  it("end exactly at their last position", () => {
    expect(planPatterns.linspace(0, 0.3, 4).at(-1)).to.equal(0.3);
    expect(planPatterns.linspace(5, 9, 1)).to.deep.equal([5]);
    expect(planPatterns.logspace(0, 3, 4)).to.deep.equal([1, 10, 100, 1000]);
  });
});

import { expect } from "chai";
import type { Plan } from "../../lib/core/msg";
import { bp, bps, cycler, planPatterns } from "../../lib/plans";
import { softDevices } from "./softDevices";

const { det, m, m2, m3, plain } = softDevices();

/** What a plan says before its first message. */
function complaint(plan: Plan): string {
  try {
    plan.next();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

// biome-ignore lint/suspicious/noExplicitAny: what the compiler would refuse is given on purpose
const any = (value: unknown): any => value;

describe("arguments of plans", () => {
  const cases: [what: string, plan: () => Plan, complaint: string][] = [
    ["no list", () => bp.count(any(det)), "count: the detectors come first, as a list"],
    ["no detector", () => bp.count([any({})]), "count: detector 1 can't be read"],
    ["no number", () => bp.count([det], 1.5), "count: num is the number of points, a whole number from 1, not 1.5"],
    ["negative delay", () => bp.count([det], 2, -1), "count: the delay is in seconds from 0, not -1"],
    ["too few delays", () => bps.repeat(() => bps.null_(), 4, [1, 1]), "4 repetitions need 3 delays, but 2 are given"],
    ["no num", () => bp.scan([det], ...any([m, 0, 1])), "scan: the number of points is missing"],
    ["num as a step", () => bp.scan([det], m, 0, 1, 0.1), "a whole number from 1, not 0.1"],
    ["no motor", () => bp.scan([det], any(det), 0, 1, 3), "scan: argument 2, det, can't be moved: it is read-only"],
    [
      "a motor that is undefined",
      () => bp.scan([det], any(undefined), 0, 1, 3),
      "scan: argument 2 is undefined: is the",
    ],
    ["a detector that is undefined", () => bp.count([any(undefined)]), "count: detector 1 is undefined: is the"],
    ["a move of a detector", () => bps.mv(any(det), 3), "mv: argument 1, det, can't be moved: it is read-only"],
    ["no range", () => bp.scan([det], m, 0, any("x"), 3), "scan: m goes from a number to a number, not from 0 to x"],
    [
      "half an axis",
      () => any(bp.scan)([det], m, 0, 1, m2, 0, { num: 3 }),
      "scan: each motor needs a start and a stop",
    ],
    ["a motor twice", () => bp.scan([det], m, 0, 1, m, 0, 1, 3), "m stands in the trajectory twice"],
    ["unequal lists", () => bp.listScan([det], m, [1, 2], m2, [1]), "the lists need equally many points, not 2, 1"],
    ["no list of points", () => bp.listScan([det], m, any(3)), "listScan: m needs a list of positions"],
    ["an axis twice", () => bp.gridScan([det], m, 0, 1, 2, m, 0, 1, 2), "gridScan: m is an axis twice"],
    [
      "two ways to snake",
      () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 2, true, any({ snakeAxes: true })),
      "give either snakeAxes or a boolean after each axis",
    ],
    [
      "a slow snake",
      () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 2, { snakeAxes: [m] }),
      "the slowest motor m can't snake",
    ],
    [
      "a strange snake",
      () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 2, { snakeAxes: [m3] }),
      "snakeAxes names a motor that is no axis",
    ],
    ["steps upside down", () => bp.adaptiveScan([det], "det", m, 0, 1, 2, 1, 1, true), "not from 2 to 1"],
    ["no step", () => bp.tuneCentroid([det], "det", m, 0, 1, 0), "minStep must be above 0, not 0"],
    ["no period", () => bp.timeScan([det], 10, 0), "timeScan: duration and period are in seconds"],
    ["half a pair", () => any(bps.mv)(m), "mv takes pairs of device and position"],
    ["pairs upside down", () => bps.mv(any(3), any(m)), "mv: argument 1 can't be moved"],
    ["one device to two places", () => bps.mv(m, 1, m, 2), "mv: m is moved to two places"],
  ];

  for (const [what, plan, expected] of cases) {
    it(`are checked before the first message: ${what}`, () => {
      expect(complaint(plan())).to.contain(expected);
    });
  }

  it("are told by rd when a device has several values", () => {
    const plan = bps.rd({
      ...plain,
      name: "two",
      hints: { fields: ["a", "b"] },
      read: () => ({}),
      describe: () => ({}),
    } as never);
    expect(complaint(plan)).to.equal("rd needs a device with one value, but two has a, b: rd one of its signals");
  });
});

describe("trajectories", () => {
  it("are added point by point and multiplied to grids", () => {
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

  it("go back and forth where they snake", () => {
    const snake = planPatterns.snakeCyclers<object>([cycler(m, [0, 1]), cycler(m2, [0, 1, 2])], [false, true]);
    expect(snake.points(m2)).to.deep.equal([0, 1, 2, 2, 1, 0]);
  });

  it("end exactly where they should", () => {
    expect(planPatterns.linspace(0, 0.3, 4).at(-1)).to.equal(0.3);
    expect(planPatterns.linspace(5, 9, 1)).to.deep.equal([5]);
    expect(planPatterns.logspace(0, 3, 4)).to.deep.equal([1, 10, 100, 1000]);
  });
});

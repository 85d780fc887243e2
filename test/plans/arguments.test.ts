import { expect } from "chai";
import type { Plan } from "../../lib/core/protocols/msg";
import { bp, bps, cycler, planPatterns } from "../../lib/plans";
import { SimMotor } from "../../lib/sim/devices/simMotor";
import { failure } from "../support/failure";
import { quietEngine } from "../support/quietEngine";
import { softDevices } from "../support/softDevices";

const { det, m, m2, m3, plain, sensor, flyer } = softDevices();
const blind = { name: "blind", set: () => undefined };

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
  const cases: Record<string, (readonly [what: string, plan: () => Plan, complaint: string])[]> = {
    count: [
      [
        "a shot that is no function",
        () => bp.count([det], 1, 0, { perShot: any(3) }),
        "count: perShot should be a function that makes a plan, not 3",
      ],
      ["no list", () => bp.count(any(det)), "count: the detectors come first, as a list"],
      ["no detector", () => bp.count([any({})]), "count: detector 1 can't be read"],
      ["a detector that is undefined", () => bp.count([any(undefined)]), "count: detector 1 is undefined: is the"],
      ["a detector without name", () => bp.count([new SimMotor()]), "count: detector 1 has no name to record it under"],
      ["no number", () => bp.count([det], 1.5), "count: num is the number of points, a whole number from 1, not 1.5"],
      [
        "negative delay",
        () => bp.count([det], 2, -1),
        "count: the delay is in seconds from 0, or a list of such, not -1",
      ],
      ["no delay", () => bp.count([det], 2, any("soon")), "count: the delay is in seconds from 0, or a list"],
    ],
    scan: [
      ["no num", () => any(bp.scan)([det], m, 0, 1), "scan: the number of points is missing"],
      ["num as a step", () => bp.scan([det], m, 0, 1, 0.1), "a whole number from 1, not 0.1"],
      ["no motor", () => bp.scan([det], any(det), 0, 1, 3), "scan: argument 2, det, can't be moved: it is read-only"],
      ["motor undefined", () => bp.scan([det], any(undefined), 0, 1, 3), "scan: argument 2 is undefined: is the"],
      ["motor without name", () => bp.scan([det], new SimMotor(), 0, 1, 3), "scan: argument 2 has no name to record"],
      ["no range", () => bp.scan([det], m, 0, any("x"), 3), "scan: m goes from a number to a number, not from 0 to x"],
      [
        "half an axis",
        () => any(bp.scan)([det], m, 0, 1, m2, 0, { num: 3 }),
        "scan: each motor needs a start and a stop",
      ],
      ["a motor twice", () => bp.scan([det], m, 0, 1, m, 0, 1, 3), "m stands in the trajectory twice"],
      [
        "a motor that can't be read",
        () => bp.scan([det], any(blind), 0, 1, 3),
        "argument 2, blind, can be moved but not",
      ],
    ],
    relScan: [["no num", () => any(bp.relScan)([det], m, 0, 1), "relScan: the number of points is missing"]],
    innerProductScan: [["num last", () => any(bp.innerProductScan)([det], m, 0, 1, 3), "innerProductScan: num is the"]],
    relativeInnerProductScan: [
      ["num last", () => any(bp.relativeInnerProductScan)([det], m, 0, 1, 3), "relativeInnerProductScan: num is the"],
    ],
    x2xScan: [
      ["no motor", () => bp.x2xScan([det], m, any(sensor), 0, 1, 3), "x2xScan: argument 3, sensor, can't be moved"],
      ["no number", () => bp.x2xScan([det], m, m2, 0, any(m3), 3), "x2xScan: stop should be a number, not m3"],
      ["no points", () => bp.x2xScan([det], m, m2, 0, 1, 0), "x2xScan: num is the number of points"],
    ],
    listScan: [
      ["unequal lists", () => bp.listScan([det], m, [1, 2], m2, [1]), "the lists need equally many points, not 2, 1"],
      ["no list of points", () => bp.listScan([det], m, any(3)), "listScan: m needs a list of positions"],
      ["an empty list", () => bp.listScan([det], m, []), "listScan: m needs a list of positions, not an empty one"],
    ],
    relListScan: [
      ["no motor", () => bp.relListScan([det], any(det), [1]), "relListScan: argument 2, det, can't be moved"],
    ],
    gridScan: [
      ["an axis twice", () => bp.gridScan([det], m, 0, 1, 2, m, 0, 1, 2), "gridScan: m is an axis twice"],
      [
        "no motor",
        () => bp.gridScan([det], m, 0, 1, 2, any(det), 0, 1, 2),
        "gridScan: argument 6, det, can't be moved",
      ],
      ["no range", () => bp.gridScan([det], m, 0, any("1"), 2), "gridScan: m needs start, stop and number of points"],
      ["no axis", () => any(bp.gridScan)([det]), "gridScan: a grid needs at least one axis"],
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
    ],
    relGridScan: [["no num", () => any(bp.relGridScan)([det], m, 0, 1), "relGridScan: num is the number of points"]],
    listGridScan: [["no points", () => any(bp.listGridScan)([det], m), "listGridScan: each motor needs a list"]],
    relListGridScan: [["no list", () => bp.relListGridScan([det], m, any(3)), "relListGridScan: m needs a list"]],
    logScan: [
      [
        "no step",
        () => bp.logScan([det], m, 0, 1, 3, { perStep: any(bps.null_()) }),
        "logScan: perStep should be a function that makes a plan",
      ],
      ["no motor", () => bp.logScan([det], any(3), 0, 1, 3), "logScan: argument 2 should be a motor"],
      ["no number", () => bp.logScan([det], m, 0, any("1"), 3), 'logScan: stop should be a number, not "1"'],
    ],
    relLogScan: [
      ["no number", () => bp.relLogScan([det], m, Number.NaN, 1, 3), "logScan: start should be a number, not NaN"],
    ],
    scanNd: [
      [
        "no step",
        () => bp.scanNd([det], cycler(m, [1]), { perStep: any(3) }),
        "scanNd: perStep should be a function that makes a plan, not 3",
      ],
      ["no trajectory", () => bp.scanNd([det], any([1, 2])), "scanNd: argument 2 is a trajectory"],
      ["no motor", () => bp.scanNd([det], cycler(any(det), [1])), "det can't be scanned"],
      ["no name", () => bp.scanNd([det], cycler(new SimMotor(), [1])), "a motor of the trajectory has no name"],
    ],
    adaptiveScan: [
      ["steps upside down", () => bp.adaptiveScan([det], "det", m, 0, 1, 2, 1, 1, true), "not from 2 to 1"],
      [
        "no field",
        () => bp.adaptiveScan([det], any(det), m, 0, 1, 1, 2, 1, true),
        "adaptiveScan: targetField should be",
      ],
      [
        "no motor",
        () => bp.adaptiveScan([det], "det", any(det), 0, 1, 1, 2, 1, true),
        "argument 3, det, can't be moved",
      ],
    ],
    relAdaptiveScan: [
      [
        "no number",
        () => bp.relAdaptiveScan([det], "det", m, 0, 1, 1, 2, any(null), true),
        "targetDelta should be a number",
      ],
    ],
    tuneCentroid: [
      ["no step", () => bp.tuneCentroid([det], "det", m, 0, 1, 0), "tuneCentroid: minStep should be above 0, not 0"],
      ["one point", () => bp.tuneCentroid([det], "det", m, 0, 1, 0.1, 1), "needs at least 2 points, not 1"],
      ["a factor of 1", () => bp.tuneCentroid([det], "det", m, 0, 1, 0.1, 5, 1), "stepFactor should be above 1, not 1"],
    ],
    tweak: [
      ["a list", () => bp.tweak(any([det]), "det", m, 1), "tweak: argument 1 can't be read"],
      ["no step", () => bp.tweak(det, "det", m, any("1")), 'tweak: step should be a number, not "1"'],
    ],
    spiral: [
      ["no motor", () => bp.spiral([det], m, any(det), 0, 0, 1, 1, 1, 1), "spiral: argument 3, det, can't be moved"],
      ["no width", () => bp.spiral([det], m, m2, 0, 0, 0, 1, 1, 1), "spiral: xRange should be above 0, not 0"],
      ["no point", () => bp.spiral([det], m, m2, 0, 0, 0.1, 0.1, 1, 4), "spiral: no point is within the range"],
    ],
    relSpiral: [["no rings", () => bp.relSpiral([det], m, m2, 1, 1, 0, 1), "spiral: dr should be above 0, not 0"]],
    spiralFermat: [
      ["no factor", () => bp.spiralFermat([det], m, m2, 0, 0, 1, 1, 1, any({})), "factor should be a number"],
    ],
    relSpiralFermat: [
      ["no point", () => bp.relSpiralFermat([det], m, m2, 0.1, 0.1, 1, 1), "no point is within the range"],
    ],
    spiralSquare: [
      ["half a point", () => bp.spiralSquare([det], m, m2, 0, 0, 1, 1, 2.5, 2), "a whole number from 1, not 2.5"],
    ],
    relSpiralSquare: [
      ["no motor", () => bp.relSpiralSquare([det], any(det), m2, 1, 1, 2, 2), "argument 2, det, can't be moved"],
    ],
    fly: [
      ["no list", () => bp.fly(any(flyer)), "fly: the flyers come as a list"],
      ["no flyer", () => bp.fly([any(det)]), "fly: flyer 1, det, can't fly"],
    ],
    rampPlan: [
      ["no plan", () => bp.rampPlan(any(m), sensor, () => bps.null_()), "rampPlan: argument 1 is the plan that starts"],
      [
        "no signal",
        () => bp.rampPlan(bps.absSet(m, 1), any(det), () => bps.null_()),
        "argument 2, det, can't be monitored",
      ],
      [
        "a made plan",
        () => bp.rampPlan(bps.absSet(m, 1), sensor, any(bps.null_())),
        "rampPlan: argument 3 is a function",
      ],
      [
        "no period",
        () => bp.rampPlan(bps.absSet(m, 1), sensor, () => bps.null_(), { period: 0 }),
        "rampPlan: period should be above 0, not 0",
      ],
    ],
    rampScan: [
      ["no motor", () => bp.rampScan([det], any(det), 3), "rampScan: argument 2, det, can't be moved"],
      ["no period", () => bp.rampScan([det], m, 3, { period: 0 }), "rampScan: period should be above 0, not 0"],
      ["no timeout", () => bp.rampScan([det], m, 3, { timeout: -1 }), "rampScan: timeout should be above 0, not -1"],
    ],
    timeScan: [["no period", () => bp.timeScan([det], 10, 0), "timeScan: duration and period are in seconds"]],
  };
  const stubs: (readonly [what: string, plan: () => Plan, complaint: string])[] = [
    ["too few delays", () => bps.repeat(() => bps.null_(), 4, [1, 1]), "4 repetitions need 3 delays, but 2 are given"],
    ["a made plan", () => bps.repeat(any(bps.null_()), 4), "repeat does a plan anew each time, so it takes a function"],
    ["half a repetition", () => bps.repeater(1.5, bps.null_), "repeater: how often should be a whole number from 0"],
    ["a move of a detector", () => bps.mv(any(det), 3), "mv: argument 1, det, can't be moved: it is read-only"],
    ["half a pair", () => any(bps.mv)(m), "mv takes pairs of device and position"],
    ["pairs upside down", () => bps.mv(any(3), any(m)), "mv: argument 1 can't be moved"],
    ["one device to two places", () => bps.mv(m, 1, m, 2), "mv: m is moved to two places"],
    ["a move by a word", () => bps.mvr(m, any("1")), "mvr: m is moved by a number, not by 1"],
    ["a set by a word", () => bps.relSet(m, any("1")), "relSet: m is moved by a number, not by 1"],
    ["no list", () => bps.triggerAndRead(any(det)), "triggerAndRead: the devices come first, as a list"],
    ["no list in a shot", () => bps.oneShot(any(det)), "oneShot: the devices come first, as a list"],
    ["a stream without a name", () => any(bps.declareStream)(det), "declareStream takes devices and a name"],
    ["devices without a stream", () => any(bps.declareStream)(det, m), "declareStream takes devices and a name"],
    ["no flyer", () => bps.kickoffAll(any(det)), "det can't fly"],
    ["no dwelling", () => bps.dwell([det], -1), "dwell: duration and period are in seconds"],
    ["no tolerance", () => bps.settle(sensor, 3, { tolerance: 0 }), "settle: tolerance should be above 0, not 0"],
    ["nothing to settle", () => bps.settle(any(3), 3, { tolerance: 1 }), "settle: argument 1 can't be read"],
  ];

  for (const [plan, wrong] of Object.entries(cases))
    for (const [what, make, expected] of wrong)
      it(`are checked before the first message of ${plan}: ${what}`, () => {
        expect(complaint(make())).to.contain(expected);
        expect(complaint(make())).not.to.contain("\n");
      });

  for (const [what, make, expected] of stubs) {
    it(`are checked before the first message: ${what}`, () => {
      expect(complaint(make())).to.contain(expected);
    });
  }

  it("are found wrong at the first reading where only that can tell: a field that no detector has", async () => {
    const RE = quietEngine().RE;
    for (const [name, plan] of [
      ["adaptiveScan", bp.adaptiveScan([det], "nope", m, 0, 1, 0.1, 0.5, 1, true)],
      ["tuneCentroid", bp.tuneCentroid([det], "nope", m, 0, 1, 0.1)],
      ["tweak", bp.tweak(det, "nope", m, 0.1)],
    ] as const)
      expect((await failure(RE(plan))).message).to.equal(`${name}: no detector reads a number "nope"`);
  });

  it("are checked by every plan", () => {
    const aliases = /^relative(Scan|ListScan|LogScan|AdaptiveScan|Spiral|SpiralFermat)$|uterProductScan$/;
    const noPlans = ["RampFail", "settledStep"];
    const plans = Object.keys(bp).filter((name) => !aliases.test(name) && !noPlans.includes(name));
    expect(Object.keys(cases).sort()).to.deep.equal(plans.sort());
  });

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

import { expect } from "chai";
import { Msg, type Plan } from "../../lib/core/protocols/msg";
import { bp, bpp, bps, cycler } from "../../lib/plans";
import { SimMotor } from "../../lib/sim/devices/simMotor";
import { failure, failureText } from "../support/failure";
import { quietEngine } from "../support/quietEngine";
import { softDevices } from "../support/softDevices";

const { det, m, m2, m3, plain, sensor, flyer } = softDevices();
/** Can be moved but not read. */
const blind = { name: "blind", set: () => undefined };

/** The error of a plan before its first message; empty if it has none. */
function complaint(plan: Plan): string {
  try {
    plan.next();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

// biome-ignore lint/suspicious/noExplicitAny: the tests pass what the compiler would refuse
const any = (value: unknown): any => value;

describe("plans", () => {
  const cases: Record<string, (readonly [what: string, plan: () => Plan, complaint: string])[]> = {
    count: [
      [
        "a shot that is not a function",
        () => bp.count([det], 1, 0, { perShot: any(3) }),
        "count: perShot should be a function that makes a plan, not 3",
      ],
      ["a detector that is not in a list", () => bp.count(any(det)), "count: the detectors come first, as a list"],
      ["a detector that can't be read", () => bp.count([any({})]), "count: detector 1 can't be read"],
      ["a detector that is undefined", () => bp.count([any(undefined)]), "count: detector 1 is undefined: is the"],
      ["a detector without name", () => bp.count([new SimMotor()]), "count: detector 1 has no name to record it under"],
      [
        "half a point",
        () => bp.count([det], 1.5),
        "count: num is the number of points, a whole number from 1, not 1.5",
      ],
      [
        "a negative delay",
        () => bp.count([det], 2, -1),
        "count: the delay is a number of seconds from 0, or a list of them, not -1",
      ],
      [
        "a delay that is not a number",
        () => bp.count([det], 2, any("soon")),
        "count: the delay is a number of seconds from 0, or a list",
      ],
    ],
    scan: [
      ["a missing number of points", () => any(bp.scan)([det], m, 0, 1), "scan: the number of points is missing"],
      ["a step in place of the number of points", () => bp.scan([det], m, 0, 1, 0.1), "a whole number from 1, not 0.1"],
      [
        "a motor that can't be moved",
        () => bp.scan([det], any(det), 0, 1, 3),
        "scan: argument 2, det, can't be moved: it is read-only",
      ],
      [
        "a motor that is undefined",
        () => bp.scan([det], any(undefined), 0, 1, 3),
        "scan: argument 2 is undefined: is the",
      ],
      [
        "a motor without a name",
        () => bp.scan([det], new SimMotor(), 0, 1, 3),
        "scan: argument 2 has no name to record",
      ],
      [
        "a range that is not numbers",
        () => bp.scan([det], m, 0, any("x"), 3),
        'scan: m goes from a number to a number, not from 0 to "x"',
      ],
      [
        "half an axis",
        () => any(bp.scan)([det], m, 0, 1, m2, 0, { num: 3 }),
        "scan: each motor needs a start and a stop",
      ],
      ["a motor twice", () => bp.scan([det], m, 0, 1, m, 0, 1, 3), "m is in the trajectory twice"],
      [
        "a motor that can't be read",
        () => bp.scan([det], any(blind), 0, 1, 3),
        "argument 2, blind, can be moved but not",
      ],
    ],
    relScan: [
      ["a missing number of points", () => any(bp.relScan)([det], m, 0, 1), "relScan: the number of points is missing"],
    ],
    innerProductScan: [
      [
        "the number of points at the end",
        () => any(bp.innerProductScan)([det], m, 0, 1, 3),
        "innerProductScan: num is the",
      ],
    ],
    relativeInnerProductScan: [
      [
        "the number of points at the end",
        () => any(bp.relativeInnerProductScan)([det], m, 0, 1, 3),
        "relativeInnerProductScan: num is the",
      ],
    ],
    x2xScan: [
      [
        "a motor that can't be moved",
        () => bp.x2xScan([det], m, any(sensor), 0, 1, 3),
        "x2xScan: argument 3, sensor, can't be moved",
      ],
      [
        "a stop that is not a number",
        () => bp.x2xScan([det], m, m2, 0, any(m3), 3),
        "x2xScan: stop should be a number, not m3",
      ],
      ["a scan without points", () => bp.x2xScan([det], m, m2, 0, 1, 0), "x2xScan: num is the number of points"],
    ],
    listScan: [
      ["unequal lists", () => bp.listScan([det], m, [1, 2], m2, [1]), "the lists need equally many points, not 2, 1"],
      ["positions that are not a list", () => bp.listScan([det], m, any(3)), "listScan: m needs a list of positions"],
      ["an empty list", () => bp.listScan([det], m, []), "listScan: m needs a list of positions, not an empty one"],
    ],
    relListScan: [
      [
        "a motor that can't be moved",
        () => bp.relListScan([det], any(det), [1]),
        "relListScan: argument 2, det, can't be moved",
      ],
    ],
    gridScan: [
      ["an axis twice", () => bp.gridScan([det], m, 0, 1, 2, m, 0, 1, 2), "gridScan: m is an axis twice"],
      [
        "a motor that can't be moved",
        () => bp.gridScan([det], m, 0, 1, 2, any(det), 0, 1, 2),
        "gridScan: argument 6, det, can't be moved",
      ],
      [
        "a range that is not numbers",
        () => bp.gridScan([det], m, 0, any("1"), 2),
        "gridScan: m needs start, stop and number of points",
      ],
      ["a grid without axes", () => any(bp.gridScan)([det]), "gridScan: a grid needs at least one axis"],
      [
        "two ways to snake",
        () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 2, true, any({ snakeAxes: true })),
        "give either snakeAxes or a boolean after each axis",
      ],
      [
        "a slowest motor that snakes",
        () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 2, { snakeAxes: [m] }),
        "the slowest motor m can't snake",
      ],
      [
        "a snake that is not an axis",
        () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 2, { snakeAxes: [m3] }),
        "snakeAxes names a motor that is not an axis",
      ],
    ],
    relGridScan: [
      [
        "a missing number of points",
        () => any(bp.relGridScan)([det], m, 0, 1),
        "relGridScan: num is the number of points",
      ],
    ],
    listGridScan: [
      ["a motor without positions", () => any(bp.listGridScan)([det], m), "listGridScan: each motor needs a list"],
    ],
    relListGridScan: [
      ["positions that are not a list", () => bp.relListGridScan([det], m, any(3)), "relListGridScan: m needs a list"],
    ],
    logScan: [
      [
        "a step that is not a function",
        () => bp.logScan([det], m, 0, 1, 3, { perStep: any(bps.null_()) }),
        "logScan: perStep should be a function that makes a plan",
      ],
      ["a motor that is a number", () => bp.logScan([det], any(3), 0, 1, 3), "logScan: argument 2 should be a motor"],
      [
        "a stop that is not a number",
        () => bp.logScan([det], m, 0, any("1"), 3),
        'logScan: stop should be a number, not "1"',
      ],
    ],
    relLogScan: [
      [
        "a start that is not a number",
        () => bp.relLogScan([det], m, Number.NaN, 1, 3),
        "relLogScan: start should be a number, not NaN",
      ],
    ],
    scanNd: [
      [
        "a step that is not a function",
        () => bp.scanNd([det], cycler(m, [1]), { perStep: any(3) }),
        "scanNd: perStep should be a function that makes a plan, not 3",
      ],
      ["a list in place of a trajectory", () => bp.scanNd([det], any([1, 2])), "scanNd: argument 2 is a trajectory"],
      ["a motor that can't be moved", () => bp.scanNd([det], cycler(any(det), [1])), "det can't be scanned"],
      [
        "a motor without a name",
        () => bp.scanNd([det], cycler(new SimMotor(), [1])),
        "a motor of the trajectory has no name",
      ],
    ],
    adaptiveScan: [
      ["steps upside down", () => bp.adaptiveScan([det], "det", m, 0, 1, 2, 1, 1, true), "not from 2 to 1"],
      [
        "a field that is not a string",
        () => bp.adaptiveScan([det], any(det), m, 0, 1, 1, 2, 1, true),
        "adaptiveScan: targetField should be",
      ],
      [
        "a motor that can't be moved",
        () => bp.adaptiveScan([det], "det", any(det), 0, 1, 1, 2, 1, true),
        "argument 3, det, can't be moved",
      ],
    ],
    relAdaptiveScan: [
      [
        "a change that is not a number",
        () => bp.relAdaptiveScan([det], "det", m, 0, 1, 1, 2, any(null), true),
        "targetDelta should be a number",
      ],
    ],
    tuneCentroid: [
      [
        "a smallest step of 0",
        () => bp.tuneCentroid([det], "det", m, 0, 1, 0),
        "tuneCentroid: minStep should be above 0, not 0",
      ],
      ["one point", () => bp.tuneCentroid([det], "det", m, 0, 1, 0.1, 1), "needs at least 2 points, not 1"],
      ["a factor of 1", () => bp.tuneCentroid([det], "det", m, 0, 1, 0.1, 5, 1), "stepFactor should be above 1, not 1"],
    ],
    tweak: [
      [
        "a list of detectors",
        () => bp.tweak(any([det]), "det", m, 1),
        "tweak: argument 1 is a list: give the devices themselves",
      ],
      [
        "a step that is not a number",
        () => bp.tweak(det, "det", m, any("1")),
        'tweak: step should be a number, not "1"',
      ],
    ],
    spiral: [
      [
        "a motor that can't be moved",
        () => bp.spiral([det], m, any(det), 0, 0, 1, 1, 1, 1),
        "spiral: argument 3, det, can't be moved",
      ],
      [
        "a range without width",
        () => bp.spiral([det], m, m2, 0, 0, 0, 1, 1, 1),
        "spiral: xRange should be above 0, not 0",
      ],
      [
        "a range without points",
        () => bp.spiral([det], m, m2, 0, 0, 0.1, 0.1, 1, 4),
        "spiral: no point is within the range",
      ],
    ],
    relSpiral: [
      [
        "rings without distance",
        () => bp.relSpiral([det], m, m2, 1, 1, 0, 1),
        "relSpiral: dr should be above 0, not 0",
      ],
    ],
    spiralFermat: [
      [
        "a factor that is not a number",
        () => bp.spiralFermat([det], m, m2, 0, 0, 1, 1, 1, any({})),
        "factor should be a number",
      ],
    ],
    relSpiralFermat: [
      [
        "a range without points",
        () => bp.relSpiralFermat([det], m, m2, 0.1, 0.1, 1, 1),
        "no point is within the range",
      ],
    ],
    spiralSquare: [
      ["half a point", () => bp.spiralSquare([det], m, m2, 0, 0, 1, 1, 2.5, 2), "a whole number from 1, not 2.5"],
    ],
    relSpiralSquare: [
      [
        "a motor that can't be moved",
        () => bp.relSpiralSquare([det], any(det), m2, 1, 1, 2, 2),
        "argument 2, det, can't be moved",
      ],
    ],
    fly: [
      ["a flyer that is not in a list", () => bp.fly(any(flyer)), "fly: the flyers come as a list"],
      ["a flyer that can't fly", () => bp.fly([any(det)]), "fly: flyer 1, det, can't fly"],
    ],
    rampPlan: [
      [
        "a motor in place of the plan",
        () => bp.rampPlan(any(m), sensor, () => bps.null_()),
        "rampPlan: argument 1 is the plan that starts",
      ],
      [
        "a signal that can't be monitored",
        () => bp.rampPlan(bps.absSet(m, 1), any(det), () => bps.null_()),
        "argument 2, det, can't be monitored",
      ],
      [
        "a plan in place of the function that makes it",
        () => bp.rampPlan(bps.absSet(m, 1), sensor, any(bps.null_())),
        "rampPlan: argument 3 is a function",
      ],
      [
        "a period of 0",
        () => bp.rampPlan(bps.absSet(m, 1), sensor, () => bps.null_(), { period: 0 }),
        "rampPlan: period should be above 0, not 0",
      ],
    ],
    rampScan: [
      [
        "a motor that can't be moved",
        () => bp.rampScan([det], any(det), 3),
        "rampScan: argument 2, det, can't be moved",
      ],
      ["a period of 0", () => bp.rampScan([det], m, 3, { period: 0 }), "rampScan: period should be above 0, not 0"],
      [
        "a negative timeout",
        () => bp.rampScan([det], m, 3, { timeout: -1 }),
        "rampScan: timeout should be above 0, not -1",
      ],
    ],
    timeScan: [["a period of 0", () => bp.timeScan([det], 10, 0), "timeScan: duration and period are in seconds"]],
  };
  const stubs: (readonly [what: string, plan: () => Plan, complaint: string])[] = [
    ["too few delays", () => bps.repeat(() => bps.null_(), 4, [1, 1]), "4 repetitions need 3 delays, but 2 are given"],
    [
      "a plan in place of the function that makes it",
      () => bps.repeat(any(bps.null_()), 4),
      "repeat does a plan anew each time, so it takes a function",
    ],
    [
      "half a repetition",
      () => bps.repeater(1.5, bps.null_),
      "repeater: the number of times should be a whole number from 0",
    ],
    ["a move of a detector", () => bps.mv(any(det), 3), "mv: argument 1, det, can't be moved: it is read-only"],
    ["half a pair", () => any(bps.mv)(m), "mv takes pairs of device and position"],
    ["pairs upside down", () => bps.mv(any(3), any(m)), "mv: argument 1 can't be moved"],
    ["one device to two places", () => bps.mv(m, 1, m, 2), "mv: m is moved to two places"],
    ["a move by a string", () => bps.mvr(m, any("1")), "mvr: m is moved by a number, not by 1"],
    ["a relative set by a string", () => bps.relSet(m, any("1")), "relSet: m is moved by a number, not by 1"],
    [
      "a device that is not in a list",
      () => bps.triggerAndRead(any(det)),
      "triggerAndRead: the devices come first, as a list",
    ],
    [
      "a detector of a shot that is not in a list",
      () => bps.oneShot(any(det)),
      "oneShot: the devices come first, as a list",
    ],
    ["a stream without a name", () => any(bps.declareStream)(det), "declareStream takes devices and a name"],
    ["devices without a stream", () => any(bps.declareStream)(det, m), "declareStream takes devices and a name"],
    ["a flyer that can't fly", () => bps.kickoffAll(any(det)), "det can't fly"],
    ["a negative duration", () => bps.dwell([det], -1), "dwell: duration and period are in seconds"],
    ["a tolerance of 0", () => bps.settle(sensor, 3, { tolerance: 0 }), "settle: tolerance should be above 0, not 0"],
    ["a number that should settle", () => bps.settle(any(3), 3, { tolerance: 1 }), "settle: argument 1 can't be read"],
  ];

  for (const [plan, wrong] of Object.entries(cases)) {
    for (const [what, make, expected] of wrong) {
      it(`${plan} refuses ${what} before its first message`, () => {
        expect(complaint(make())).to.contain(expected);
        expect(complaint(make())).not.to.contain("\n");
      });
    }
  }

  for (const [what, make, expected] of stubs) {
    it(`stubs refuse ${what} before their first message`, () => {
      expect(complaint(make())).to.contain(expected);
    });
  }

  it("refuse a field that no detector has at the first reading, since only that can tell", async () => {
    const RE = quietEngine().RE;
    for (const [name, plan] of [
      ["adaptiveScan", bp.adaptiveScan([det], "nope", m, 0, 1, 0.1, 0.5, 1, true)],
      ["tuneCentroid", bp.tuneCentroid([det], "nope", m, 0, 1, 0.1)],
      ["tweak", bp.tweak(det, "nope", m, 0.1)],
    ] as const)
      expect((await failure(RE(plan))).message).to.equal(`${name}: no detector reads a number "nope"`);
  });

  it("all check their arguments", () => {
    const aliases = /^relative(Scan|ListScan|LogScan|AdaptiveScan|Spiral|SpiralFermat)$|uterProductScan$/;
    const noPlans = ["RampFail", "settledStep"];
    const plans = Object.keys(bp).filter((name) => !aliases.test(name) && !noPlans.includes(name));
    expect(Object.keys(cases).sort()).to.deep.equal(plans.sort());
  });

  it("refuse to move a device relatively whose readings lack its hinted position", () => {
    const lost = any({ ...blind, name: "lost", hints: { fields: ["gone"] }, read: () => ({}), describe: () => ({}) });
    const wrapped = bpp.relativeSetWrapper(bps.absSet(lost, 1));
    for (const plan of [bps.mvr(lost, 1), bps.relSet(lost, 1), wrapped]) {
      plan.next();
      expect(() => plan.next(any({}))).to.throw("lost can't be moved relatively: its position is not a number");
    }
  });

  it("cannot rd a device with several values", () => {
    const plan = bps.rd({
      ...plain,
      name: "two",
      hints: { fields: ["a", "b"] },
      read: () => ({}),
      describe: () => ({}),
    } as never);
    expect(complaint(plan)).to.equal("rd needs a device with one value, but two has a, b: rd one of its signals");
  });

  it("says what a perStep that was written for one motor gets", async () => {
    const { det, m } = softDevices();
    function* forOne(_detectors: unknown, motor: never, position: never): Plan<void> {
      yield* bps.mv(motor, position);
    }
    const run = quietEngine().RE(bp.scan([det], m, 0, 1, 3, { perStep: forOne as never }));
    expect(await failureText(run)).to.match(
      /^a map can't be moved: a perStep gets .* yield\* movePerStep\(step, positions\)/,
    );
  });

  it("take metadata as an object, not as a text or a list", () => {
    for (const [md, given] of [
      ["Ni foil", "'Ni foil'"],
      [["Ni foil"], "[ 'Ni foil' ]"],
    ]) {
      const plans: readonly Plan<unknown>[] = [
        bpp.injectMdWrapper(bp.count([det]), any(md)),
        bpp.runWrapper(bps.checkpoint(), { md: any(md) }),
        bps.openRun(any(md)),
        bp.count([det], 1, { md: any(md) }),
        bp.scan([det], m, 0, 1, 2, { md: any(md) }),
        bp.x2xScan([det], m, m2, 0, 1, 2, { md: any(md) }),
        bp.rampPlan(any(bps.checkpoint()), sensor, () => bps.checkpoint(), { md: any(md) }),
      ];
      for (const plan of plans)
        expect(complaint(plan)).to.equal(`metadata is an object, like {sample: "Ni foil"}, not ${given}`);
    }
  });

  it("refuse at the first point a step or a shot that makes no plan", () => {
    const words = "should be a generator function (function*), but gave";
    const all = (scan: Iterable<unknown>) => () => [...scan];
    expect(all(bp.scan([det], m, 0, 1, 3, { perStep: any(() => 1) }))).to.throw(`scan: perStep ${words} 1`);
    expect(all(bp.scan([det], m, 0, 1, 3, { perStep: any((dets: unknown) => dets) }))).to.throw(`${words} an object`);
    expect(all(bp.logScan([det], m, 0, 1, 3, { perStep: any(async () => {}) }))).to.throw(`logScan: perStep ${words}`);
    expect(all(bp.count([det], { perShot: any(() => undefined) }))).to.throw(`count: perShot ${words} undefined`);
    expect([...bp.count([det], { perShot: any(() => [Msg("null")]) })].map(({ command }) => command)).to.include(
      "null",
    );
  });
});

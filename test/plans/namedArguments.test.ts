/** Checks that plans take their arguments by position, by name, and partly so, with the same result. */

import { expect } from "chai";
import type { Msg, Plan } from "../../lib/core/protocols/msg";
import { bp } from "../../lib/plans";
import { SimDetector, SimMotor } from "../../lib/sim";
import { quietEngine } from "../support/quietEngine";

const det = new SimDetector("det");
const m = new SimMotor("m", { limits: [-100, 100] });
const m2 = new SimMotor("m2", { limits: [-100, 100] });
const any = (value: unknown) => value as never;

/** The messages of a plan, and the metadata of its run, as far as they do not change from call to call. */
async function messagesOf(make: () => Plan): Promise<readonly unknown[]> {
  const { RE } = quietEngine();
  const seen: unknown[] = [];
  RE.msgHook = ({ command, obj, args, kwargs }: Msg) => {
    if (command === "sleep") return;
    const { group, ...rest } = kwargs;
    seen.push([command, obj, command === "wait_for" ? [] : args, rest]);
  };
  await m.set(0);
  await m2.set(0);
  await RE(make());
  return seen;
}

const md = { sample: "Ni" };
const same: readonly (readonly [name: string, ...forms: (() => Plan)[]])[] = [
  [
    "count",
    () => bp.count([det], 3, 0.001, { md }),
    () => bp.count([det], 3, { delay: 0.001, md }),
    () => bp.count([det], { num: 3, delay: 0.001, md }),
  ],
  ["count without arguments", () => bp.count([det]), () => bp.count([det], {}), () => bp.count([det], undefined, 0)],
  [
    "scan",
    () => bp.scan([det], m, 0, 2, 3, { md }),
    () => bp.scan([det], m, 0, 2, { num: 3, md }),
    () => bp.scan([det], m, { start: 0, stop: 2, num: 3, md }),
    () => bp.scan([det], { motor: m, start: 0, stop: 2, num: 3, md }),
  ],
  [
    "relScan",
    () => bp.relScan([det], m, -1, 1, 3),
    () => bp.relScan([det], m, { start: -1, stop: 1, num: 3 }),
    () => bp.relScan([det], { motor: m, start: -1, stop: 1, num: 3 }),
  ],
  [
    "listScan",
    () => bp.listScan([det], m, [1, 2, 5], { md }),
    () => bp.listScan([det], { motor: m, points: [1, 2, 5], md }),
  ],
  [
    "gridScan",
    () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 3, { snakeAxes: true, md }),
    () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 3, { snake: true, md }),
    () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 3, { snake: [m2], md }),
    () => bp.gridScan([det], m, 0, 1, 2, m2, 0, 1, 3, true, { md }),
  ],
  [
    "listGridScan",
    () => bp.listGridScan([det], m, [0, 1], m2, [0, 1], { snakeAxes: true }),
    () => bp.listGridScan([det], m, [0, 1], m2, [0, 1], { snake: true }),
  ],
  [
    "logScan",
    () => bp.logScan([det], m, 0, 1, 3, { md }),
    () => bp.logScan([det], m, 0, 1, { num: 3, md }),
    () => bp.logScan([det], m, { start: 0, stop: 1, num: 3, md }),
    () => bp.logScan([det], { motor: m, start: 0, stop: 1, num: 3, md }),
  ],
  [
    "relLogScan",
    () => bp.relLogScan([det], m, 0, 1, 3),
    () => bp.relLogScan([det], { motor: m, start: 0, stop: 1, num: 3 }),
  ],
  [
    "adaptiveScan",
    () => bp.adaptiveScan([det], "det", m, 0, 1, 0.1, 0.5, 0.2, true, 0.8, { md }),
    () => bp.adaptiveScan([det], "det", m, 0, 1, 0.1, 0.5, 0.2, { backstep: true, md }),
    () => bp.adaptiveScan([det], "det", m, { start: 0, stop: 1, minStep: 0.1, maxStep: 0.5, targetDelta: 0.2, md }),
    () =>
      bp.adaptiveScan([det], {
        targetField: "det",
        motor: m,
        start: 0,
        stop: 1,
        minStep: 0.1,
        maxStep: 0.5,
        targetDelta: 0.2,
        backstep: true,
        threshold: 0.8,
        md,
      }),
  ],
  [
    "tuneCentroid",
    () => bp.tuneCentroid([det], "det", m, -1, 1, 0.2, 5, 3, true, { md }),
    () => bp.tuneCentroid([det], "det", m, -1, 1, 0.2, { num: 5, snake: true, md }),
    () => bp.tuneCentroid([det], "det", m, -1, 1, 0.2, 5, { stepFactor: 3, snake: true, md }),
    () => bp.tuneCentroid([det], "det", m, { start: -1, stop: 1, minStep: 0.2, num: 5, snake: true, md }),
    () =>
      bp.tuneCentroid([det], { signal: "det", motor: m, start: -1, stop: 1, minStep: 0.2, num: 5, snake: true, md }),
  ],
  [
    "spiral",
    () => bp.spiral([det], m, m2, 0, 0, 1, 1, 0.3, 4, { tilt: 0.1, md }),
    () => bp.spiral([det], m, m2, 0, 0, 1, 1, 0.3, { nth: 4, tilt: 0.1, md }),
    () => bp.spiral([det], m, m2, { xStart: 0, yStart: 0, xRange: 1, yRange: 1, dr: 0.3, nth: 4, tilt: 0.1, md }),
  ],
  [
    "relSpiralFermat",
    () => bp.relSpiralFermat([det], m, m2, 1, 1, 0.3, 2),
    () => bp.relSpiralFermat([det], { xMotor: m, yMotor: m2, xRange: 1, yRange: 1, dr: 0.3, factor: 2 }),
  ],
  [
    "spiralSquare",
    () => bp.spiralSquare([det], m, m2, 0, 0, 1, 1, 3, 2),
    () => bp.spiralSquare([det], m, m2, { xCenter: 0, yCenter: 0, xRange: 1, yRange: 1, xNum: 3, yNum: 2 }),
  ],
  [
    "x2xScan",
    () => bp.x2xScan([det], m, m2, -1, 1, 3, { md }),
    () => bp.x2xScan([det], m, m2, { start: -1, stop: 1, num: 3, md }),
    () => bp.x2xScan([det], { motor1: m, motor2: m2, start: -1, stop: 1, num: 3, md }),
  ],
  [
    "timeScan",
    () => bp.timeScan([det], 0.002, 0.001, { md }),
    () => bp.timeScan([det], 0.002, { period: 0.001, md }),
    () => bp.timeScan([det], { duration: 0.002, period: 0.001, md }),
  ],
];

describe("arguments by name", () => {
  for (const [name, first, ...others] of same) {
    it(`give the same plan as those by position: ${name}`, async () => {
      const expected = await messagesOf(first as () => Plan);
      for (const other of others) expect(await messagesOf(other)).to.deep.equal(expected);
      expect(expected.length).to.be.greaterThan(4);
    });
  }

  it("are refused if they are unknown, given twice or too many", () => {
    const refused: readonly (readonly [Plan, string])[] = [
      [bp.count([det], any({ numm: 3 })), "count has no option numm (num?): it takes num, delay, perShot, md"],
      [bp.count([det], 3, { num: 4 }), "count: num is given twice"],
      [bp.count([det], 3, 0, any(5)), "count: 5 is one value too many: it takes num, delay"],
      [bp.scan([det], m, 0, 1, any({ num: 3, prestep: 1 })), "scan has no option prestep (perStep?)"],
      [bp.scan([det], m, 0, 1, any({ num: 3, start: 2 })), "scan: start is given twice, or without motor"],
      [bp.scan([det], any({ num: 3, stop: 2 })), "scan: stop is given twice, or without motor"],
      [bp.logScan([det], m, any({ start: 0, num: 3 })), "logScan: stop is missing: logScan([detector], motor, "],
      [bp.tuneCentroid([det], "det", m, any({ start: 0, stop: 1 })), "tuneCentroid: minStep is missing"],
      [bp.gridScan([det], m, 0, 1, 2, { snake: true, snakeAxes: true }), "gridScan: snake and snakeAxes are the same"],
      [bp.spiral([det], m, m2, any({ xStart: 0 })), "spiral: yStart is missing: spiral([detector], xMotor, yMotor, "],
    ];
    for (const [plan, message] of refused) expect(() => plan.next()).to.throw(message);
  });
});

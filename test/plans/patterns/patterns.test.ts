/** Compares trajectories and summaries with bluesky's, for the cases of test/peers/bluesky/patterns.py. */

import { expect } from "chai";
import { bp, bps, cycler, planPatterns as pp, summarizePlan } from "../../../lib/plans";
import { seededRandom } from "../../../lib/randomSource";
import { runPython } from "../../peers/peers";
import { expectClose } from "../../support/compareWithBluesky";
import { type Motor, softDevices } from "../../support/softDevices";

const d = softDevices();
const { m, m2, m3 } = d;
const axis = (motor: Motor, start: number, stop: number, num: number, snake: boolean) => ({
  motor,
  start,
  stop,
  num,
  snake,
});

const PATTERNS: Record<string, pp.Cycler<Motor>> = {
  "inner_product of one": pp.innerProduct(3, [{ motor: m, start: 0, stop: 1 }]),
  "inner_product of two": pp.innerProduct(4, [
    { motor: m, start: 0, stop: 1 },
    { motor: m2, start: 5, stop: -5 },
  ]),
  "inner_product of one point": pp.innerProduct(1, [{ motor: m, start: 2, stop: 1 }]),
  outer_product: pp.outerProduct([axis(m, 0, 1, 2, false), axis(m2, 0, 3, 3, false), axis(m3, 1, 0, 2, true)]),
  "outer_product that snakes": pp.outerProduct([
    axis(m, 0, 1, 3, false),
    axis(m2, 0, 3, 2, true),
    axis(m3, 1, 0, 3, true),
  ]),
  inner_list_product: pp.innerListProduct([
    [m, [1, 2, 5]],
    [m2, [3, 4, 0]],
  ]),
  outer_list_product: pp.outerListProduct([
    [m, [1, 2]],
    [m2, [3, 4, 0]],
  ]),
  "outer_list_product that snakes": pp.outerListProduct(
    [
      [m, [1, 2]],
      [m2, [3, 4, 0]],
    ],
    true,
  ),
  "outer_list_product with one snake": pp.outerListProduct(
    [
      [m, [1, 2]],
      [m2, [3, 4]],
      [m3, [5, 6]],
    ],
    [m3],
  ),
  snake_cyclers: pp.snakeCyclers([cycler(m, [1, 2]), cycler(m2, [3, 4]).plus(cycler(m3, [5, 6]))], [false, true]),
};

const motors = { xMotor: m, yMotor: m2 };
const python = (value: number | null) => (value === null ? "None" : String(value));
for (const [xRange, yRange, dr, nth, drY, tilt] of [
  [2, 2, 0.3, 5, null, 0],
  [4, 1, 0.3, 3, null, 0.4],
  [1, 4, 0.3, 2.5, 0.6, -0.3],
] as const) {
  const name = `spiral ${xRange} x ${yRange}, dr ${dr}, ${nth} more a ring, dr_y ${python(drY)}, tilt ${tilt}`;
  PATTERNS[name] = pp.spiral({ ...motors, xStart: 0.5, yStart: -1, xRange, yRange, dr, nth, drY, tilt });
}
for (const [xRange, yRange, dr, factor, drY, tilt] of [
  [2, 2, 0.3, 1, null, 0],
  [4, 1, 0.3, 2, null, 0.4],
  [2, 4, 0.3, 1.5, 0.6, -0.3],
] as const) {
  const name = `spiral_fermat ${xRange} x ${yRange}, dr ${dr}, factor ${factor}, dr_y ${python(drY)}, tilt ${tilt}`;
  PATTERNS[name] = pp.spiralFermat({ ...motors, xStart: 0.5, yStart: -1, xRange, yRange, dr, factor, drY, tilt });
}
for (let xNum = 2; xNum < 8; xNum += 1) {
  for (let yNum = 2; yNum < 8; yNum += 1) {
    PATTERNS[`spiral_square_pattern ${xNum} x ${yNum}`] = pp.spiralSquarePattern({
      ...motors,
      xCenter: 1,
      yCenter: 2,
      xRange: 3,
      yRange: 4,
      xNum,
      yNum,
    });
  }
}

const PLANS = {
  scan: bp.scan([d.det], m, 0, 1, 3),
  grid_scan: bp.gridScan([d.det, d.sensor], m, 0, 1, 2, m2, 2, 3, 2, true),
  count: bp.count([d.det], 2),
  mv: bps.mv(m, 1, m2, 2),
  "list_scan of words": bp.listScan([d.det], d.mode, ["on", "off"]),
};

describe("trajectories compared with bluesky", () => {
  const bluesky: { patterns: Record<string, unknown>; summaries: Record<string, string[]> } = {
    patterns: {},
    summaries: {},
  };

  before(async function () {
    this.timeout(120_000);
    Object.assign(bluesky, JSON.parse(await runPython("test/peers/bluesky/patterns.py")));
  });

  it("exist for the same cases as those of the Python script", () => {
    expect(Object.keys(PATTERNS).sort()).to.deep.equal(Object.keys(bluesky.patterns).sort());
    expect(Object.keys(PLANS).sort()).to.deep.equal(Object.keys(bluesky.summaries).sort());
  });

  for (const [name, pattern] of Object.entries(PATTERNS)) {
    it(`have the same points as bluesky's for ${name}`, () => {
      const points = [...pattern].map((step) =>
        Object.fromEntries([...step].map(([motor, at]) => [motor.name, Number(at)])),
      );
      expect(points.length).to.be.above(0);
      expectClose(points, bluesky.patterns[name], name);
    });
  }

  for (const [name, plan] of Object.entries(PLANS)) {
    it(`have the same summary as bluesky's for ${name}`, async () => {
      const lines: string[] = [];
      await summarizePlan(plan, (line) => lines.push(line));
      expect(lines).to.deep.equal(bluesky.summaries[name]?.map((line) => line.replace(/\.0$/, "")));
    });
  }
});

/** A pattern with arguments drawn by chance, for bluesky and for us. */
interface AnyPattern {
  readonly pattern: string;
  readonly args: object;
  readonly points: pp.Cycler<Motor>;
}

/** Draws the arguments of one pattern. */
function anyPattern(draw: () => number, i: number): AnyPattern {
  const between = (low: number, high: number) => low + (high - low) * draw();
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1));
  const [xStart, yStart, dr] = [between(-5, 5), between(-5, 5), between(0.1, 1)] as const;
  const [xRange, yRange] = [between(0.5, 5), between(0.5, 5)] as const;
  const drY = draw() < 0.5 ? null : between(0.1, 1);
  const tilt = draw() < 0.5 ? 0 : between(-1.2, 1.2);
  const all = [m, m2, m3].slice(0, whole(1, 3));
  const shape = { ...motors, xStart, yStart, xRange, yRange, dr, drY, tilt };
  const options = { dr_y: drY, tilt };
  const kinds: (() => AnyPattern)[] = [
    () => {
      const nth = between(1, 7);
      const args = { positional: [xStart, yStart, xRange, yRange, dr, nth], ...options };
      return { pattern: "spiral", args, points: pp.spiral({ ...shape, nth }) };
    },
    () => {
      const factor = between(0.5, 3);
      const args = { positional: [xStart, yStart, xRange, yRange, dr, factor], ...options };
      return { pattern: "spiral_fermat", args, points: pp.spiralFermat({ ...shape, factor }) };
    },
    () => {
      const [xNum, yNum] = [whole(2, 12), whole(2, 12)] as const;
      const square = { ...motors, xCenter: xStart, yCenter: yStart, xRange, yRange, xNum, yNum };
      const args = { positional: [xStart, yStart, xRange, yRange, xNum, yNum] };
      return { pattern: "spiral_square", args, points: pp.spiralSquarePattern(square) };
    },
    () => {
      const num = whole(1, 9);
      const axes = all.map((motor) => ({ motor, start: between(-5, 5), stop: between(-5, 5) }));
      const args = { num, axes: axes.map(({ start, stop }) => [start, stop]) };
      return { pattern: "inner_product", args, points: pp.innerProduct(num, axes) };
    },
    () => {
      const axes = all.map((motor, at) =>
        axis(motor, between(-5, 5), between(-5, 5), whole(1, 5), at > 0 && draw() < 0.5),
      );
      const args = { axes: axes.map(({ start, stop, num, snake }) => [start, stop, num, snake]) };
      return { pattern: "outer_product", args, points: pp.outerProduct(axes) };
    },
    () => {
      const length = whole(1, 6);
      const lists = all.map((motor) => [motor, Array.from({ length }, () => between(-5, 5))] as const);
      const args = { lists: lists.map(([, list]) => list) };
      return { pattern: "inner_list_product", args, points: pp.innerListProduct(lists) };
    },
    () => {
      const lists = all.map((motor) => [motor, Array.from({ length: whole(1, 5) }, () => between(-5, 5))] as const);
      const snaking = all.map((_, at) => at).filter(() => draw() < 0.5);
      const snake = draw() < 0.5 ? draw() < 0.5 : snaking;
      const axes = typeof snake === "boolean" ? snake : snaking.flatMap((at) => all[at] ?? []);
      const args = { lists: lists.map(([, list]) => list), snake };
      return { pattern: "outer_list_product", args, points: pp.outerListProduct(lists, axes) };
    },
  ];
  return (kinds[i % kinds.length] as () => AnyPattern)();
}

describe("trajectories with any arguments", function () {
  this.timeout(120_000);

  it("have the same points as bluesky's, in 420 cases", async () => {
    const draw = seededRandom(20261130);
    const cases = Array.from({ length: 420 }, (_, i) => anyPattern(draw, i));
    const input = JSON.stringify(cases.map(({ pattern, args }) => ({ pattern, args })));
    const theirs: unknown[] = JSON.parse(await runPython("test/peers/bluesky/anyPatterns.py", [], { input }));
    for (const [i, { pattern, args, points }] of cases.entries()) {
      const ours = [...points].map((step) => {
        return Object.fromEntries([...step].map(([motor, at]) => [motor.name, Number(at)]));
      });
      expectClose(ours, theirs[i], `${pattern} ${JSON.stringify(args)}`);
    }
  });
});

/** The runs with which our views are compared with those of bluesky. */

import { derivedSignalR } from "../../../lib/core";
import { count, gridScan, logScan, scan, spiral } from "../../../lib/plans";
import { SimDetector, SimMotor } from "../../../lib/sim";

/** One run, and what is said about it in the table. */
export interface ViewCase {
  readonly name: string;
  readonly title: string;
  /** What our view shows that bluesky's does not. */
  readonly ours: string;
  /** What bluesky's view shows that ours does not. */
  readonly theirs: string;
  readonly plan: () => unknown;
}

const x = new SimMotor("x");
const y = new SimMotor("y");
const T = new SimMotor("T", { units: "K" });
const det = new SimDetector("det", {
  motor: x,
  center: 0.6,
  sigma: 0.8,
  height: 900,
  background: 40,
  noise: "poisson",
});
const noise = new SimDetector("noise", { height: 100, noise: "poisson", seed: 5 });
const mon = new SimDetector("mon", { height: 50_000, noise: "poisson", seed: 7 });
const at = { at: x.readback };
const edge = derivedSignalR(at, (v) => 50 / (1 + Math.exp(-(v.at - 1.2) / 0.15)), { name: "edge", units: "nA" });
const decay = derivedSignalR(at, (v) => 1000 / v.at ** 2, { name: "decay", units: "mbar" });
const spot = derivedSignalR(
  { a: x.readback, b: y.readback },
  ({ a, b }) => Math.round(20 + 900 * Math.exp(-((a - 1) ** 2) / 2 - (b + 0.5) ** 2 / 0.5)),
  { name: "spot", units: "counts" },
);
const cooled = derivedSignalR({ s: spot, T: T.readback }, (v) => v.s / (1 + v.T / 10), {
  name: "cooled",
  units: "counts",
});
const spectrum = derivedSignalR(
  at,
  (v) => Float64Array.from({ length: 200 }, (_, i) => 3 * Math.exp(-(((i - 60 - 6 * v.at) / 5) ** 2))),
  { name: "spectrum", units: "V" },
);
const mode = derivedSignalR(at, (v) => (v.at < 1 ? "ramp" : v.at < 3 ? "pid" : "off"), { name: "mode" });
const open = derivedSignalR(at, (v) => v.at > 2, { name: "open" });
const twelve = Array.from(
  { length: 12 },
  (_, i) =>
    new SimDetector(`T${i + 1}`, { motor: x, center: i - 6, sigma: 4, height: 40, background: 4 + i, units: "K" }),
);
const thirty = Array.from(
  { length: 30 },
  (_, i) =>
    new SimDetector(`ch${i + 1}`, { motor: x, center: (i % 7) - 3, height: 100 + 40 * i, noise: "poisson", seed: i }),
);

export const CASES: readonly ViewCase[] = [
  {
    name: "peak",
    title: "a peak",
    plan: () => scan([det], x, -4, 4, 41),
    ours: "name of the run, centre, width at half height and maximum drawn and in words, points with tooltips, zoom in the notebook",
    theirs: "",
  },
  {
    name: "noise",
    title: "noise without a peak",
    plan: () => scan([noise], x, -4, 4, 41),
    ours: "says that there is no peak above the noise, and draws none",
    theirs: "",
  },
  {
    name: "edge",
    title: "a knife edge",
    plan: () => scan([edge], x, -1, 3, 41),
    ours: "place and width of the edge",
    theirs: "",
  },
  {
    name: "two",
    title: "two detectors, one 50 times the other",
    plan: () => scan([det, mon], x, -4, 4, 41),
    ours: "units, one x axis for both, the peak of each",
    theirs: "",
  },
  {
    name: "twelve",
    title: "twelve thermometers",
    plan: () => scan(twelve, x, -4, 4, 33),
    ours: "one panel of 12 lines with names at their ends instead of 12 panels without units",
    theirs: "",
  },
  {
    name: "thirty",
    title: "thirty channels",
    plan: () => scan(thirty, x, -4, 4, 41),
    ours: "all on one screen, each with its own axis",
    theirs: "",
  },
  {
    name: "log",
    title: "equal factors over three decades",
    plan: () => logScan([decay], x, -1, 2, 31),
    ours: "logarithmic axes: the straight line that it is",
    theirs: "",
  },
  {
    name: "time",
    title: "a value over time",
    plan: () => count([noise], 30, 0.02),
    ours: "time since the start with its unit",
    theirs: "",
  },
  {
    name: "grid",
    title: "a grid that goes back and forth",
    plan: () => gridScan([spot], y, -2, 2, 21, x, -4, 4, 41, { snakeAxes: true }),
    ours: "units, equal lengths for equal units, the highest cell marked and in words, the value of each cell in its tooltip",
    theirs: "",
  },
  {
    name: "spiral",
    title: "a spiral",
    plan: () => spiral([spot], x, y, 0, 0, 6, 6, 0.4, 18),
    ours: "the highest point marked and in words, units",
    theirs: "",
  },
  {
    name: "cube",
    title: "a grid of three axes",
    plan: () => gridScan([cooled], T, 5, 40, 4, y, -2, 2, 11, x, -4, 4, 21),
    ours: "maps side by side with one scale of colours",
    theirs: "",
  },
  {
    name: "array",
    title: "arrays along a motor",
    plan: () => scan([spectrum], x, 0, 8, 41),
    ours: "a waterfall with the newest array above it",
    theirs: "",
  },
  {
    name: "words",
    title: "words and switches",
    plan: () => scan([mode, open], x, 0, 4, 41),
    ours: "bands with the words",
    theirs: "",
  },
];

/** Plans with arguments, to compare with bluesky. The same cases are in test/peers/bluesky/planCases.py. */

import type { Plan } from "../../lib/core/protocols/msg";
import type { Readable } from "../../lib/core/protocols/protocols";
import { bp, bps, cycler } from "../../lib/plans";
import type { SoftDevices } from "../support/softDevices";

function* shot(detectors: readonly Readable[]): Plan<void> {
  yield* bps.triggerAndRead(detectors, "shots");
}

const reading = (name: string) => (devices: readonly Readable[]) => bps.triggerAndRead(devices, name);

const perStep: bp.PerStep = (detectors, step, positions) => bps.oneNdStep(detectors, step, positions, reading("steps"));

const perStep1d: bp.LogScanOptions["perStep"] = function* (detectors, motor, position) {
  yield* bps.one1dStep(detectors, motor, position);
  yield* bps.triggerAndRead(detectors, "again");
};

const md = { a: 1 };

export const planCases: Record<string, (d: SoftDevices) => Plan> = {
  count: (d) => bp.count([d.det]),
  "count 3 of two": (d) => bp.count([d.det, d.sensor], 3, 0, { md: { sample: "Ni" } }),
  "count with delays": (d) => bp.count([d.det], 3, [0, 0]),
  scan: (d) => bp.scan([d.det], d.m, 0, 4, 5),
  "scan of one point": (d) => bp.scan([d.det], d.m, 1, 4, 1),
  "scan of two motors": (d) => bp.scan([d.det, d.sensor], d.m, 0, 4, d.m2, -1, 1, { num: 3, md: { a: 1 } }),
  "scan of three motors": (d) => bp.scan([d.det], d.m, 0, 4, d.m2, -1, 1, d.m3, 5, 6, 4),
  "scan that stands still": (d) => bp.scan([d.det], d.m, 1, 1, 3),
  "scan without hints": (d) => bp.scan([d.det], d.plain, 0, 1, 2),
  "scan of a part": (d) => bp.scan([d.det], d.stage.x, 0, 1, 2),
  "scan with the whole as detector": (d) => bp.scan([d.stage], d.stage.x, 0, 1, 2),
  rel_scan: (d) => bp.relScan([d.det], d.m, -1, 1, 3),
  "rel_scan of a locatable": (d) => bp.relScan([d.det], d.lm, -1, 1, 3),
  "rel_scan of two": (d) => bp.relScan([d.det], d.m, -1, 1, d.lm, 0, 2, 3),
  list_scan: (d) => bp.listScan([d.det], d.m, [1, 5, 2]),
  "list_scan of two": (d) => bp.listScan([d.det], d.m, [1, 5, 2], d.m2, [0.5, 0.5, 1]),
  rel_list_scan: (d) => bp.relListScan([d.det], d.m, [1, 5, 2]),
  grid_scan: (d) => bp.gridScan([d.det], d.m, 0, 2, 3, d.m2, -1, 1, 2),
  "grid_scan with snake": (d) => bp.gridScan([d.det], d.m, 0, 2, 3, d.m2, -1, 1, 4, d.m3, 5, 6, 2, { snakeAxes: true }),
  "grid_scan with one snake": (d) =>
    bp.gridScan([d.det], d.m, 0, 2, 3, d.m2, -1, 1, 2, d.m3, 5, 6, 2, { snakeAxes: [d.m3] }),
  "grid_scan in the old style": (d) => bp.gridScan([d.det], d.m, 0, 2, 3, d.m2, -1, 1, 2, true),
  rel_grid_scan: (d) => bp.relGridScan([d.det], d.m, 0, 2, 3, d.m2, -1, 1, 2, { snakeAxes: false }),
  list_grid_scan: (d) => bp.listGridScan([d.det], d.m, [0, 5], d.m2, [1, 2, 4]),
  "list_grid_scan with snake": (d) => bp.listGridScan([d.det], d.m, [0, 5], d.m2, [1, 2, 4], { snakeAxes: true }),
  rel_list_grid_scan: (d) => bp.relListGridScan([d.det], d.m, [0, 5], d.m2, [1, 2, 4]),
  log_scan: (d) => bp.logScan([d.det], d.m, 0, 2, 3),
  rel_log_scan: (d) => bp.relLogScan([d.det], d.m, 0, 2, 3),
  adaptive_scan: (d) => bp.adaptiveScan([d.det], "det", d.m, -2, 3, 0.05, 1, 0.2, true),
  "adaptive_scan backwards": (d) => bp.adaptiveScan([d.det], "det", d.m, 3, -2, 0.05, 1, 0.2, false),
  rel_adaptive_scan: (d) => bp.relAdaptiveScan([d.det], "det", d.m, -2, 1, 0.05, 1, 0.2, true, 0.7),
  tune_centroid: (d) => bp.tuneCentroid([d.det], "det", d.m, -2, 3, 0.1, 5),
  "tune_centroid with snake": (d) => bp.tuneCentroid([d.det], "det", d.m, -2, 3, 0.1, 5, 4, true),
  tweak: (d) => bp.tweak(d.det, "det", d.m, 0.1),
  spiral: (d) => bp.spiral([d.det], d.m, d.m2, 0.5, 1, 4, 3, 0.5, 4),
  "spiral with tilt": (d) => bp.spiral([d.det], d.m, d.m2, 0.5, 1, 4, 3, 0.5, 4, { drY: 0.7, tilt: 0.3 }),
  rel_spiral: (d) => bp.relSpiral([d.det], d.m, d.m2, 4, 3, 0.5, 4),
  spiral_fermat: (d) => bp.spiralFermat([d.det], d.m, d.m2, 0.5, 1, 4, 3, 0.5, 2),
  rel_spiral_fermat: (d) => bp.relSpiralFermat([d.det], d.m, d.m2, 4, 3, 0.5, 2, { drY: 0.6, tilt: 0.1 }),
  spiral_square: (d) => bp.spiralSquare([d.det], d.m, d.m2, 0.5, 1, 4, 3, 5, 4),
  "spiral_square wide": (d) => bp.spiralSquare([d.det], d.m, d.m2, 0, 0, 6, 2, 6, 3),
  rel_spiral_square: (d) => bp.relSpiralSquare([d.det], d.m, d.m2, 4, 3, 4, 5),
  x2x_scan: (d) => bp.x2xScan([d.det], d.m, d.m2, -2, 2, 3),
  inner_product_scan: (d) => bp.innerProductScan([d.det], 3, d.m, 0, 1),
  relative_inner_product_scan: (d) => bp.relativeInnerProductScan([d.det], 3, d.m, 0, 1),
  scan_nd: (d) => bp.scanNd([d.det], cycler(d.m, [1, 2]).times(cycler(d.m2, [3, 4, 5]))),
  fly: (d) => bp.fly([d.flyer, d.flyer2], { md: { a: 1 } }),
  ramp_plan: (d) => bp.rampPlan(bps.absSet(d.m, 1), d.sensor, () => bps.triggerAndRead([d.det])),
  "count of nothing": () => bp.count([], 2),
  "count for ever": (d) => bp.count([d.sensor], null, 2),
  "count with a delay": (d) => bp.count([d.det, d.stage], 2, 2),
  "count with more delays than needed": (d) => bp.count([d.det], 2, [2, 3, 4]),
  "count with its own shot": (d) => bp.count([d.det], 2, 0, { perShot: shot }),
  "count with hints": (d) =>
    bp.count([d.det], 1, 0, { md: { hints: { dimensions: [[["det"], "primary"]] }, plan_name: "x" } }),
  "count with hints of its own": (d) => bp.count([d.det], 1, 0, { md: { hints: { omit: true } } }),
  "count of a part and its whole": (d) => bp.count([d.stage.x, d.stage]),
  "count of the unrewindable": (d) => bp.count([d.once], 2),
  "scan downwards": (d) => bp.scan([d.det], d.m, 4, -4, 3),
  "scan without detectors": (d) => bp.scan([], d.m, 0, 1, 2),
  "scan with its own step": (d) => bp.scan([d.det], d.m, 0, 1, d.m2, 2, 3, 2, { perStep }),
  "scan with hints": (d) => bp.scan([d.det], d.m, 0, 1, { num: 2, md: { hints: { gridding: "x" } } }),
  "scan of two parts": (d) => bp.scan([d.det], d.stage.x, 0, 1, d.stage.y, 2, 3, 2),
  "scan of one with and one without hints": (d) => bp.scan([d.det], d.m, 0, 1, d.plain, 2, 3, 2),
  "scan of a detector twice": (d) => bp.scan([d.det, d.det], d.m, 0, 1, 2),
  "rel_scan with its own step": (d) => bp.relScan([d.det], d.m, -1, 1, { num: 2, perStep, md }),
  "rel_scan of a part": (d) => bp.relScan([d.det], d.stage.x, -1, 1, 2),
  "rel_scan without hints": (d) => bp.relScan([d.det], d.plain, -1, 1, 2),
  "rel_scan of one point": (d) => bp.relScan([d.det], d.m, -1, 1, 1),
  "list_scan of one point": (d) => bp.listScan([d.det], d.m, [3], { md }),
  "list_scan with its own step": (d) => bp.listScan([d.det], d.m, [3, -4], { perStep }),
  "list_scan of words": (d) => bp.listScan([d.det], d.mode, ["on", "off", "on"]),
  "rel_list_scan of two": (d) => bp.relListScan([d.det], d.lm, [1, 5], d.m2, [-0.5, 1], { md }),
  "rel_list_scan with its own step": (d) => bp.relListScan([d.det], d.m, [0, 1], { perStep }),
  "grid_scan of one axis": (d) => bp.gridScan([d.det], d.m, 0, 2, 3),
  "grid_scan of one point": (d) => bp.gridScan([d.det], d.m, 0, 2, 1, d.m2, -1, 1, 1),
  "grid_scan downwards": (d) => bp.gridScan([d.det], d.m, 2, 0, 2, d.m2, 1, -1, 3, { snakeAxes: true }),
  "grid_scan with two snakes": (d) =>
    bp.gridScan([d.det], d.m, 0, 2, 2, d.m2, -1, 1, 2, d.m3, 5, 6, 3, { snakeAxes: [d.m2, d.m3], md }),
  "grid_scan in the old style, both ways": (d) =>
    bp.gridScan([d.det], d.m, 0, 2, 2, d.m2, -1, 1, 2, false, d.m3, 5, 6, 2, true),
  "grid_scan with its own step": (d) =>
    bp.gridScan([d.det], d.m, 0, 2, 2, d.m2, -1, 1, 2, { perStep, md: { hints: { gridding: "x" } } }),
  "grid_scan without hints": (d) => bp.gridScan([d.det], d.m, 0, 2, 2, d.plain, -1, 1, 2),
  "rel_grid_scan with snake": (d) => bp.relGridScan([d.det], d.lm, 0, 2, 2, d.m2, -1, 1, 2, { snakeAxes: true, md }),
  "rel_grid_scan with one snake": (d) =>
    bp.relGridScan([d.det], d.m, 0, 2, 2, d.m2, -1, 1, 2, { snakeAxes: [d.m2], perStep }),
  "list_grid_scan with one snake": (d) =>
    bp.listGridScan([d.det], d.m, [0, 5], d.m2, [4, 1], d.m3, [7, 8], { snakeAxes: [d.m3], md }),
  "list_grid_scan of one axis": (d) => bp.listGridScan([d.det], d.m, [0, 5], { perStep }),
  "rel_list_grid_scan with snake": (d) =>
    bp.relListGridScan([d.det], d.lm, [0, 5], d.m2, [1, 2], { snakeAxes: true, md }),
  "log_scan downwards": (d) => bp.logScan([d.det], d.m, 1, -1, 4, { md }),
  "log_scan of one point": (d) => bp.logScan([d.det], d.m, 1, 2, 1),
  "log_scan with its own step": (d) => bp.logScan([d.det], d.m, 0, 1, 2, { perStep: perStep1d }),
  "rel_log_scan with its own step": (d) => bp.relLogScan([d.det], d.m, 0, 1, 2, { perStep: perStep1d, md }),
  "adaptive_scan with metadata": (d) =>
    bp.adaptiveScan([d.det, d.det2], "det", d.m, -1, 1, 0.1, 1, 0.3, true, 0.5, { md }),
  "adaptive_scan of a part": (d) => bp.adaptiveScan([d.det], "det", d.stage.x, 0, 1, 0.1, 1, 0.3, true),
  "rel_adaptive_scan with metadata": (d) =>
    bp.relAdaptiveScan([d.det], "det", d.lm, 1, -2, 0.1, 1, 0.2, false, undefined, { md }),
  "tune_centroid downwards": (d) => bp.tuneCentroid([d.det], "det", d.m, 3, -2, 0.3, 6, 2, undefined, { md }),
  "tune_centroid of a plateau": (d) => bp.tuneCentroid([d.det2], "det2", d.m2, -1, 2, 0.3, 4),
  "tune_centroid of darkness": (d) => bp.tuneCentroid([d.dark], "dark", d.m, 0, 1, 0.1, 3),
  "tweak with metadata": (d) => bp.tweak(d.det2, "det2", d.lm, -1, { md }),
  "spiral with its own step": (d) => bp.spiral([d.det], d.m, d.m2, 0, 0, 2, 2, 0.7, 3.5, { perStep, md }),
  "spiral without hints": (d) => bp.spiral([d.det], d.m, d.plain, 0, 0, 2, 1, 0.7, 3),
  "rel_spiral with options": (d) =>
    bp.relSpiral([d.det], d.lm, d.m2, 2, 3, 0.5, 4, { drY: 0.8, tilt: -0.2, perStep, md }),
  "spiral_fermat with options": (d) =>
    bp.spiralFermat([d.det], d.m, d.m2, 1, 2, 3, 2, 0.5, 1, { drY: 0.4, tilt: 0.2, perStep, md }),
  "rel_spiral_fermat around a locatable": (d) => bp.relSpiralFermat([d.det], d.lm, d.m2, 2, 2, 0.5, 1),
  "spiral_square even": (d) => bp.spiralSquare([d.det], d.m, d.m2, 0, 0, 2, 6, 2, 6, { perStep, md }),
  "spiral_square high": (d) => bp.spiralSquare([d.det], d.m, d.plain, 0, 0, 2, 6, 3, 7),
  "rel_spiral_square with options": (d) => bp.relSpiralSquare([d.det], d.lm, d.m2, 2, 2, 3, 3, { perStep, md }),
  "x2x_scan downwards": (d) => bp.x2xScan([d.det], d.lm, d.m2, 3, -1, 2, { md }),
  "inner_product_scan of two": (d) => bp.innerProductScan([d.det], 2, d.m, 0, 1, d.m2, 3, 4, { md }),
  "relative_inner_product_scan of two": (d) => bp.relativeInnerProductScan([d.det], 2, d.m, 0, 1, d.lm, 3, 4, { md }),
  "scan_nd of a line": (d) => bp.scanNd([d.det], cycler(d.m, [1, 2]).plus(cycler(d.m2, [3, 4])), { perStep, md }),
  "scan_nd of lines in a grid": (d) =>
    bp.scanNd(
      [d.det],
      cycler(d.m, [1, 2])
        .plus(cycler(d.m2, [3, 4]))
        .times(cycler(d.m3, [5, 6])),
    ),
  "fly with one": (d) => bp.fly([d.flyer]),
  "fly of nothing": () => bp.fly([]),
  "ramp_plan that takes time": (d) =>
    bp.rampPlan(bps.absSet(d.slow, 1), d.sensor, () => bps.triggerAndRead([d.det]), { md }),
  "ramp_plan with a period": (d) =>
    bp.rampPlan(bps.absSet(d.slow, 1, { group: "r" }), d.sensor, () => bps.triggerAndRead([d.det]), {
      takePreData: false,
      timeout: 60,
      period: 3,
    }),
  relative_scan: (d) => bp.relativeScan([d.det], d.m, -1, 1, 2),
  relative_list_scan: (d) => bp.relativeListScan([d.det], d.m, [1, 2]),
  relative_log_scan: (d) => bp.relativeLogScan([d.det], d.m, 0, 1, 2),
  relative_adaptive_scan: (d) => bp.relativeAdaptiveScan([d.det], "det", d.m, -2, 1, 0.05, 1, 0.2, true),
  relative_spiral: (d) => bp.relativeSpiral([d.det], d.m, d.m2, 2, 2, 0.5, 2),
  relative_spiral_fermat: (d) => bp.relativeSpiralFermat([d.det], d.m, d.m2, 2, 2, 0.5, 1),
  outer_product_scan: (d) => bp.outerProductScan([d.det], d.m, 0, 2, 2, d.m2, -1, 1, 2, false),
  relative_outer_product_scan: (d) => bp.relativeOuterProductScan([d.det], d.m, 0, 2, 2, d.m2, -1, 1, 2, true),
};

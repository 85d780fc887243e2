/** The messages of our plans are bluesky's: the same cases as test/peers/bluesky/messages.py, which runs bluesky itself. */
import { expect } from "chai";
import { Msg, type Plan } from "../../lib/core/msg";
import { bp, bpp, bps, cycler, planPatterns as pp } from "../../lib/plans";
import { runPython } from "../peers/peers";
import { expectClose, tidyMetadata } from "./compare";
import { type SoftDevices, softDevices } from "./softDevices";

class Fails extends Error {}

function* failing(): Plan<void> {
  yield Msg("null");
  throw new Fails("on purpose");
}

function* caught(plan: Plan): Plan {
  try {
    return yield* plan;
  } catch (error) {
    if (!(error instanceof Fails)) throw error;
    yield Msg("null");
  }
}

function* two(d: Pick<SoftDevices, "m" | "det">): Plan<void> {
  yield* bps.mv(d.m, 1);
  yield* bps.triggerAndRead([d.det]);
}

const listener = () => undefined;

const CASES: Record<string, (d: SoftDevices) => Plan> = {
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
  scan_nd: (d) => bp.scanNd([d.det], cycler(d.m, [1, 2]).times(pp.cycler(d.m2, [3, 4, 5]))),
  fly: (d) => bp.fly([d.flyer, d.flyer2], { md: { a: 1 } }),
  ramp_plan: (d) => bp.rampPlan(bps.absSet(d.m, 1), d.sensor, () => bps.triggerAndRead([d.det])),
  mv: (d) => bps.mv(d.m, 1, d.m2, 2),
  "mv with options": (d) => bps.mv(d.m, 1, { group: "g", timeout: 3 }),
  mvr: (d) => bps.mvr(d.m, 1, d.lm, 2),
  abs_set: (d) => bps.absSet(d.m, 1, { group: "a" }),
  "abs_set and wait": (d) => bps.absSet(d.m, 1, { wait: true }),
  rel_set: (d) => bps.relSet(d.m, 1, { wait: true }),
  rd: (d) => bps.rd(d.det),
  "rd of a locatable": (d) => bps.rd(d.lm),
  read: (d) => bps.read(d.det),
  locate: (d) => bps.locate(d.lm),
  trigger: (d) => bps.trigger(d.det, { group: "t", wait: true }),
  trigger_and_read: (d) => bps.triggerAndRead([d.det, d.m, d.sensor], "x"),
  "trigger_and_read of nothing": () => bps.triggerAndRead([]),
  "trigger_and_read of a part and its whole": (d) => bps.triggerAndRead([d.stage.x, d.stage, d.stage.y]),
  one_shot: (d) => bps.oneShot([d.det]),
  one_1d_step: (d) => bps.one1dStep([d.det], d.m, 3),
  one_nd_step: (d) =>
    bps.oneNdStep(
      [d.det],
      new Map([
        [d.m, 3],
        [d.m2, 4],
      ]),
      new Map([[d.m, 3]]),
    ),
  stage: (d) => bps.stage(d.stage, { group: "s" }),
  stage_all: (d) => bps.stageAll(d.stage, d.m),
  unstage_all: (d) => bps.unstageAll(d.stage, d.m),
  configure: (d) => bps.configure(d.det, 2),
  stop: (d) => bps.stop(d.m),
  wait: () => bps.wait("g", { timeout: 2, errorOnTimeout: false, watch: ["h"] }),
  sleep: () => bps.sleep(1.5),
  null: () => bps.null_(),
  checkpoint: () => bps.checkpoint(),
  clear_checkpoint: () => bps.clearCheckpoint(),
  pause: () => bps.pause(),
  deferred_pause: () => bps.deferredPause(),
  input_plan: () => bps.inputPlan("how far? "),
  kickoff_all: (d) => bps.kickoffAll(d.flyer, d.flyer2),
  complete_all: (d) => bps.completeAll(d.flyer, d.flyer2, { group: "c", wait: true }),
  kickoff: (d) => bps.kickoff(d.flyer, { group: "k", wait: true }),
  complete: (d) => bps.complete(d.flyer),
  collect: (d) => bps.collect(d.flyer, { name: "flight" }),
  collect_while_completing: (d) =>
    bps.collectWhileCompleting([d.flyer], [d.flyer2], { flushPeriod: 0.5, streamName: "flight" }),
  open_run: () => bps.openRun({ a: 1 }),
  close_run: () => bps.closeRun("fail", "no reason"),
  create: () => bps.create("x"),
  save: () => bps.save(),
  drop: () => bps.drop(),
  declare_stream: (d) => bps.declareStream(d.det, { name: "x" }),
  monitor: (d) => bps.monitor(d.sensor, { name: "x" }),
  unmonitor: (d) => bps.unmonitor(d.sensor),
  subscribe: () => bps.subscribe("all", listener),
  unsubscribe: () => bps.unsubscribe(3),
  repeat: (d) => bps.repeat(() => bps.triggerAndRead([d.det]), 2),
  repeater: (d) => bps.repeater(2, () => bps.mv(d.m, 1)),
  broadcast_msg: (d) => bps.broadcastMsg("set", [d.m, d.m2], [1], { group: "b" }),
  wait_for: () => bps.waitFor([async () => 1], { timeout: 1 }),
  run_wrapper: (d) => bpp.runWrapper(two(d), { md: { a: 1 } }),
  "run_wrapper of a failure": () => caught(bpp.runWrapper(failing())),
  stage_wrapper: (d) => bpp.stageWrapper(two(d), [d.stage.x, d.m]),
  "stage_wrapper of a failure": (d) => caught(bpp.stageWrapper(failing(), [d.m])),
  relative_set_wrapper: (d) => bpp.relativeSetWrapper(two(d)),
  reset_positions_wrapper: (d) => bpp.resetPositionsWrapper(two(d), [d.m]),
  baseline_wrapper: (d) => bpp.baselineWrapper(bp.count([d.det]), [d.m, d.sensor]),
  monitor_during_wrapper: (d) => bpp.monitorDuringWrapper(bp.count([d.det]), [d.sensor, d.m]),
  fly_during_wrapper: (d) => bpp.flyDuringWrapper(bp.count([d.det]), [d.flyer, d.flyer2]),
  "supplemental data": (d) =>
    new bpp.SupplementalData({ baseline: [d.m], monitors: [d.sensor], flyers: [d.flyer] }).preprocess(
      bp.count([d.det]),
    ),
  lazily_stage_wrapper: (d) => bpp.lazilyStageWrapper(two({ ...d, m: d.stage.x })),
  subs_wrapper: (d) => bpp.subsWrapper(two(d), { all: listener, event: [listener] }),
  inject_md_wrapper: () => bpp.injectMdWrapper(bps.openRun({ a: 1, b: 2 }), { a: 3 }),
  stub_wrapper: (d) => bpp.stubWrapper(bp.count([d.det])),
  set_run_key_wrapper: (d) => bpp.setRunKeyWrapper(bp.count([d.det]), "key"),
  "set_run_key_wrapper with baseline": (d) =>
    bpp.baselineWrapper(bpp.setRunKeyWrapper(bp.count([d.det]), "key"), [d.m]),
  finalize_wrapper: (d) => bpp.finalizeWrapper(two(d), bps.mv(d.m2, 0)),
  "finalize_wrapper of a failure": (d) =>
    caught(bpp.finalizeWrapper(failing(), () => bps.mv(d.m2, 0), { pauseForDebug: true })),
  contingency_wrapper: (d) =>
    caught(
      bpp.contingencyWrapper(failing(), {
        exceptPlan: () => bps.sleep(1),
        elsePlan: () => bps.checkpoint(),
        finalPlan: () => bps.mv(d.m2, 0),
      }),
    ),
  "contingency_wrapper of a success": (d) =>
    bpp.contingencyWrapper(two(d), {
      exceptPlan: () => bps.sleep(1),
      elsePlan: () => bps.checkpoint(),
      finalPlan: () => bps.mv(d.m2, 0),
    }),
  "contingency_wrapper that swallows": () =>
    bpp.contingencyWrapper(failing(), { exceptPlan: () => bps.sleep(1), autoRaise: false }),
  rewindable_wrapper: (d) => bpp.rewindableWrapper(two(d), false),
  pchain: (d) => bpp.pchain(two(d), bps.sleep(1)),
};

interface PlainMsg {
  command: string;
  obj: unknown;
  args: unknown;
  kwargs: Record<string, unknown>;
  run: unknown;
}

/** What a RunEngine would send to the plan, as in messages.py. */
function answers(): (msg: Msg) => unknown {
  const inputs = ["0.5", "x"];
  let tokens = 0;
  return ({ command, obj, args }) => {
    const device = obj as Record<string, (...a: readonly unknown[]) => unknown>;
    if (["set", "read", "locate"].includes(command)) return device[command]?.(...args);
    if (command === "stage" || command === "unstage") return "stage" in device ? [device] : [];
    if (command === "open_run") return "uid";
    if (command === "wait" || command === "rewindable") return true;
    if (command === "subscribe") {
      tokens += 1;
      return tokens;
    }
    if (command === "input") return inputs.shift();
    return undefined;
  };
}

function messages(plan: Plan): PlainMsg[] {
  const answer = answers();
  const result: PlainMsg[] = [];
  let step = plan.next();
  while (!step.done) {
    const { command, obj, args, kwargs, run } = step.value;
    result.push({
      command,
      obj: plain(obj),
      args: plain(args),
      kwargs: plain(kwargs) as Record<string, unknown>,
      run,
    });
    step = plan.next(answer(step.value));
  }
  return result;
}

function plain(value: unknown): unknown {
  if (typeof value === "function") return "<function>";
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("name" in value && "hints" in value) return `<${String(value.name)}>`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/**
 * What may differ: names of groups; the order in which motors are staged and listed where Python takes it from a set; how Python
 * writes booleans, functions and whole numbers.
 */
function normalised(list: readonly PlainMsg[]): unknown[] {
  const groups = new Map<unknown, string>();
  const groupName = (group: unknown) => {
    if (typeof group !== "string" || !/-|^[0-9a-f]{8}/.test(group)) return group;
    if (!groups.has(group)) groups.set(group, `group ${groups.size + 1}`);
    return groups.get(group);
  };
  const result = list.map(({ command, obj, args, kwargs, run }) => {
    const others = { ...kwargs };
    if ("group" in others) others.group = groupName(others.group);
    if (command === "open_run") tidyMetadata(others);
    if (command === "input") others.prompt = String(others.prompt).replaceAll(".0,", ",");
    return { command, obj, args, kwargs: others, run };
  });
  return sortStaging(result);
}

function sortStaging<M extends { command: string; obj: unknown }>(list: readonly M[]): M[] {
  const result: M[] = [];
  for (let i = 0; i < list.length; ) {
    let end = i + 1;
    const { command } = list[i] as M;
    if (command === "stage" || command === "unstage") while (list[end]?.command === command) end += 1;
    result.push(...list.slice(i, end).sort((a, b) => (String(a.obj) < String(b.obj) ? -1 : 1)));
    i = end;
  }
  return result;
}

describe("plans compared with bluesky, message for message", () => {
  let bluesky: Record<string, PlainMsg[]>;

  before(async function () {
    this.timeout(60_000);
    bluesky = JSON.parse(await runPython("test/peers/bluesky/messages.py")) as Record<string, PlainMsg[]>;
  });

  it("has the same cases as the Python script", () => {
    expect(Object.keys(CASES).sort()).to.deep.equal(Object.keys(bluesky).sort());
  });

  for (const [name, make] of Object.entries(CASES)) {
    it(`gives bluesky's messages for ${name}`, () => {
      const ours = normalised(messages(make(softDevices())));
      const theirs = normalised(bluesky[name] ?? []);
      const commands = (list: readonly unknown[]) => list.map((msg) => (msg as PlainMsg).command);
      expect(commands(ours)).to.deep.equal(commands(theirs));
      expectClose(ours, theirs, name);
    });
  }
});

/**
 * Preprocessors with arguments, to compare with bluesky. The same cases are in
 * test/peers/bluesky/preprocessorCases.py.
 */

import { Msg, type Plan } from "../../lib/core/protocols/msg";
import type { Suspender } from "../../lib/engine/suspend/suspension";
import { bp, bpp, bps } from "../../lib/plans";
import type { SoftDevices } from "../support/softDevices";
import { listener } from "./stubCases";

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

function* twoRuns(d: SoftDevices): Plan<void> {
  yield* bp.count([d.det]);
  yield* bp.count([d.sensor]);
}

/** Sleeps after each set, and replaces each null by two checkpoints. */
function afterSets({ command }: Msg): readonly [Plan | null, Plan | null] {
  if (command === "set") return [null, bps.sleep(1)];
  if (command === "null") return [bpp.pchain(bps.checkpoint(), bps.checkpoint()), null];
  return [null, null];
}

function aroundSaves(msg: Msg): readonly [Plan | null, Plan | null] {
  if (msg.command !== "save") return [null, null];
  function* head(): Plan {
    yield* bps.sleep(1);
    return yield msg;
  }
  return [head(), bps.sleep(2)];
}

const slower = (msg: Msg) => (msg.command === "sleep" ? { ...msg, args: [2 * Number(msg.args[0])] } : msg);
const withoutNulls = (msg: Msg) => (msg.command === "null" ? null : msg);
const suspender = (d: SoftDevices) => d.suspender as unknown as Suspender;

export const preprocessorCases: Record<string, (d: SoftDevices) => Plan> = {
  run_wrapper: (d) => bpp.runWrapper(two(d), { md: { a: 1 } }),
  "run_wrapper of a failure": () => caught(bpp.runWrapper(failing())),
  stage_wrapper: (d) => bpp.stageWrapper(two(d), [d.stage.x, d.m]),
  "stage_wrapper of a failure": (d) => caught(bpp.stageWrapper(failing(), [d.m])),
  relative_set_wrapper: (d) => bpp.relativeSetWrapper(two(d)),
  reset_positions_wrapper: (d) => bpp.resetPositionsWrapper(two(d), [d.m]),
  baseline_wrapper: (d) => bpp.baselineWrapper(bp.count([d.det]), [d.m, d.sensor]),
  monitor_during_wrapper: (d) => bpp.monitorDuringWrapper(bp.count([d.det]), [d.sensor, d.m]),
  fly_during_wrapper: (d) => bpp.flyDuringWrapper(bp.count([d.det]), [d.flyer, d.flyer2]),
  SupplementalData: (d) =>
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
  plan_mutator: (d) => bpp.planMutator(two(d), afterSets),
  "plan_mutator around messages": (d) => bpp.planMutator(two(d), aroundSaves),
  "plan_mutator of a failure": () => caught(bpp.planMutator(failing(), afterSets)),
  "plan_mutator in another": (d) => bpp.planMutator(bpp.planMutator(two(d), aroundSaves), afterSets),
  msg_mutator: () => bpp.msgMutator(bps.sleep(1), slower),
  "msg_mutator that drops": () => caught(bpp.msgMutator(failing(), withoutNulls)),
  "pchain of three": (d) => bpp.pchain(bps.null_(), bps.null_(), bp.count([d.det])),
  print_summary_wrapper: (d) => bpp.printSummaryWrapper(bp.count([d.det]), () => undefined),
  "run_wrapper without metadata": (d) => bpp.runWrapper(two(d)),
  "stage_wrapper of nothing": (d) => bpp.stageWrapper(two(d), []),
  "stage_wrapper with waiting": (d) => bpp.stageWrapper(bps.null_(), [d.lazy, d.stage.y]),
  "stage_wrapper in another": (d) => bpp.stageWrapper(bpp.stageWrapper(bps.null_(), [d.m]), [d.m2]),
  "relative_set_wrapper of some": (d) => bpp.relativeSetWrapper(bps.mv(d.m, 1, d.m2, 1), [d.m2]),
  "relative_set_wrapper twice": (d) => bpp.relativeSetWrapper(bpp.pchain(bps.mv(d.lm, 1), bps.mv(d.lm, 2))),
  "reset_positions_wrapper of all": (d) => bpp.resetPositionsWrapper(bps.mv(d.m, 1, d.lm, 1)),
  "reset_positions_wrapper of a failure": (d) =>
    caught(bpp.resetPositionsWrapper(bpp.pchain(bps.mv(d.m, 1), failing()))),
  "reset_positions_wrapper of nothing": () => bpp.resetPositionsWrapper(bps.null_()),
  "baseline_wrapper with a name": (d) => bpp.baselineWrapper(bp.count([d.det]), [d.m], "before"),
  "baseline_wrapper of two runs": (d) => bpp.baselineWrapper(twoRuns(d), [d.stage.x, d.m]),
  "baseline_wrapper of nothing": (d) => bpp.baselineWrapper(bp.count([d.det]), []),
  "monitor_during_wrapper of two runs": (d) => bpp.monitorDuringWrapper(twoRuns(d), [d.sensor]),
  "monitor_during_wrapper of nothing": (d) => bpp.monitorDuringWrapper(bp.count([d.det]), []),
  "fly_during_wrapper of one": (d) => bpp.flyDuringWrapper(bpp.runWrapper(bps.null_()), [d.flyer]),
  "fly_during_wrapper of nothing": (d) => bpp.flyDuringWrapper(bp.count([d.det]), []),
  "SupplementalData of nothing": (d) => new bpp.SupplementalData().preprocess(bp.count([d.det])),
  "lazily_stage_wrapper of a count": (d) => bpp.lazilyStageWrapper(bps.triggerAndRead([d.det, d.stage.x])),
  "lazily_stage_wrapper of a failure": (d) =>
    caught(bpp.lazilyStageWrapper(bpp.pchain(bps.read(d.stage.x), failing()))),
  "subs_wrapper of one": (d) => bpp.subsWrapper(two(d), listener),
  "subs_wrapper of a list": (d) => bpp.subsWrapper(two(d), [listener, listener]),
  "subs_wrapper of a failure": () => caught(bpp.subsWrapper(failing(), { stop: listener })),
  suspend_wrapper: (d) => bpp.suspendWrapper(two(d), [suspender(d)]),
  "suspend_wrapper of a failure": (d) => caught(bpp.suspendWrapper(failing(), suspender(d))),
  "inject_md_wrapper of two runs": (d) => bpp.injectMdWrapper(twoRuns(d), { plan_name: "x", b: [1, 2] }),
  "stub_wrapper of two runs": (d) => bpp.stubWrapper(twoRuns(d)),
  "set_run_key_wrapper of keyed messages": () =>
    bpp.setRunKeyWrapper(bpp.setRunKeyWrapper(bps.null_(), "inner"), "outer"),
  configure_count_time_wrapper: (d) => bpp.configureCountTimeWrapper(bp.count([d.timed, d.det]), 3),
  "configure_count_time_wrapper of no time": (d) => bpp.configureCountTimeWrapper(bp.count([d.timed]), null),
  "finalize_wrapper of a plan": () => caught(bpp.finalizeWrapper(failing(), bps.sleep(2))),
  "finalize_wrapper in another": () =>
    bpp.finalizeWrapper(bpp.finalizeWrapper(bps.null_(), bps.sleep(1)), bps.sleep(2)),
  "contingency_wrapper with a pause": () =>
    caught(bpp.contingencyWrapper(failing(), { exceptPlan: () => bps.sleep(1), pauseForDebug: true })),
  "contingency_wrapper without anything": () => caught(bpp.contingencyWrapper(failing(), {})),
  "rewindable_wrapper that changes nothing": (d) => bpp.rewindableWrapper(two(d), true),
  "rewindable_wrapper of a failure": () => caught(bpp.rewindableWrapper(failing(), false)),
  "nested wrappers": (d) =>
    bpp.baselineWrapper(
      bpp.monitorDuringWrapper(
        bpp.resetPositionsWrapper(bpp.relativeSetWrapper(bp.gridScan([d.det], d.m, 0, 1, 2, d.lm, 0, 1, 2))),
        [d.sensor],
      ),
      [d.m2],
    ),
  baseline_decorator: (d) => bpp.baselineDecorator([d.m])(twoRuns)(d),
  configure_count_time_decorator: (d) => bpp.configureCountTimeDecorator(3)(bp.count)([d.timed]),
  contingency_decorator: () => caught(bpp.contingencyDecorator({ finalPlan: () => bps.sleep(1) })(failing)()),
  finalize_decorator: (d) => bpp.finalizeDecorator(() => bps.sleep(1))(two)(d),
  fly_during_decorator: (d) => bpp.flyDuringDecorator([d.flyer])(twoRuns)(d),
  inject_md_decorator: (d) => bpp.injectMdDecorator({ a: 1 })(twoRuns)(d),
  lazily_stage_decorator: (d) => bpp.lazilyStageDecorator()(two)(d),
  monitor_during_decorator: (d) => bpp.monitorDuringDecorator([d.sensor])(twoRuns)(d),
  relative_set_decorator: (d) => bpp.relativeSetDecorator()(two)(d),
  reset_positions_decorator: (d) => bpp.resetPositionsDecorator([d.m])(two)(d),
  run_decorator: (d) => bpp.runDecorator({ md: { a: 1 } })(two)(d),
  set_run_key_decorator: (d) => bpp.setRunKeyDecorator("key")(twoRuns)(d),
  stage_decorator: (d) => bpp.stageDecorator([d.stage.x])(two)(d),
  stub_decorator: (d) => bpp.stubDecorator()(twoRuns)(d),
  subs_decorator: (d) => bpp.subsDecorator(listener)(two)(d),
  suspend_decorator: (d) => bpp.suspendDecorator([suspender(d)])(two)(d),
};

"""Bluesky's preprocessors with arguments. The same cases are in test/plans/preprocessorCases.ts."""

from bluesky import plan_stubs as bps
from bluesky import plans as bp
from bluesky import preprocessors as bpp
from bluesky.utils import Msg
from stubCases import listener


class Fails(Exception):
    pass


def failing():
    yield Msg("null")
    raise Fails("on purpose")


def caught(plan):
    try:
        yield from plan
    except Fails:
        yield Msg("null")


def two(d):
    yield from bps.mv(d["m"], 1)
    yield from bps.trigger_and_read([d["det"]])


def two_runs(d):
    yield from bp.count([d["det"]])
    yield from bp.count([d["sensor"]])


def after_sets(msg):
    """Adds a sleep after each set, and replaces each null by two."""
    if msg.command == "set":
        return None, bps.sleep(1)
    if msg.command == "null":
        return bpp.pchain(bps.checkpoint(), bps.checkpoint()), None
    return None, None


def around_saves(msg):
    if msg.command != "save":
        return None, None

    def head():
        yield from bps.sleep(1)
        return (yield msg)

    return head(), bps.sleep(2)


def slower(msg):
    return msg._replace(args=(2 * msg.args[0],)) if msg.command == "sleep" else msg


def without_nulls(msg):
    return None if msg.command == "null" else msg


CASES = {
    "run_wrapper": lambda d: bpp.run_wrapper(two(d), md={"a": 1}),
    "run_wrapper of a failure": lambda d: caught(bpp.run_wrapper(failing())),
    "stage_wrapper": lambda d: bpp.stage_wrapper(two(d), [d["stage"].x, d["m"]]),
    "stage_wrapper of a failure": lambda d: caught(bpp.stage_wrapper(failing(), [d["m"]])),
    "relative_set_wrapper": lambda d: bpp.relative_set_wrapper(two(d)),
    "reset_positions_wrapper": lambda d: bpp.reset_positions_wrapper(two(d), [d["m"]]),
    "baseline_wrapper": lambda d: bpp.baseline_wrapper(bp.count([d["det"]]), [d["m"], d["sensor"]]),
    "monitor_during_wrapper": lambda d: bpp.monitor_during_wrapper(bp.count([d["det"]]), [d["sensor"], d["m"]]),
    "fly_during_wrapper": lambda d: bpp.fly_during_wrapper(bp.count([d["det"]]), [d["flyer"], d["flyer2"]]),
    "SupplementalData": lambda d: bpp.SupplementalData(baseline=[d["m"]], monitors=[d["sensor"]], flyers=[d["flyer"]])(
        bp.count([d["det"]])
    ),
    "lazily_stage_wrapper": lambda d: bpp.lazily_stage_wrapper(two({**d, "m": d["stage"].x})),
    "subs_wrapper": lambda d: bpp.subs_wrapper(two(d), {"event": [listener], "all": listener}),
    "inject_md_wrapper": lambda d: bpp.inject_md_wrapper(bps.open_run({"a": 1, "b": 2}), {"a": 3}),
    "stub_wrapper": lambda d: bpp.stub_wrapper(bp.count([d["det"]])),
    "set_run_key_wrapper": lambda d: bpp.set_run_key_wrapper(bp.count([d["det"]]), "key"),
    "set_run_key_wrapper with baseline": lambda d: bpp.baseline_wrapper(
        bpp.set_run_key_wrapper(bp.count([d["det"]]), "key"), [d["m"]]
    ),
    "finalize_wrapper": lambda d: bpp.finalize_wrapper(two(d), bps.mv(d["m2"], 0)),
    "finalize_wrapper of a failure": lambda d: caught(
        bpp.finalize_wrapper(failing(), lambda: bps.mv(d["m2"], 0), pause_for_debug=True)
    ),
    "contingency_wrapper": lambda d: caught(
        bpp.contingency_wrapper(
            failing(), except_plan=lambda e: bps.sleep(1), else_plan=bps.checkpoint, final_plan=lambda: bps.mv(d["m2"], 0)
        )
    ),
    "contingency_wrapper of a success": lambda d: bpp.contingency_wrapper(
        two(d), except_plan=lambda e: bps.sleep(1), else_plan=bps.checkpoint, final_plan=lambda: bps.mv(d["m2"], 0)
    ),
    "contingency_wrapper that swallows": lambda d: bpp.contingency_wrapper(
        failing(), except_plan=lambda e: bps.sleep(1), auto_raise=False
    ),
    "rewindable_wrapper": lambda d: bpp.rewindable_wrapper(two(d), False),
    "pchain": lambda d: bpp.pchain(two(d), bps.sleep(1)),
    "plan_mutator": lambda d: bpp.plan_mutator(two(d), after_sets),
    "plan_mutator around messages": lambda d: bpp.plan_mutator(two(d), around_saves),
    "plan_mutator of a failure": lambda d: caught(bpp.plan_mutator(failing(), after_sets)),
    "plan_mutator in another": lambda d: bpp.plan_mutator(bpp.plan_mutator(two(d), around_saves), after_sets),
    "msg_mutator": lambda d: bpp.msg_mutator(bps.sleep(1), slower),
    "msg_mutator that drops": lambda d: caught(bpp.msg_mutator(failing(), without_nulls)),
    "pchain of three": lambda d: bpp.pchain(bps.null(), bps.null(), bp.count([d["det"]])),
    "print_summary_wrapper": lambda d: bpp.print_summary_wrapper(bp.count([d["det"]])),
    "run_wrapper without metadata": lambda d: bpp.run_wrapper(two(d)),
    "stage_wrapper of nothing": lambda d: bpp.stage_wrapper(two(d), []),
    "stage_wrapper with waiting": lambda d: bpp.stage_wrapper(bps.null(), [d["lazy"], d["stage"].y]),
    "stage_wrapper in another": lambda d: bpp.stage_wrapper(bpp.stage_wrapper(bps.null(), [d["m"]]), [d["m2"]]),
    "relative_set_wrapper of some": lambda d: bpp.relative_set_wrapper(bps.mv(d["m"], 1, d["m2"], 1), [d["m2"]]),
    "relative_set_wrapper twice": lambda d: bpp.relative_set_wrapper(bpp.pchain(bps.mv(d["lm"], 1), bps.mv(d["lm"], 2))),
    "reset_positions_wrapper of all": lambda d: bpp.reset_positions_wrapper(bps.mv(d["m"], 1, d["lm"], 1)),
    "reset_positions_wrapper of a failure": lambda d: caught(
        bpp.reset_positions_wrapper(bpp.pchain(bps.mv(d["m"], 1), failing()))
    ),
    "reset_positions_wrapper of nothing": lambda d: bpp.reset_positions_wrapper(bps.null()),
    "baseline_wrapper with a name": lambda d: bpp.baseline_wrapper(bp.count([d["det"]]), [d["m"]], name="before"),
    "baseline_wrapper of two runs": lambda d: bpp.baseline_wrapper(two_runs(d), [d["stage"].x, d["m"]]),
    "baseline_wrapper of nothing": lambda d: bpp.baseline_wrapper(bp.count([d["det"]]), []),
    "monitor_during_wrapper of two runs": lambda d: bpp.monitor_during_wrapper(two_runs(d), [d["sensor"]]),
    "monitor_during_wrapper of nothing": lambda d: bpp.monitor_during_wrapper(bp.count([d["det"]]), []),
    "fly_during_wrapper of one": lambda d: bpp.fly_during_wrapper(bpp.run_wrapper(bps.null()), [d["flyer"]]),
    "fly_during_wrapper of nothing": lambda d: bpp.fly_during_wrapper(bp.count([d["det"]]), []),
    "SupplementalData of nothing": lambda d: bpp.SupplementalData()(bp.count([d["det"]])),
    "lazily_stage_wrapper of a count": lambda d: bpp.lazily_stage_wrapper(bps.trigger_and_read([d["det"], d["stage"].x])),
    "lazily_stage_wrapper of a failure": lambda d: caught(
        bpp.lazily_stage_wrapper(bpp.pchain(bps.read(d["stage"].x), failing()))
    ),
    "subs_wrapper of one": lambda d: bpp.subs_wrapper(two(d), listener),
    "subs_wrapper of a list": lambda d: bpp.subs_wrapper(two(d), [listener, listener]),
    "subs_wrapper of a failure": lambda d: caught(bpp.subs_wrapper(failing(), {"stop": listener})),
    "suspend_wrapper": lambda d: bpp.suspend_wrapper(two(d), [d["suspender"]]),
    "suspend_wrapper of a failure": lambda d: caught(bpp.suspend_wrapper(failing(), d["suspender"])),
    "inject_md_wrapper of two runs": lambda d: bpp.inject_md_wrapper(two_runs(d), {"plan_name": "x", "b": [1, 2]}),
    "stub_wrapper of two runs": lambda d: bpp.stub_wrapper(two_runs(d)),
    "set_run_key_wrapper of keyed messages": lambda d: bpp.set_run_key_wrapper(
        bpp.set_run_key_wrapper(bps.null(), "inner"), "outer"
    ),
    "configure_count_time_wrapper": lambda d: bpp.configure_count_time_wrapper(bp.count([d["timed"], d["det"]]), 3),
    "configure_count_time_wrapper of no time": lambda d: bpp.configure_count_time_wrapper(bp.count([d["timed"]]), None),
    "finalize_wrapper of a plan": lambda d: caught(bpp.finalize_wrapper(failing(), bps.sleep(2))),
    "finalize_wrapper in another": lambda d: bpp.finalize_wrapper(bpp.finalize_wrapper(bps.null(), bps.sleep(1)), bps.sleep(2)),
    "contingency_wrapper with a pause": lambda d: caught(
        bpp.contingency_wrapper(failing(), except_plan=lambda e: bps.sleep(1), pause_for_debug=True)
    ),
    "contingency_wrapper without anything": lambda d: caught(bpp.contingency_wrapper(failing())),
    "rewindable_wrapper that changes nothing": lambda d: bpp.rewindable_wrapper(two(d), True),
    "rewindable_wrapper of a failure": lambda d: caught(bpp.rewindable_wrapper(failing(), False)),
    "nested wrappers": lambda d: bpp.baseline_wrapper(
        bpp.monitor_during_wrapper(
            bpp.reset_positions_wrapper(bpp.relative_set_wrapper(bp.grid_scan([d["det"]], d["m"], 0, 1, 2, d["lm"], 0, 1, 2))),
            [d["sensor"]],
        ),
        [d["m2"]],
    ),
    # Decorators follow.
    "baseline_decorator": lambda d: bpp.baseline_decorator([d["m"]])(two_runs)(d),
    "configure_count_time_decorator": lambda d: bpp.configure_count_time_decorator(3)(bp.count)([d["timed"]]),
    "contingency_decorator": lambda d: caught(bpp.contingency_decorator(final_plan=lambda: bps.sleep(1))(failing)()),
    "finalize_decorator": lambda d: bpp.finalize_decorator(lambda: bps.sleep(1))(two)(d),
    "fly_during_decorator": lambda d: bpp.fly_during_decorator([d["flyer"]])(two_runs)(d),
    "inject_md_decorator": lambda d: bpp.inject_md_decorator({"a": 1})(two_runs)(d),
    "lazily_stage_decorator": lambda d: bpp.lazily_stage_decorator()(two)(d),
    "monitor_during_decorator": lambda d: bpp.monitor_during_decorator([d["sensor"]])(two_runs)(d),
    "relative_set_decorator": lambda d: bpp.relative_set_decorator()(two)(d),
    "reset_positions_decorator": lambda d: bpp.reset_positions_decorator([d["m"]])(two)(d),
    "run_decorator": lambda d: bpp.run_decorator(md={"a": 1})(two)(d),
    "set_run_key_decorator": lambda d: bpp.set_run_key_decorator("key")(two_runs)(d),
    "stage_decorator": lambda d: bpp.stage_decorator([d["stage"].x])(two)(d),
    "stub_decorator": lambda d: bpp.stub_decorator()(two_runs)(d),
    "subs_decorator": lambda d: bpp.subs_decorator(listener)(two)(d),
    "suspend_decorator": lambda d: bpp.suspend_decorator([d["suspender"]])(two)(d),
}

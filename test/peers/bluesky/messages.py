"""Prints the messages of bluesky's plans as JSON: {case: [message, ...]}. The same cases are in test/plans/messages.test.ts."""

import contextlib
import json
import sys

import numpy as np
from bluesky import plan_patterns as pp
from bluesky import plan_stubs as bps
from bluesky import plans as bp
from bluesky import preprocessors as bpp
from bluesky.utils import Msg
from cycler import cycler
from softDevices import Det, Flyer, LocatableMotor, Motor, Sensor, Stage


def devices():
    """New devices for each case."""
    m = Motor("m", 2.0)
    return dict(
        m=m,
        m2=Motor("m2", -1.0),
        m3=Motor("m3", 0.5),
        lm=LocatableMotor("lm", 3.0),
        plain=Motor("plain", 1.0, hinted=False),
        det=Det("det", m),
        det2=Det("det2"),
        sensor=Sensor("sensor"),
        flyer=Flyer("flyer"),
        flyer2=Flyer("flyer2"),
        stage=Stage("stage"),
    )


def answer(msg):
    """What a RunEngine would send to the plan."""
    if msg.command == "set":
        return msg.obj.set(*msg.args)
    elif msg.command == "read":
        return msg.obj.read()
    elif msg.command == "locate":
        return msg.obj.locate()
    elif msg.command == "stage" or msg.command == "unstage":
        return msg.obj.stage() if hasattr(msg.obj, "stage") else []
    elif msg.command == "open_run":
        return "uid"
    elif msg.command == "wait":
        return True
    elif msg.command == "rewindable":
        return True
    elif msg.command == "subscribe":
        answer.tokens += 1
        return answer.tokens
    elif msg.command == "input":
        answers = iter(answer.inputs)
        value = next(answers, "x")
        answer.inputs = answer.inputs[1:]
        return value
    return None


def plain(value):
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict) or hasattr(value, "keys"):
        return {str(key): plain(value[key]) for key in value.keys()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if hasattr(value, "name"):
        return f"<{value.name}>"
    if callable(value):
        return "<function>"
    return value


def messages(plan):
    answer.inputs = ["0.5", "x"]
    answer.tokens = 0
    result = []
    send = None
    try:
        while True:
            msg = plan.send(send)
            result.append(
                dict(
                    command=msg.command,
                    obj=plain(msg.obj),
                    args=plain(msg.args),
                    kwargs=plain(dict(msg.kwargs)),
                    run=msg.run,
                )
            )
            send = answer(msg)
    except StopIteration:
        return result


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


def listener(name, doc):
    pass


CASES = {
    # plans
    "count": lambda d: bp.count([d["det"]]),
    "count 3 of two": lambda d: bp.count([d["det"], d["sensor"]], 3, md={"sample": "Ni"}),
    "count with delays": lambda d: bp.count([d["det"]], 3, [0, 0]),
    "scan": lambda d: bp.scan([d["det"]], d["m"], 0, 4, 5),
    "scan of one point": lambda d: bp.scan([d["det"]], d["m"], 1, 4, 1),
    "scan of two motors": lambda d: bp.scan([d["det"], d["sensor"]], d["m"], 0, 4, d["m2"], -1, 1, num=3, md={"a": 1}),
    "scan of three motors": lambda d: bp.scan([d["det"]], d["m"], 0, 4, d["m2"], -1, 1, d["m3"], 5, 6, 4),
    "scan that stands still": lambda d: bp.scan([d["det"]], d["m"], 1, 1, 3),
    "scan without hints": lambda d: bp.scan([d["det"]], d["plain"], 0, 1, 2),
    "scan of a part": lambda d: bp.scan([d["det"]], d["stage"].x, 0, 1, 2),
    "scan with the whole as detector": lambda d: bp.scan([d["stage"]], d["stage"].x, 0, 1, 2),
    "rel_scan": lambda d: bp.rel_scan([d["det"]], d["m"], -1, 1, 3),
    "rel_scan of a locatable": lambda d: bp.rel_scan([d["det"]], d["lm"], -1, 1, 3),
    "rel_scan of two": lambda d: bp.rel_scan([d["det"]], d["m"], -1, 1, d["lm"], 0, 2, 3),
    "list_scan": lambda d: bp.list_scan([d["det"]], d["m"], [1, 5, 2]),
    "list_scan of two": lambda d: bp.list_scan([d["det"]], d["m"], [1, 5, 2], d["m2"], [0.5, 0.5, 1]),
    "rel_list_scan": lambda d: bp.rel_list_scan([d["det"]], d["m"], [1, 5, 2]),
    "grid_scan": lambda d: bp.grid_scan([d["det"]], d["m"], 0, 2, 3, d["m2"], -1, 1, 2),
    "grid_scan with snake": lambda d: bp.grid_scan(
        [d["det"]], d["m"], 0, 2, 3, d["m2"], -1, 1, 4, d["m3"], 5, 6, 2, snake_axes=True
    ),
    "grid_scan with one snake": lambda d: bp.grid_scan(
        [d["det"]], d["m"], 0, 2, 3, d["m2"], -1, 1, 2, d["m3"], 5, 6, 2, snake_axes=[d["m3"]]
    ),
    "grid_scan in the old style": lambda d: bp.grid_scan([d["det"]], d["m"], 0, 2, 3, d["m2"], -1, 1, 2, True),
    "rel_grid_scan": lambda d: bp.rel_grid_scan([d["det"]], d["m"], 0, 2, 3, d["m2"], -1, 1, 2, snake_axes=False),
    "list_grid_scan": lambda d: bp.list_grid_scan([d["det"]], d["m"], [0, 5], d["m2"], [1, 2, 4]),
    "list_grid_scan with snake": lambda d: bp.list_grid_scan([d["det"]], d["m"], [0, 5], d["m2"], [1, 2, 4], snake_axes=True),
    "rel_list_grid_scan": lambda d: bp.rel_list_grid_scan([d["det"]], d["m"], [0, 5], d["m2"], [1, 2, 4]),
    "log_scan": lambda d: bp.log_scan([d["det"]], d["m"], 0, 2, 3),
    "rel_log_scan": lambda d: bp.rel_log_scan([d["det"]], d["m"], 0, 2, 3),
    "adaptive_scan": lambda d: bp.adaptive_scan([d["det"]], "det", d["m"], -2, 3, 0.05, 1, 0.2, True),
    "adaptive_scan backwards": lambda d: bp.adaptive_scan([d["det"]], "det", d["m"], 3, -2, 0.05, 1, 0.2, False),
    "rel_adaptive_scan": lambda d: bp.rel_adaptive_scan([d["det"]], "det", d["m"], -2, 1, 0.05, 1, 0.2, True, 0.7),
    "tune_centroid": lambda d: bp.tune_centroid([d["det"]], "det", d["m"], -2, 3, 0.1, 5),
    "tune_centroid with snake": lambda d: bp.tune_centroid([d["det"]], "det", d["m"], -2, 3, 0.1, 5, 4.0, True),
    "tweak": lambda d: bp.tweak(d["det"], "det", d["m"], 0.1),
    "spiral": lambda d: bp.spiral([d["det"]], d["m"], d["m2"], 0.5, 1, 4, 3, 0.5, 4),
    "spiral with tilt": lambda d: bp.spiral([d["det"]], d["m"], d["m2"], 0.5, 1, 4, 3, 0.5, 4, dr_y=0.7, tilt=0.3),
    "rel_spiral": lambda d: bp.rel_spiral([d["det"]], d["m"], d["m2"], 4, 3, 0.5, 4),
    "spiral_fermat": lambda d: bp.spiral_fermat([d["det"]], d["m"], d["m2"], 0.5, 1, 4, 3, 0.5, 2),
    "rel_spiral_fermat": lambda d: bp.rel_spiral_fermat([d["det"]], d["m"], d["m2"], 4, 3, 0.5, 2, dr_y=0.6, tilt=0.1),
    "spiral_square": lambda d: bp.spiral_square([d["det"]], d["m"], d["m2"], 0.5, 1, 4, 3, 5, 4),
    "spiral_square wide": lambda d: bp.spiral_square([d["det"]], d["m"], d["m2"], 0, 0, 6, 2, 6, 3),
    "rel_spiral_square": lambda d: bp.rel_spiral_square([d["det"]], d["m"], d["m2"], 4, 3, 4, 5),
    "x2x_scan": lambda d: bp.x2x_scan([d["det"]], d["m"], d["m2"], -2, 2, 3),
    "inner_product_scan": lambda d: bp.inner_product_scan([d["det"]], 3, d["m"], 0, 1),
    "relative_inner_product_scan": lambda d: bp.relative_inner_product_scan([d["det"]], 3, d["m"], 0, 1),
    "scan_nd": lambda d: bp.scan_nd([d["det"]], cycler(d["m"], [1, 2]) * cycler(d["m2"], [3, 4, 5])),
    "fly": lambda d: bp.fly([d["flyer"], d["flyer2"]], md={"a": 1}),
    "ramp_plan": lambda d: bp.ramp_plan(bps.abs_set(d["m"], 1), d["sensor"], lambda: bps.trigger_and_read([d["det"]])),
    # stubs
    "mv": lambda d: bps.mv(d["m"], 1, d["m2"], 2),
    "mv with options": lambda d: bps.mv(d["m"], 1, group="g", timeout=3),
    "mvr": lambda d: bps.mvr(d["m"], 1, d["lm"], 2),
    "abs_set": lambda d: bps.abs_set(d["m"], 1, group="a"),
    "abs_set and wait": lambda d: bps.abs_set(d["m"], 1, wait=True),
    "rel_set": lambda d: bps.rel_set(d["m"], 1, wait=True),
    "rd": lambda d: bps.rd(d["det"]),
    "rd of a locatable": lambda d: bps.rd(d["lm"]),
    "read": lambda d: bps.read(d["det"]),
    "locate": lambda d: bps.locate(d["lm"]),
    "trigger": lambda d: bps.trigger(d["det"], group="t", wait=True),
    "trigger_and_read": lambda d: bps.trigger_and_read([d["det"], d["m"], d["sensor"]], name="x"),
    "trigger_and_read of nothing": lambda d: bps.trigger_and_read([]),
    "trigger_and_read of a part and its whole": lambda d: bps.trigger_and_read([d["stage"].x, d["stage"], d["stage"].y]),
    "one_shot": lambda d: bps.one_shot([d["det"]]),
    "one_1d_step": lambda d: bps.one_1d_step([d["det"]], d["m"], 3),
    "one_nd_step": lambda d: bps.one_nd_step([d["det"]], {d["m"]: 3, d["m2"]: 4}, {d["m"]: 3, d["m2"]: None}),
    "stage": lambda d: bps.stage(d["stage"], group="s"),
    "stage_all": lambda d: bps.stage_all(d["stage"], d["m"]),
    "unstage_all": lambda d: bps.unstage_all(d["stage"], d["m"]),
    "configure": lambda d: bps.configure(d["det"], 2.0),
    "stop": lambda d: bps.stop(d["m"]),
    "wait": lambda d: bps.wait("g", timeout=2, error_on_timeout=False, watch=["h"]),
    "sleep": lambda d: bps.sleep(1.5),
    "null": lambda d: bps.null(),
    "checkpoint": lambda d: bps.checkpoint(),
    "clear_checkpoint": lambda d: bps.clear_checkpoint(),
    "pause": lambda d: bps.pause(),
    "deferred_pause": lambda d: bps.deferred_pause(),
    "input_plan": lambda d: bps.input_plan("how far? "),
    "kickoff_all": lambda d: bps.kickoff_all(d["flyer"], d["flyer2"]),
    "complete_all": lambda d: bps.complete_all(d["flyer"], d["flyer2"], group="c", wait=True),
    "kickoff": lambda d: bps.kickoff(d["flyer"], group="k", wait=True),
    "complete": lambda d: bps.complete(d["flyer"]),
    "collect": lambda d: bps.collect(d["flyer"], name="flight"),
    "collect_while_completing": lambda d: bps.collect_while_completing([d["flyer"]], [d["flyer2"]], 0.5, "flight"),
    "open_run": lambda d: bps.open_run({"a": 1}),
    "close_run": lambda d: bps.close_run("fail", "no reason"),
    "create": lambda d: bps.create("x"),
    "save": lambda d: bps.save(),
    "drop": lambda d: bps.drop(),
    "declare_stream": lambda d: bps.declare_stream(d["det"], name="x"),
    "monitor": lambda d: bps.monitor(d["sensor"], name="x"),
    "unmonitor": lambda d: bps.unmonitor(d["sensor"]),
    "subscribe": lambda d: bps.subscribe("all", listener),
    "unsubscribe": lambda d: bps.unsubscribe(3),
    "repeat": lambda d: bps.repeat(lambda: bps.trigger_and_read([d["det"]]), num=2),
    "repeater": lambda d: bps.repeater(2, bps.mv, d["m"], 1),
    "broadcast_msg": lambda d: bps.broadcast_msg("set", [d["m"], d["m2"]], 1, group="b"),
    "wait_for": lambda d: bps.wait_for([listener], timeout=1),
    # preprocessors
    "run_wrapper": lambda d: bpp.run_wrapper(two(d), md={"a": 1}),
    "run_wrapper of a failure": lambda d: caught(bpp.run_wrapper(failing())),
    "stage_wrapper": lambda d: bpp.stage_wrapper(two(d), [d["stage"].x, d["m"]]),
    "stage_wrapper of a failure": lambda d: caught(bpp.stage_wrapper(failing(), [d["m"]])),
    "relative_set_wrapper": lambda d: bpp.relative_set_wrapper(two(d)),
    "reset_positions_wrapper": lambda d: bpp.reset_positions_wrapper(two(d), [d["m"]]),
    "baseline_wrapper": lambda d: bpp.baseline_wrapper(bp.count([d["det"]]), [d["m"], d["sensor"]]),
    "monitor_during_wrapper": lambda d: bpp.monitor_during_wrapper(bp.count([d["det"]]), [d["sensor"], d["m"]]),
    "fly_during_wrapper": lambda d: bpp.fly_during_wrapper(bp.count([d["det"]]), [d["flyer"], d["flyer2"]]),
    "supplemental data": lambda d: bpp.SupplementalData(baseline=[d["m"]], monitors=[d["sensor"]], flyers=[d["flyer"]])(
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
}

if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        result = {name: messages(case(devices())) for name, case in CASES.items()}
    json.dump(result, sys.stdout)

"""Prints the documents of runs of bluesky's RunEngine as JSON: {case: [[name, doc], ...]}.

The same cases are in test/engine/documents/documents.test.ts.
"""

import contextlib
import json
import sys

from bluesky import Msg, RunEngine
from bluesky import plan_stubs as bps
from bluesky import plans as bp
from bluesky import preprocessors as bpp
from bluesky.utils import RunEngineInterrupted
from softDevices import devices


class Fails(Exception):
    pass


def configured(d):
    yield from bps.open_run()
    yield from bps.trigger_and_read([d["det"], d["m"]])
    yield from bps.configure(d["det"], 2.0)
    yield from bps.trigger_and_read([d["det"], d["m"]])
    yield from bps.close_run()


def two_runs(d):
    def one(key, detector):
        yield from bpp.set_run_key_wrapper(bps.open_run({"key": key}), key)
        for _ in range(2):
            yield from bpp.set_run_key_wrapper(bps.trigger_and_read([detector]), key)

    yield from one("a", d["det"])
    yield from one("b", d["sensor"])
    yield from bpp.set_run_key_wrapper(bps.trigger_and_read([d["det"]]), "a")
    yield from bpp.set_run_key_wrapper(bps.close_run(), "a")
    yield from bpp.set_run_key_wrapper(bps.close_run(), "b")


def failing(d):
    @bpp.run_decorator(md={"a": 1})
    def inner():
        yield from bps.trigger_and_read([d["det"]])
        raise Fails("on purpose")

    yield from inner()


def failing_unclosed(d):
    yield from bps.open_run()
    yield from bps.trigger_and_read([d["det"]])
    raise Fails("on purpose")


def pausing(d):
    yield from bps.open_run()
    yield from bps.checkpoint()
    yield from bps.trigger_and_read([d["det"]])
    yield from bps.checkpoint()
    yield from bps.trigger_and_read([d["det"]])
    yield from bps.pause()
    yield from bps.trigger_and_read([d["det"]])
    yield from bps.close_run()


def pausing_with_monitor(d):
    yield from bps.open_run()
    yield from bps.monitor(d["sensor"], name="s")
    yield from bps.checkpoint()
    yield from bps.trigger_and_read([d["det"]])
    yield from bps.pause()
    yield from bps.trigger_and_read([d["det"]])
    yield from bps.unmonitor(d["sensor"])
    yield from bps.close_run()


def pausing_in_bundle(d):
    yield from bps.open_run()
    yield from bps.checkpoint()
    yield from bps.create()
    yield from bps.read(d["det"])
    yield from bps.pause()
    yield from bps.read(d["m"])
    yield from bps.save()
    yield from bps.close_run()


def pausing_twice(d):
    yield from bps.open_run()
    yield from bps.checkpoint()
    yield from bps.trigger_and_read([d["det"]])
    yield from bps.pause()
    yield from bps.trigger_and_read([d["det"]])
    yield from bps.pause()
    yield from bps.trigger_and_read([d["m"]], name="motor")
    yield from bps.checkpoint()
    yield from bps.pause()
    yield from bps.close_run()


def pausing_with_two_runs(d):
    for key, detector in (("a", d["det"]), ("b", d["sensor"])):
        yield from bpp.set_run_key_wrapper(bps.open_run({"key": key}), key)
        yield from bps.checkpoint()
        yield from bpp.set_run_key_wrapper(bps.trigger_and_read([detector]), key)
    yield from bps.pause()
    yield from bpp.set_run_key_wrapper(bps.trigger_and_read([d["sensor"]]), "b")
    yield from bpp.set_run_key_wrapper(bps.close_run(), "a")
    yield from bpp.set_run_key_wrapper(bps.close_run(), "b")


def flying_through_pause(d):
    yield from bps.open_run()
    yield from bps.kickoff(d["flyer"], wait=True)
    yield from bps.checkpoint()
    yield from bps.complete(d["flyer"], wait=True)
    yield from bps.pause()
    yield from bps.collect(d["flyer"])
    yield from bps.close_run()


async def released():
    pass


def suspending(d):
    yield from bps.open_run()
    yield from bps.checkpoint()
    yield from bps.trigger_and_read([d["det"]])
    yield Msg("_start_suspender", None, None, None, "beam lost", released)
    yield from bps.trigger_and_read([d["det"]])
    yield from bps.close_run()


def dropping(d):
    yield from bps.open_run()
    yield from bps.create("x")
    yield from bps.read(d["det"])
    yield from bps.drop()
    yield from bps.create("x")
    yield from bps.save()
    yield from bps.declare_stream(d["det"], d["m"], name="y")
    yield from bps.close_run(reason="no data")


CASES = {
    "count": lambda d: bp.count([d["det"], d["sensor"]], 3),
    "scan": lambda d: bp.scan([d["det"]], d["m"], 0, 4, 3, md={"sample": "Ni"}),
    "rel_scan of a locatable": lambda d: bp.rel_scan([d["det"]], d["lm"], -1, 1, 3),
    "scan of two motors": lambda d: bp.scan([d["det"]], d["m"], 0, 4, d["m2"], 1, 2, 3),
    "grid with snake": lambda d: bp.grid_scan([d["det"]], d["m"], 0, 2, 2, d["m2"], -1, 1, 3, snake_axes=True),
    "list_scan": lambda d: bp.list_scan([d["det"]], d["m"], [1, 5, 2]),
    "adaptive_scan": lambda d: bp.adaptive_scan([d["det"]], "det", d["m"], -2, 3, 0.1, 1, 0.2, True),
    "scan of a part": lambda d: bp.scan([d["stage"]], d["stage"].x, 0, 1, 2),
    "baseline, monitors, flyers": lambda d: bpp.SupplementalData(
        baseline=[d["m"], d["plain"]], monitors=[d["sensor"]], flyers=[d["flyer"]]
    )(bp.count([d["det"]], 2)),
    "fly": lambda d: bp.fly([d["flyer"]]),
    "configure": configured,
    "two runs at once": two_runs,
    "failure": failing,
    "failure with an open run": failing_unclosed,
    "drop, empty bundle, declared stream": dropping,
    "pause and resume": pausing,
    "pause with a monitor": pausing_with_monitor,
    "pause in a bundle": pausing_in_bundle,
    "pause twice and at a checkpoint": pausing_twice,
    "pause of two runs": pausing_with_two_runs,
    "pause of a flight": flying_through_pause,
    "suspension": suspending,
    "abort": pausing,
    "stop": pausing,
    "halt": pausing,
}


def documents(name, case):
    RE = RunEngine({"beamline": "X"}, context_managers=[])
    RE.record_interruptions = name.startswith("pause") or name == "suspension"
    result = []
    RE.subscribe(lambda name, doc: result.append([name, doc]))
    try:
        RE(case(devices()), operator="me")
    except Fails:
        pass
    except RunEngineInterrupted:
        if name.startswith("pause"):
            while RE.state == "paused":
                with contextlib.suppress(RunEngineInterrupted):
                    RE.resume()
        elif name == "abort":
            RE.abort("enough")
        elif name == "stop":
            RE.stop()
        else:
            RE.halt()
    return result


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        everything = {name: documents(name, case) for name, case in CASES.items()}
    json.dump(everything, sys.stdout, default=list)

"""Measures bluesky's RunEngine for test/bench/engine.ts, and prints JSON: {case: items per second}."""

import contextlib
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../peers/bluesky"))

from bluesky import Msg, RunEngine
from bluesky.plans import count, scan
from softDevices import Det, Motor


def nulls(n):
    for _ in range(n):
        yield Msg("null")


def rate(n, plan):
    RE = RunEngine({}, context_managers=[])
    RE(plan(20))
    started = time.perf_counter()
    RE(plan(n))
    return n / (time.perf_counter() - started)


motor = Motor("motor")
det = Det("det", motor)
with contextlib.redirect_stdout(sys.stderr):
    rates = {
        "null": max(rate(50_000, nulls) for _ in range(2)),
        "count": max(rate(1_500, lambda n: count([det], n)) for _ in range(2)),
        "scan": max(rate(1_000, lambda n: scan([det], motor, 0, 10, n)) for _ in range(2)),
    }
json.dump(rates, sys.stdout)

"""Prints as JSON the points of bluesky's plan patterns and the results of its simulators.

The same cases are in test/plans/patterns/patterns.test.ts.
"""

import contextlib
import io
import json
import sys

from bluesky import plan_patterns as pp
from bluesky import plan_stubs as bps
from bluesky import plans as bp
from bluesky.simulators import summarize_plan
from bluesky.utils import snake_cyclers
from cycler import cycler
from softDevices import devices

d = devices()
m, m2, m3 = d["m"], d["m2"], d["m3"]

PATTERNS = {
    "inner_product of one": pp.inner_product(3, [m, 0, 1]),
    "inner_product of two": pp.inner_product(4, [m, 0, 1, m2, 5, -5]),
    "inner_product of one point": pp.inner_product(1, [m, 2, 1]),
    "outer_product": pp.outer_product([m, 0, 1, 2, m2, 0, 3, 3, False, m3, 1, 0, 2, True]),
    "outer_product that snakes": pp.outer_product([m, 0, 1, 3, m2, 0, 3, 2, True, m3, 1, 0, 3, True]),
    "inner_list_product": pp.inner_list_product([m, [1, 2, 5], m2, [3, 4, 0]]),
    "outer_list_product": pp.outer_list_product([m, [1, 2], m2, [3, 4, 0]], False),
    "outer_list_product that snakes": pp.outer_list_product([m, [1, 2], m2, [3, 4, 0]], True),
    "outer_list_product with one snake": pp.outer_list_product([m, [1, 2], m2, [3, 4], m3, [5, 6]], [m3]),
    "snake_cyclers": snake_cyclers([cycler(m, [1, 2]), cycler(m2, [3, 4]) + cycler(m3, [5, 6])], [False, True]),
    **{
        f"spiral {x} x {y}, dr {dr}, {n} more a ring, dr_y {dr_y}, tilt {tilt}": pp.spiral(
            m, m2, 0.5, -1, x, y, dr, n, dr_y=dr_y, tilt=tilt
        )
        for x, y, dr, n, dr_y, tilt in [
            (2, 2, 0.3, 5, None, 0),
            (4, 1, 0.3, 3, None, 0.4),
            (1, 4, 0.3, 2.5, 0.6, -0.3),
        ]
    },
    **{
        f"spiral_fermat {x} x {y}, dr {dr}, factor {n}, dr_y {dr_y}, tilt {tilt}": pp.spiral_fermat(
            m, m2, 0.5, -1, x, y, dr, n, dr_y=dr_y, tilt=tilt
        )
        for x, y, dr, n, dr_y, tilt in [
            (2, 2, 0.3, 1, None, 0),
            (4, 1, 0.3, 2, None, 0.4),
            (2, 4, 0.3, 1.5, 0.6, -0.3),
        ]
    },
    **{
        f"spiral_square_pattern {x} x {y}": pp.spiral_square_pattern(m, m2, 1, 2, 3, 4, x, y)
        for x in range(2, 8)
        for y in range(2, 8)
    },
}

PLANS = {
    "scan": bp.scan([d["det"]], m, 0, 1, 3),
    "grid_scan": bp.grid_scan([d["det"], d["sensor"]], m, 0, 1, 2, m2, 2, 3, 2, True),
    "count": bp.count([d["det"]], 2),
    "mv": bps.mv(m, 1, m2, 2),
    "list_scan of words": bp.list_scan([d["det"]], d["mode"], ["on", "off"]),
}


def points(pattern):
    return [{motor.name: float(at) for motor, at in step.items()} for step in pattern]


def summary(plan):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        summarize_plan(plan)
    return out.getvalue().splitlines()


json.dump(
    {
        "patterns": {name: points(pattern) for name, pattern in PATTERNS.items()},
        "summaries": {name: summary(plan) for name, plan in PLANS.items()},
    },
    sys.stdout,
)

"""Reads [{"pattern": name, "args": {...}}, ...] from stdin and prints the points of bluesky's patterns, motor by motor."""

import json
import sys

from bluesky import plan_patterns as pp
from softDevices import devices

MOTORS = [devices()[name] for name in ("m", "m2", "m3")]


def flat(axes):
    return [value for motor, axis in zip(MOTORS, axes) for value in (motor, *axis)]


def grid(axes):
    # The first axis has no snake.
    return [value for i, (motor, axis) in enumerate(zip(MOTORS, axes)) for value in (motor, *axis[: 3 if i == 0 else 4])]


PATTERNS = {
    "spiral": lambda a: pp.spiral(*MOTORS[:2], *a["positional"], dr_y=a["dr_y"], tilt=a["tilt"]),
    "spiral_fermat": lambda a: pp.spiral_fermat(*MOTORS[:2], *a["positional"], dr_y=a["dr_y"], tilt=a["tilt"]),
    "spiral_square": lambda a: pp.spiral_square_pattern(*MOTORS[:2], *a["positional"]),
    "inner_product": lambda a: pp.inner_product(a["num"], flat(a["axes"])),
    "outer_product": lambda a: pp.outer_product(grid(a["axes"])),
    "inner_list_product": lambda a: pp.inner_list_product(flat([[axis] for axis in a["lists"]])),
    "outer_list_product": lambda a: pp.outer_list_product(
        flat([[axis] for axis in a["lists"]]), a["snake"] if isinstance(a["snake"], bool) else [MOTORS[i] for i in a["snake"]]
    ),
}


def points(case):
    try:
        steps = PATTERNS[case["pattern"]](case["args"])
    except StopIteration:
        # The cycler cannot be made without a point.
        return []
    return [{motor.name: float(at) for motor, at in step.items()} for step in steps]


print(json.dumps([points(case) for case in json.load(sys.stdin)]))

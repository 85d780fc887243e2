"""Bluesky's plans with arguments. The same cases are in test/plans/planCases.ts."""

from functools import partial

from bluesky import plan_stubs as bps
from bluesky import plans as bp
from cycler import cycler


def shot(detectors):
    yield from bps.trigger_and_read(detectors, name="shots")


def step(detectors, step, pos_cache):
    yield from bps.one_nd_step(detectors, step, pos_cache, take_reading=partial(bps.trigger_and_read, name="steps"))


def step_1d(detectors, motor, step):
    yield from bps.one_1d_step(detectors, motor, step)
    yield from bps.trigger_and_read(detectors, name="again")


def reading(d):
    return lambda: bps.trigger_and_read([d["det"]])


CASES = {
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
    "count of nothing": lambda d: bp.count([], 2),
    "count for ever": lambda d: bp.count([d["sensor"]], None, 2),
    "count with a delay": lambda d: bp.count([d["det"], d["stage"]], 2, 2),
    "count with more delays than needed": lambda d: bp.count([d["det"]], 2, [2, 3, 4]),
    "count with its own shot": lambda d: bp.count([d["det"]], 2, per_shot=shot),
    "count with hints": lambda d: bp.count([d["det"]], md={"hints": {"dimensions": [(("det",), "primary")]}, "plan_name": "x"}),
    "count with hints of its own": lambda d: bp.count([d["det"]], md={"hints": {"omit": True}}),
    "count of a part and its whole": lambda d: bp.count([d["stage"].x, d["stage"]]),
    "count of the unrewindable": lambda d: bp.count([d["once"]], 2),
    "scan downwards": lambda d: bp.scan([d["det"]], d["m"], 4, -4, 3),
    "scan without detectors": lambda d: bp.scan([], d["m"], 0, 1, 2),
    "scan with its own step": lambda d: bp.scan([d["det"]], d["m"], 0, 1, d["m2"], 2, 3, 2, per_step=step),
    "scan with hints": lambda d: bp.scan([d["det"]], d["m"], 0, 1, num=2, md={"hints": {"gridding": "x"}}),
    "scan of two parts": lambda d: bp.scan([d["det"]], d["stage"].x, 0, 1, d["stage"].y, 2, 3, 2),
    "scan of one with and one without hints": lambda d: bp.scan([d["det"]], d["m"], 0, 1, d["plain"], 2, 3, 2),
    "scan of a detector twice": lambda d: bp.scan([d["det"], d["det"]], d["m"], 0, 1, 2),
    "rel_scan with its own step": lambda d: bp.rel_scan([d["det"]], d["m"], -1, 1, num=2, per_step=step, md={"a": 1}),
    "rel_scan of a part": lambda d: bp.rel_scan([d["det"]], d["stage"].x, -1, 1, 2),
    "rel_scan without hints": lambda d: bp.rel_scan([d["det"]], d["plain"], -1, 1, 2),
    "rel_scan of one point": lambda d: bp.rel_scan([d["det"]], d["m"], -1, 1, 1),
    "list_scan of one point": lambda d: bp.list_scan([d["det"]], d["m"], [3], md={"a": 1}),
    "list_scan with its own step": lambda d: bp.list_scan([d["det"]], d["m"], [3, -4], per_step=step),
    "list_scan of words": lambda d: bp.list_scan([d["det"]], d["mode"], ["on", "off", "on"]),
    "rel_list_scan of two": lambda d: bp.rel_list_scan([d["det"]], d["lm"], [1, 5], d["m2"], [-0.5, 1], md={"a": 1}),
    "rel_list_scan with its own step": lambda d: bp.rel_list_scan([d["det"]], d["m"], [0, 1], per_step=step),
    "grid_scan of one axis": lambda d: bp.grid_scan([d["det"]], d["m"], 0, 2, 3),
    "grid_scan of one point": lambda d: bp.grid_scan([d["det"]], d["m"], 0, 2, 1, d["m2"], -1, 1, 1),
    "grid_scan downwards": lambda d: bp.grid_scan([d["det"]], d["m"], 2, 0, 2, d["m2"], 1, -1, 3, snake_axes=True),
    "grid_scan with two snakes": lambda d: bp.grid_scan(
        [d["det"]], d["m"], 0, 2, 2, d["m2"], -1, 1, 2, d["m3"], 5, 6, 3, snake_axes=[d["m2"], d["m3"]], md={"a": 1}
    ),
    "grid_scan in the old style, both ways": lambda d: bp.grid_scan(
        [d["det"]], d["m"], 0, 2, 2, d["m2"], -1, 1, 2, False, d["m3"], 5, 6, 2, True
    ),
    "grid_scan with its own step": lambda d: bp.grid_scan(
        [d["det"]], d["m"], 0, 2, 2, d["m2"], -1, 1, 2, per_step=step, md={"hints": {"gridding": "x"}}
    ),
    "grid_scan without hints": lambda d: bp.grid_scan([d["det"]], d["m"], 0, 2, 2, d["plain"], -1, 1, 2),
    "rel_grid_scan with snake": lambda d: bp.rel_grid_scan(
        [d["det"]], d["lm"], 0, 2, 2, d["m2"], -1, 1, 2, snake_axes=True, md={"a": 1}
    ),
    "rel_grid_scan with one snake": lambda d: bp.rel_grid_scan(
        [d["det"]], d["m"], 0, 2, 2, d["m2"], -1, 1, 2, snake_axes=[d["m2"]], per_step=step
    ),
    "list_grid_scan with one snake": lambda d: bp.list_grid_scan(
        [d["det"]], d["m"], [0, 5], d["m2"], [4, 1], d["m3"], [7, 8], snake_axes=[d["m3"]], md={"a": 1}
    ),
    "list_grid_scan of one axis": lambda d: bp.list_grid_scan([d["det"]], d["m"], [0, 5], per_step=step),
    "rel_list_grid_scan with snake": lambda d: bp.rel_list_grid_scan(
        [d["det"]], d["lm"], [0, 5], d["m2"], [1, 2], snake_axes=True, md={"a": 1}
    ),
    "log_scan downwards": lambda d: bp.log_scan([d["det"]], d["m"], 1, -1, 4, md={"a": 1}),
    "log_scan of one point": lambda d: bp.log_scan([d["det"]], d["m"], 1, 2, 1),
    "log_scan with its own step": lambda d: bp.log_scan([d["det"]], d["m"], 0, 1, 2, per_step=step_1d),
    "rel_log_scan with its own step": lambda d: bp.rel_log_scan([d["det"]], d["m"], 0, 1, 2, per_step=step_1d, md={"a": 1}),
    "adaptive_scan with metadata": lambda d: bp.adaptive_scan(
        [d["det"], d["det2"]], "det", d["m"], -1, 1, 0.1, 1, 0.3, True, 0.5, md={"a": 1}
    ),
    "adaptive_scan of a part": lambda d: bp.adaptive_scan([d["det"]], "det", d["stage"].x, 0, 1, 0.1, 1, 0.3, True),
    "rel_adaptive_scan with metadata": lambda d: bp.rel_adaptive_scan(
        [d["det"]], "det", d["lm"], 1, -2, 0.1, 1, 0.2, False, md={"a": 1}
    ),
    "tune_centroid downwards": lambda d: bp.tune_centroid([d["det"]], "det", d["m"], 3, -2, 0.3, 6, 2.0, md={"a": 1}),
    "tune_centroid of a plateau": lambda d: bp.tune_centroid([d["det2"]], "det2", d["m2"], -1, 2, 0.3, 4),
    "tune_centroid of darkness": lambda d: bp.tune_centroid([d["dark"]], "dark", d["m"], 0, 1, 0.1, 3),
    "tweak with metadata": lambda d: bp.tweak(d["det2"], "det2", d["lm"], -1, md={"a": 1}),
    "spiral with its own step": lambda d: bp.spiral([d["det"]], d["m"], d["m2"], 0, 0, 2, 2, 0.7, 3.5, per_step=step, md={"a": 1}),
    "spiral without hints": lambda d: bp.spiral([d["det"]], d["m"], d["plain"], 0, 0, 2, 1, 0.7, 3),
    "rel_spiral with options": lambda d: bp.rel_spiral(
        [d["det"]], d["lm"], d["m2"], 2, 3, 0.5, 4, dr_y=0.8, tilt=-0.2, per_step=step, md={"a": 1}
    ),
    "spiral_fermat with options": lambda d: bp.spiral_fermat(
        [d["det"]], d["m"], d["m2"], 1, 2, 3, 2, 0.5, 1, dr_y=0.4, tilt=0.2, per_step=step, md={"a": 1}
    ),
    "rel_spiral_fermat around a locatable": lambda d: bp.rel_spiral_fermat([d["det"]], d["lm"], d["m2"], 2, 2, 0.5, 1),
    "spiral_square even": lambda d: bp.spiral_square([d["det"]], d["m"], d["m2"], 0, 0, 2, 6, 2, 6, per_step=step, md={"a": 1}),
    "spiral_square high": lambda d: bp.spiral_square([d["det"]], d["m"], d["plain"], 0, 0, 2, 6, 3, 7),
    "rel_spiral_square with options": lambda d: bp.rel_spiral_square(
        [d["det"]], d["lm"], d["m2"], 2, 2, 3, 3, per_step=step, md={"a": 1}
    ),
    "x2x_scan downwards": lambda d: bp.x2x_scan([d["det"]], d["lm"], d["m2"], 3, -1, 2, md={"a": 1}),
    "inner_product_scan of two": lambda d: bp.inner_product_scan([d["det"]], 2, d["m"], 0, 1, d["m2"], 3, 4, md={"a": 1}),
    "relative_inner_product_scan of two": lambda d: bp.relative_inner_product_scan(
        [d["det"]], 2, d["m"], 0, 1, d["lm"], 3, 4, md={"a": 1}
    ),
    "scan_nd of a line": lambda d: bp.scan_nd(
        [d["det"]], cycler(d["m"], [1, 2]) + cycler(d["m2"], [3, 4]), per_step=step, md={"a": 1}
    ),
    "scan_nd of lines in a grid": lambda d: bp.scan_nd(
        [d["det"]], (cycler(d["m"], [1, 2]) + cycler(d["m2"], [3, 4])) * cycler(d["m3"], [5, 6])
    ),
    "fly with one": lambda d: bp.fly([d["flyer"]]),
    "fly of nothing": lambda d: bp.fly([]),
    "ramp_plan that takes time": lambda d: bp.ramp_plan(bps.abs_set(d["slow"], 1), d["sensor"], reading(d), md={"a": 1}),
    "ramp_plan with a period": lambda d: bp.ramp_plan(
        bps.abs_set(d["slow"], 1, group="r"), d["sensor"], reading(d), take_pre_data=False, timeout=60, period=3
    ),
    "relative_scan": lambda d: bp.relative_scan([d["det"]], d["m"], -1, 1, 2),
    "relative_list_scan": lambda d: bp.relative_list_scan([d["det"]], d["m"], [1, 2]),
    "relative_log_scan": lambda d: bp.relative_log_scan([d["det"]], d["m"], 0, 1, 2),
    "relative_adaptive_scan": lambda d: bp.relative_adaptive_scan([d["det"]], "det", d["m"], -2, 1, 0.05, 1, 0.2, True),
    "relative_spiral": lambda d: bp.relative_spiral([d["det"]], d["m"], d["m2"], 2, 2, 0.5, 2),
    "relative_spiral_fermat": lambda d: bp.relative_spiral_fermat([d["det"]], d["m"], d["m2"], 2, 2, 0.5, 1),
    "outer_product_scan": lambda d: bp.outer_product_scan([d["det"]], d["m"], 0, 2, 2, d["m2"], -1, 1, 2, False),
    "relative_outer_product_scan": lambda d: bp.relative_outer_product_scan(
        [d["det"]], d["m"], 0, 2, 2, d["m2"], -1, 1, 2, True
    ),
}

"""Records what bluesky's RunEngine emits for plans of every kind: record_streams.py OUT_DIR

Writes OUT_DIR/NAME.jsonl, one [name, document] a line. Identifiers and times are made the same at each recording.
"""
import contextlib
import json
import math
import pathlib
import random
import sys

sys.path.insert(0, "test/peers/bluesky")
import bluesky.plan_stubs as bps
import bluesky.plans as bp
import bluesky.preprocessors as bpp
from bluesky import RunEngine
from softDevices import Det, Done, Mode, Motor, Named, Sensor, data_key

TIME = 1_795_000_000.0


class Computed(Named):
    """A detector whose value is computed at each reading."""

    def __init__(self, name, compute, **key):
        super().__init__(name)
        self.compute = compute
        self.key = {**data_key("V"), **key}

    def trigger(self):
        return Done()

    def read(self):
        return {self.name: {"value": self.compute(), "timestamp": 0.0}}

    def describe(self):
        return {self.name: self.key}

    def read_configuration(self):
        return {}

    def describe_configuration(self):
        return {}


def plans():
    """A plan for each kind of view, with new devices."""
    chance = random.Random(4)
    x, y, mode, sensor = Motor("x"), Motor("y"), Mode("mode"), Sensor("sensor")
    det = Det("det", x)
    det.gain = 1000.0
    small = Computed("small", lambda: 2e-9 * math.exp(-((x.at - 0.5) ** 2)), units="A")
    noise = Computed("noise", lambda: float(round(100 + chance.gauss(0, 10))), units="counts")
    edge = Computed("edge", lambda: 50 / (1 + math.exp(-(x.at - 1.2) / 0.3)), units="nA")
    decades = Computed("decades", lambda: 10 ** (3 - x.at), units="mbar")
    holes = Computed("holes", lambda: math.nan if 0.9 < x.at < 2.1 else x.at**2)
    spot = Computed("spot", lambda: float(round(900 * math.exp(-((x.at - 1) ** 2) - y.at**2))), units="counts")
    spectrum = Computed(
        "spectrum", lambda: [round(3 * math.exp(-(((i - 8 - 3 * x.at) / 3) ** 2)), 6) for i in range(24)], dtype="array", shape=[24]
    )
    image = Computed(
        "image",
        lambda: [[round(100 * math.exp(-((i - 4) ** 2 + (k - 5 - x.at) ** 2) / 6)) for k in range(12)] for i in range(8)],
        dtype="array",
        shape=[8, 12],
        units="counts",
    )

    def words():
        yield from bps.open_run({"plan_name": "words"})
        for word in ("off", "ramp", "ramp", "pid", "pid", "off"):
            yield from bps.mv(mode, word)
            yield from bps.trigger_and_read([mode, sensor])
        yield from bps.close_run()

    def nested():
        yield from bpp.set_run_key_wrapper(bps.open_run({"plan_name": "series"}), "outer")
        for i in range(2):
            yield from bpp.set_run_key_wrapper(bp.scan([det], x, -1, 3, 5), f"inner {i}")
            yield from bpp.set_run_key_wrapper(bps.trigger_and_read([noise]), "outer")
        yield from bpp.set_run_key_wrapper(bps.close_run(), "outer")

    def failing():
        yield from bps.open_run({"plan_name": "failing", "num_points": 5, "motors": ["x"]})
        for i in range(3):
            yield from bps.mv(x, i)
            yield from bps.trigger_and_read([x, det])
        raise RuntimeError("the pump is off")

    return {
        "count": bp.count([det, noise], 6),
        "scan": bp.scan([det], x, -3, 5, 17),
        "units": bp.scan([det, small, edge], x, -1, 3, 9),
        "noise": bp.scan([noise], x, 0, 4, 25),
        "edge": bp.scan([edge], x, -1, 3, 17),
        "decades": bp.scan([decades], x, 0, 6, 25),
        "holes": bp.scan([holes], x, 0, 4, 9),
        "many": bp.scan([Computed(f"ch{i}", lambda i=i: i + x.at) for i in range(14)], x, 0, 4, 5),
        "log": bp.log_scan([det], x, -1, 2, 13),
        "grid": bp.grid_scan([spot], y, -1, 1, 5, x, -1, 3, 7, snake_axes=True),
        "cube": bp.grid_scan([spot], Motor("T"), 1, 3, 3, y, -1, 1, 3, x, -1, 3, 4),
        "spiral": bp.spiral([spot], x, y, 1, 0, 4, 4, 1, 8),
        "waterfall": bp.scan([spectrum], x, 0, 4, 5),
        "image": bp.scan([image], x, 0, 2, 3),
        "words": words(),
        "baseline": bpp.baseline_wrapper(bp.scan([det], x, 0, 2, 5), [sensor, y]),
        "monitor": bpp.monitor_during_wrapper(bp.count([det], 3), [sensor]),
        "nested": nested(),
        "failing": failing(),
    }


def recorded(plan):
    """The documents of a plan; a plan that fails has them, too."""
    documents = []
    RE = RunEngine({}, context_managers=[])
    RE.subscribe(lambda name, doc: documents.append([name, doc]))
    with contextlib.suppress(RuntimeError):
        RE(plan)
    return documents


class Same:
    """Replaces what differs between two recordings."""

    def __init__(self):
        self.names = {}
        self.time = TIME

    def document(self, name, doc):
        self.time += 0.25
        return [name, self.value("", doc)]

    def value(self, key, value):
        if isinstance(value, dict):
            return {self.identifier(k) if k in self.names else k: self.value(k, v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(key, item) for item in value]
        if key in ("uid", "run_start", "descriptor"):
            return self.identifier(value)
        if key == "time":
            return self.time
        if isinstance(value, float):
            return float(f"{value:.7g}")
        return value if isinstance(value, (str, int, bool)) or value is None else str(value)

    def identifier(self, value):
        number = len(self.names) + 1
        return self.names.setdefault(value, f"{number:08x}-0000-4000-8000-000000000000")


def shown(doc):
    """A document without what no view shows: versions, configurations and the times of single readings."""
    empty = {key: {} for key in ("timestamps", "configuration") if key in doc}
    return {**{key: value for key, value in doc.items() if key != "versions"}, **empty}


out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
with contextlib.redirect_stdout(sys.stderr):
    for case, plan in plans().items():
        same = Same()
        lines = [json.dumps(same.document(name, shown(doc)), separators=(",", ":")) for name, doc in recorded(plan)]
        (out / f"{case}.jsonl").write_text("\n".join(lines) + "\n")

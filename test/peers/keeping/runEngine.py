"""A bluesky RunEngine whose documents are published: each line on stdin is a point of the scan, "-" the end of the run.

Prints "ready" when it is connected, and each document as a line of JSON when it was published.
"""

import json
import sys
from itertools import chain

import numpy as np
from bluesky import RunEngine
from bluesky import plan_stubs as bps
from bluesky import preprocessors as bpp

sys.path.insert(0, sys.path[0].replace("keeping", "bluesky"))
from softDevices import Motor, Named, data_key  # noqa: E402

kind, address = sys.argv[1:3]


class Det(Named):
    """A detector whose values are those of numpy, as most of ophyd's are."""

    def __init__(self, name, motor):
        super().__init__(name)
        self.motor = motor

    def value(self):
        return np.float64(100 * np.exp(-((self.motor.at - 3) ** 2) / 2))

    def read(self):
        value = self.value()
        return {
            self.name: {"value": value, "timestamp": 1.0},
            f"{self.name}_counts": {"value": np.int64(2**53 - 1), "timestamp": 1.0},
            f"{self.name}_wave": {"value": np.array([value, -1.5]), "timestamp": 1.0},
            f"{self.name}_state": {"value": "é <b>", "timestamp": 1.0},
        }

    def describe(self):
        array = {"dtype": "array", "shape": [2], "dtype_numpy": "<f8"}
        return {
            self.name: data_key("counts"),
            f"{self.name}_counts": {**data_key(""), "dtype": "integer"},
            f"{self.name}_wave": {**data_key(""), **array},
            f"{self.name}_state": {**data_key(""), "dtype": "string"},
        }

    def read_configuration(self):
        return {}

    def describe_configuration(self):
        return {}


def plain(value):
    return value.tolist()


def publisher():
    if kind in ("zmq", "pickle"):
        import time

        from bluesky.callbacks.zmq import Publisher

        serializer = {"serializer": lambda doc: json.dumps(doc, default=plain).encode()} if kind == "zmq" else {}
        made = Publisher(address, **serializer)
        # The proxy forgets what comes before the connection.
        time.sleep(0.5)
        return made
    import nats
    from bluesky_nats.nats_publisher import NATSPublisher
    from bluesky_nats.nats_runtime import NatsRuntime
    from bluesky_nats.outbox import Delivery, Outbox
    from nats.js.api import StreamConfig

    runtime = NatsRuntime()
    client = runtime.connect(nats.connect(address))
    stream = client.jetstream()
    runtime.setup(stream.add_stream(StreamConfig(name="bluesky", subjects=["events.>"])))
    return NATSPublisher(Outbox(runtime, client, delivery=Delivery.CRITICAL), stream)


motor = Motor("motor")
det = Det("det", motor)
RE = RunEngine({})
RE.subscribe(publisher())
RE.subscribe(lambda name, doc: print(json.dumps([name, doc], default=plain), flush=True))


def points(lines):
    hints = {"dimensions": [[["motor"], "primary"]]}
    md = {"plan_name": "typed", "motors": ["motor"], "detectors": ["det"], "hints": hints, "sample": "Größe"}

    @bpp.stage_decorator([det, motor])
    @bpp.run_decorator(md=md)
    def inner():
        for line in lines:
            if line.strip() == "-":
                return
            yield from bps.mv(motor, float(line))
            yield from bps.trigger_and_read([det, motor])

    return (yield from inner())


print("ready", flush=True)
while line := sys.stdin.readline():
    RE(points(chain([line], iter(sys.stdin.readline, ""))))
print("end", flush=True)

"""Measures bluesky with its writers and publishers for test/bench/keeping.ts, and prints items per second as JSON (seconds for nexus)."""

import contextlib
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../peers/bluesky"))

from bluesky import RunEngine
from bluesky.plans import count
from softDevices import Det, Motor

kind, address, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
det = Det("det", Motor("motor"))


def rate(subscribe, after=lambda: None):
    RE = RunEngine({}, context_managers=[])
    subscribe(RE)
    started = time.perf_counter()
    RE(count([det], number))
    after()
    return number / (time.perf_counter() - started)


with contextlib.redirect_stdout(sys.stderr):
    if kind == "tiled":
        from bluesky_tiled_plugins import TiledWriter
        from tiled.client import from_uri

        client = from_uri(address, api_key=sys.argv[4])
        result = rate(lambda RE: RE.subscribe(TiledWriter(client, batch_size=int(sys.argv[5]))))
    elif kind == "nexus":
        # `address` is a file of documents, which are written as they would be in a RunEngine.
        import types

        import apstools

        # The writer uses little of apstools.utils, whose other files need control systems; it need not have a thread.
        utils = types.ModuleType("apstools.utils")
        utils.__path__ = [os.path.join(os.path.dirname(apstools.__file__), "utils")]
        utils.run_in_thread = lambda work: work
        sys.modules["apstools.utils"] = utils
        from apstools.callbacks import NXWriter

        def write():
            """Seconds from the file of documents to the NeXus file, as a user who has the file waits."""
            started = time.perf_counter()
            with open(address) as lines:
                documents = [json.loads(line) for line in lines]
            writer = NXWriter()
            writer.file_path = os.path.dirname(address)
            writer.warn_on_missing_content = False
            for document in documents:
                writer.receiver(document["name"], document["doc"])
            writer.wait_writer()
            took = time.perf_counter() - started
            if not os.path.exists(writer.output_nexus_file):
                raise SystemExit(f"{writer.output_nexus_file} was not written")
            return took

        result = min(write() for _ in range(5))
    elif kind == "zmq":
        from bluesky.callbacks.zmq import Publisher

        encode = lambda document: json.dumps(document, default=str).encode()  # noqa: E731
        result = rate(lambda RE: RE.subscribe(Publisher(address, serializer=encode)))
    else:
        import nats
        from bluesky_nats.nats_publisher import NATSPublisher
        from bluesky_nats.nats_runtime import NatsRuntime
        from bluesky_nats.outbox import Delivery, Outbox

        runtime = NatsRuntime()
        client = runtime.connect(nats.connect(servers=[address]))
        publisher = NATSPublisher(Outbox(runtime, client, delivery=Delivery.CRITICAL), client.jetstream())
        result = rate(lambda RE: RE.subscribe(publisher), lambda: publisher.flush(60))
        runtime.close()
json.dump(result, sys.stdout)

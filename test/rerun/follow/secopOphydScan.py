"""Scans the cryostat of a node with secop-ophyd and prints the documents as JSON."""

import json
import sys

import bluesky.plans as bp
from bluesky import RunEngine
from ophyd_async.core import init_devices
from secop_ophyd.SECoPDevices import SECoPNodeDevice

documents = []
RE = RunEngine({})
RE.subscribe(lambda name, doc: documents.append((name, doc)))
with init_devices():
    device = SECoPNodeDevice(sys.argv[1])
RE(bp.scan([device.cryo], device.cryo, 24, 25, 2))
print(json.dumps(documents, default=str))

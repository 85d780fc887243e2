"""Opens a node with secop-ophyd and prints its name and its children as JSON."""

import json
import sys

from bluesky import RunEngine
from ophyd_async.core import init_devices
from secop_ophyd.SECoPDevices import SECoPNodeDevice

RunEngine({})
with init_devices():
    device = SECoPNodeDevice(sys.argv[1])
print(json.dumps({"name": device.name, "children": [name for name, _ in device.children()]}))

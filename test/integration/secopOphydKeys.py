"""Opens a node with secop-ophyd and prints the data keys of its modules, read and configuration, as JSON."""

import asyncio
import json
import os
import sys

from bluesky import RunEngine
from ophyd_async.core import init_devices
from secop_ophyd.SECoPDevices import SECoPNodeDevice

RE = RunEngine({})
with init_devices():
    device = SECoPNodeDevice(sys.argv[1])


async def keys():
    return {
        module: {"read": await child.describe(), "config": await child.describe_configuration()}
        for module, child in device.children()
        if hasattr(child, "describe_configuration") and hasattr(child, "describe")
    }


found = asyncio.run_coroutine_threadsafe(keys(), RE.loop).result(20)
print(json.dumps({"name": device.name, "modules": found}, default=str), flush=True)
os._exit(0)

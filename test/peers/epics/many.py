"""A real IOC (softioc, over Channel Access and pvAccess) with a thousand records and an image of 15 MB, for benchmarks."""

import asyncio

import numpy as np
from softioc import asyncio_dispatcher, builder, softioc

dispatcher = asyncio_dispatcher.AsyncioDispatcher()
builder.SetDeviceName("MANY")
records = [builder.aIn(f"N{i}", initial_value=i, EGU="K", PREC=3) for i in range(1000)]
builder.WaveformIn("IMAGE", initial_value=(np.arange(15_000_000) % 251).astype("u1"), length=15_000_000)


async def bump(rounds):
    """Changes all records, the given number of times."""
    for i in range(int(rounds)):
        for record in records:
            record.set(record.get() + 1)
        await asyncio.sleep(0.05)


builder.aOut("BUMP", initial_value=0, on_update=bump, always_update=True)
builder.LoadDatabase()
softioc.iocInit(dispatcher)
print("ready", flush=True)
softioc.non_interactive_ioc()

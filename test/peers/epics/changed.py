"""An IOC with records that have the names of `records.py` but other types, units and choices."""

from softioc import asyncio_dispatcher, builder, softioc

dispatcher = asyncio_dispatcher.AsyncioDispatcher()
builder.SetDeviceName("LAB")

builder.aOut("X", initial_value=7, EGU="um")
builder.mbbOut("MODE", "idle", "warming", "slow", "fast", initial_value=1)
builder.stringOut("N", initial_value="three")

builder.LoadDatabase()
softioc.iocInit(dispatcher)
print("ready", flush=True)
softioc.non_interactive_ioc()

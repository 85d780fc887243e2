"""A real IOC (EPICS base, by softioc) with a record of each kind, on the port in EPICS_CAS_SERVER_PORT."""

import asyncio

from softioc import asyncio_dispatcher, builder, softioc

dispatcher = asyncio_dispatcher.AsyncioDispatcher()
builder.SetDeviceName("LAB")


async def slow(value):
    await asyncio.sleep(0.5)


x = builder.aOut("X", initial_value=1.5, EGU="mm", PREC=3, DRVL=-10, DRVH=10, LOPR=-20, HOPR=20, HIHI=9, HHSV="MAJOR", HIGH=8, HSV="MINOR", always_update=True)
temperature = builder.aIn("T", initial_value=20, EGU="K", PREC=2)
n = builder.longOut("N", initial_value=3)
builder.boolOut("ON", "off", "on", initial_value=0)
mode = builder.mbbOut("MODE", "idle", "slow", "fast", initial_value=1)
words = builder.stringOut("S", initial_value="first")
builder.longStringOut("L", initial_value="a long text")
wave = builder.WaveformOut("WF", [1.0, 2.5, 3.0], length=1000)
builder.WaveformOut("BYTES", initial_value=[1, 2, 255], length=300_000, datatype="uint8")
builder.aOut("SLOW", initial_value=0, on_update=slow, blocking=True, always_update=True)
builder.aIn("NEVER", EGU="K")
invalid = builder.aIn("BAD", initial_value=1)

# A group of QSRV: one PV of pvAccess with members of several records, which are read and set together.
for record, member, channel in [(x, "x", "VAL"), (n, "n", "VAL"), (mode, "mode", "VAL"), (words, "s", "VAL"), (wave, "wave", "VAL")]:
    record.add_info("Q:group", {"LAB:GROUP": {member: {"+channel": channel, "+type": "scalar", "+putorder": 1}}})

builder.LoadDatabase()
softioc.iocInit(dispatcher)


async def tick():
    count = 0
    while True:
        count += 1
        temperature.set(20 + count % 100)
        await asyncio.sleep(0.05)


asyncio.run_coroutine_threadsafe(tick(), dispatcher.loop)
print("ready", flush=True)
softioc.non_interactive_ioc()

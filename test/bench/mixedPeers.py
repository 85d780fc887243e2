"""Measures aioca, p4p and PyTango on the servers of the benchmark: `mixedPeers.py ca|pva|tango ADDRESS` prints JSON."""

import asyncio
import json
import sys
import time

NUMBER, ROUNDS, BUMPS, IMAGES = 1000, 20, 20, 9
kind, address = sys.argv[1:3]
names = [f"MANY:N{i}" for i in range(NUMBER)]
result = {}


def median_of(times):
    result["image"] = 1000 * sorted(times)[len(times) // 2]


def timed(key, started, amount=None):
    took = time.perf_counter() - started
    result[key] = amount / took if amount else 1000 * took


async def ca():
    import aioca

    started = time.perf_counter()
    await aioca.connect(names)
    timed("connect", started)
    started = time.perf_counter()
    for _ in range(ROUNDS):
        await aioca.caget(names)
    timed("reads", started, NUMBER * ROUNDS)
    seen, last = [0], [0.0]

    def listen(value, index):
        seen[0] += 1
        last[0] = time.perf_counter()

    aioca.camonitor(names, listen, all_updates=True)
    while seen[0] < NUMBER:
        await asyncio.sleep(0.01)
    started = time.perf_counter()
    await aioca.caput("MANY:BUMP", BUMPS)
    before = -1
    while seen[0] != before:
        before = seen[0]
        await asyncio.sleep(0.5)
    result["updates"] = (seen[0] - NUMBER) / (last[0] - started)
    await aioca.caget("MANY:IMAGE")
    times = []
    for _ in range(IMAGES):
        started = time.perf_counter()
        assert len(await aioca.caget("MANY:IMAGE")) == 15_000_000
        times.append(time.perf_counter() - started)
    median_of(times)


def pva():
    from p4p.client.thread import Context

    context = Context("pva", nt=None)
    started = time.perf_counter()
    context.get(names, timeout=30)
    timed("connect", started)
    started = time.perf_counter()
    for _ in range(ROUNDS):
        context.get(names)
    timed("reads", started, NUMBER * ROUNDS)
    seen, last = [0], [0.0]

    def listen(value):
        seen[0] += 1
        last[0] = time.perf_counter()

    subscriptions = [context.monitor(name, listen) for name in names]
    # On a busy machine p4p loses the first update of a subscription now and then.
    patience = time.monotonic() + 10
    while seen[0] < NUMBER and time.monotonic() < patience:
        time.sleep(0.01)
    first = seen[0]
    started = time.perf_counter()
    context.put("MANY:BUMP", BUMPS, timeout=60)
    before = -1
    while seen[0] != before:
        before = seen[0]
        time.sleep(0.5)
    result["updates"] = (seen[0] - first) / (last[0] - started)
    for subscription in subscriptions:
        subscription.close()
    context.get("MANY:IMAGE")
    times = []
    for _ in range(IMAGES):
        started = time.perf_counter()
        assert len(context.get("MANY:IMAGE")) == 15_000_000
        times.append(time.perf_counter() - started)
    median_of(times)


def tango():
    from tango import AttributeProxy, DeviceProxy, EventType

    started = time.perf_counter()
    proxies = [AttributeProxy(f"tango://{address}/lab/many/1/n{i}#dbase=no") for i in range(NUMBER)]
    timed("connect", started)
    device = DeviceProxy(f"tango://{address}/lab/many/1#dbase=no")
    attributes = [f"n{i}" for i in range(NUMBER)]
    started = time.perf_counter()
    for _ in range(ROUNDS):
        device.read_attributes(attributes)
    timed("reads", started, NUMBER * ROUNDS)
    started = time.perf_counter()
    for proxy in proxies:
        proxy.read()
    timed("single", started, NUMBER)
    device.read_attribute("picture_now")
    times = []
    for _ in range(IMAGES):
        started = time.perf_counter()
        assert device.read_attribute("picture_now").value.size == 15_000_000
        times.append(time.perf_counter() - started)
    median_of(times)
    del proxies, EventType


if kind == "ca":
    asyncio.run(ca())
elif kind == "pva":
    pva()
else:
    tango()
print(json.dumps(result), flush=True)
sys.stdout.flush()
import os

os._exit(0)

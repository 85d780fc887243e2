"""Measures secop-ophyd: `ophydDevices.py URI rates|connect N` prints JSON."""

import asyncio
import json
import sys
import tempfile
import time

from secop_ophyd.SECoPDevices import SECoPNodeDevice


async def connected(uri):
    start = time.perf_counter()
    # By default, it would log to a folder in the working directory.
    node = SECoPNodeDevice(uri, logdir=tempfile.mkdtemp())
    await node.connect()
    return node, time.perf_counter() - start


async def rate(n, call):
    start = time.perf_counter()
    for i in range(n):
        await call(i)
    return n / (time.perf_counter() - start)


async def rates(uri, n):
    node, connect = await connected(uri)
    cryo = dict(node.children())['cryo']
    return {
        'connect': connect,
        # It always reads frappy's cache: SECoPSignal.get_reading passes trycache=True, whatever `cached` says.
        'cached': await rate(100 * n, lambda i: cryo.value.read()),
        'changes': await rate(n, lambda i: cryo.p.set(40 + i % 2)),
    }


async def connect(uri, n):
    # It connects only once: its clients are kept per address and never closed, so that a second device would not connect.
    return {'connect': (await connected(uri))[1]}


if __name__ == '__main__':
    run = {'rates': rates, 'connect': connect}[sys.argv[2]]
    print(json.dumps(asyncio.run(run(sys.argv[1], int(sys.argv[3])))), flush=True)

"""Measures frappy's client: `frappyClient.py URI active|passive|flood|connect|twenty N` prints JSON."""

import json
import resource
import sys
import threading
import time

from frappy.client import SecopClient


class Passive(SecopClient):
    activate = False


def rate(n, call):
    start = time.perf_counter()
    for i in range(n):
        call(i)
    return n / (time.perf_counter() - start)


def connect(uri, n, cls=SecopClient):
    times = []
    for _ in range(n):
        start = time.perf_counter()
        client = cls(uri)
        client.connect()
        times.append(time.perf_counter() - start)
        client.disconnect()
    return sorted(times)[n // 2]


def requests(uri, n, cls=SecopClient):
    times = connect(uri, 5, cls)
    client = cls(uri)
    client.connect()
    result = {
        'connect': times,
        'reads': rate(n, lambda i: client.getParameter('cryo', 'value', trycache=False)),
        'changes': rate(n, lambda i: client.setParameter('cryo', 'p', 40 + i % 2)),
    }
    client.disconnect()
    return result


def flood(uri, n):
    client = SecopClient(uri)
    client.connect()
    done = threading.Event()
    seen = []

    def update(module, parameter, value, timestamp, readerror):
        if value == -1:
            done.set()

    client.register_callback(('m', 'value'), updateEvent=update)
    start = time.perf_counter()
    client.execCommand('m', 'flood', n)
    done.wait()
    elapsed = time.perf_counter() - start
    client.disconnect()
    return {'rate': n / elapsed, 'memory': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def twenty(uri, n):
    client = SecopClient(uri)
    client.connect()
    odd = [f'p{j}' for j in range(3, 43, 2)]
    result = {
        'reads': rate(n, lambda i: [client.getParameter('m0', p, trycache=False) for p in odd]),
        'changes': rate(n, lambda i: [client.setParameter('m0', p, 40 + i % 2) for p in odd]),
    }
    client.disconnect()
    return result


if __name__ == '__main__':
    run = {
        'active': requests,
        'passive': lambda uri, n: requests(uri, n, Passive),
        'twenty': twenty,
        'flood': flood,
        'connect': lambda uri, n: {'connect': connect(uri, n)},
    }[sys.argv[2]]
    print(json.dumps(run(sys.argv[1], int(sys.argv[3]))), flush=True)

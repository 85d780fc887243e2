"""Consumes documents from a broker with bluesky's BestEffortCallback until a run has ended, and prints the runs."""

import json
import sys
import threading

import matplotlib

matplotlib.use("Agg")

from bluesky.callbacks.best_effort import BestEffortCallback  # noqa: E402

kind, address, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
counts = {}
ended = []
done = threading.Event()
bec = BestEffortCallback()
bec.disable_plots()


def count(name, doc):
    counts[name] = counts.get(name, 0) + 1
    if name == "stop":
        ended.append(doc["run_start"])
    if len(ended) >= wanted:
        done.set()


def finish():
    print(json.dumps({"counts": counts, "ended": ended}), file=sys.stderr)


if kind == "zmq":
    from bluesky.callbacks.zmq import RemoteDispatcher

    dispatcher = RemoteDispatcher(address, deserializer=json.loads)
    dispatcher.subscribe(bec)
    dispatcher.subscribe(count)
    threading.Thread(target=lambda: (done.wait(), dispatcher.loop.call_soon_threadsafe(dispatcher.stop)), daemon=True).start()
    print("ready", flush=True)
    try:
        dispatcher.start()
    except BaseException:
        pass
    finish()
else:
    import asyncio

    from bluesky_nats.nats_dispatcher import NATSDispatcher

    async def main():
        dispatcher = NATSDispatcher(subject="events.>", servers=[address])
        dispatcher.subscribe(bec)
        dispatcher.subscribe(count)
        print("ready", flush=True)
        async with dispatcher:
            while not done.is_set():
                await asyncio.sleep(0.05)

    try:
        asyncio.run(main())
    except BaseException as error:
        print(repr(error), file=sys.stderr)
    finish()

"""Reads [[name, doc], ...] from stdin, gives them to bluesky's LiveDispatcher, and prints what it makes of them."""

import json
import sys

from bluesky.callbacks.stream import LiveDispatcher

made = []
dispatcher = LiveDispatcher()
dispatcher.subscribe(lambda name, doc: made.append([name, doc]))
for name, doc in json.load(sys.stdin):
    dispatcher(name, doc)
print(json.dumps(made))

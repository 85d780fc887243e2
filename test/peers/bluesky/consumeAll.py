"""Reads {case: [[name, doc], ...]} from stdin and gives each to event_model's schemas and to bluesky's consumers. Prints the cases."""

import io
import json
import sys
from contextlib import redirect_stdout

import event_model
import matplotlib

matplotlib.use("Agg")
from bluesky.callbacks import LiveTable
from bluesky.callbacks.best_effort import BestEffortCallback


def consume(documents):
    router = event_model.RunRouter([lambda name, doc: ([BestEffortCallback()], [])])
    table = LiveTable([])
    for name, doc in documents:
        event_model.schema_validators[event_model.DocumentNames[name]].validate(doc)
        router(name, doc)
    if sum(name == "start" for name, _ in documents) == 1:
        for name, doc in documents:
            if name != "event_page":
                table(name, doc)


cases = json.load(sys.stdin)
for case, documents in cases.items():
    with redirect_stdout(io.StringIO()):
        consume(documents)
    print(case)

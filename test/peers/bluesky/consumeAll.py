"""
Reads {case: [[name, doc], ...]} from stdin, gives each to event_model's tools and bluesky's consumers, and prints the cases.

With --no-plots, the BestEffortCallback does not draw, which would take most of the time.
"""

import io
import json
import sys
from collections import Counter
from contextlib import redirect_stdout
from unittest.mock import patch

import event_model
import matplotlib

matplotlib.use("Agg")
from bluesky.callbacks import CallbackBase, LiveTable
from bluesky.callbacks.best_effort import BestEffortCallback
from event_model import DocumentNames, schema_validators


class Counts(event_model.SingleRunDocumentRouter):
    """Counts the documents of one run, and fails for documents of another run."""

    def __init__(self):
        super().__init__()
        self.events = Counter()
        self.rows = 0
        self.ended = None

    def event(self, doc):
        self.events[self.get_stream_name(doc)] += 1

    def event_page(self, doc):
        self.events[self.get_stream_name(doc)] += len(doc["seq_num"])

    def stop(self, doc):
        self.ended = doc


class Table(CallbackBase):
    """Bluesky's LiveTable for a descriptor; it cannot show arrays."""

    def __init__(self, descriptor, counts):
        self.lines = []
        keys = [key for key, data_key in descriptor["data_keys"].items() if data_key["dtype"] != "array"]
        self.table = LiveTable(keys, stream_name=descriptor["name"], out=self.lines.append)
        self.counts = counts

    def __call__(self, name, doc):
        if name == "event_page":
            for event in event_model.unpack_event_page(doc):
                self.table("event", event)
        else:
            self.table(name, doc)
        if name == "stop":
            self.counts.rows += sum(line.startswith("|") and "seq_num" not in line for line in self.lines)


def consume(documents):
    runs = {}

    def factory(name, start):
        counts = runs[start["uid"]] = Counts()

        def of_stream(name, descriptor):
            return [Table(descriptor, counts)]

        best_effort = BestEffortCallback()
        if "--no-plots" in sys.argv:
            best_effort.disable_plots()
        return [counts, best_effort], [of_stream]

    router = event_model.RunRouter([factory])
    with event_model.Filler({}, inplace=False) as filler:
        for name, doc in documents:
            schema_validators[DocumentNames[name]].validate(doc)
            filler(name, doc)
            router(name, doc)

    assert set(runs) == {doc["uid"] for name, doc in documents if name == "start"}
    for uid, counts in runs.items():
        # Events with repeated sequence numbers replace earlier events, so they are not counted.
        assert counts.ended["run_start"] == uid
        for stream, number in counts.ended["num_events"].items():
            assert counts.events[stream] >= number, (stream, counts.events, number)
        assert counts.rows == sum(counts.events.values()), (counts.rows, counts.events)
    assert sum(counts.events.total() for counts in runs.values()) == sum(
        1 if name == "event" else len(doc["seq_num"]) for name, doc in documents if name in ("event", "event_page")
    )


if __name__ == "__main__":
    for case, documents in json.load(sys.stdin).items():
        try:
            # LiveTable sleeps 0.1 s at the end of a run, which only matters in a terminal.
            with redirect_stdout(io.StringIO()), patch("time.sleep"):
                consume(documents)
        except Exception as error:
            raise RuntimeError(f"the documents of {case}") from error
        matplotlib.pyplot.close("all")
        print(case)

"""Gives a run file to Python's tools: event_model's schemas, bluesky's LiveTable and BestEffortCallback. Prints the table and a last line."""

import io
import json
import sys
from contextlib import redirect_stdout

import event_model
import matplotlib

matplotlib.use("Agg")
from bluesky.callbacks import LiveTable
from bluesky.callbacks.best_effort import BestEffortCallback

with open(sys.argv[1]) as file:
    documents = [json.loads(line) for line in file]

for document in documents:
    event_model.schema_validators[event_model.DocumentNames[document["name"]]].validate(document["doc"])

descriptor = next(d["doc"] for d in documents if d["name"] == "descriptor")
fields = [field for hint in descriptor["hints"].values() for field in hint.get("fields", [])]
table = LiveTable(fields)
best_effort = BestEffortCallback()
for document in documents:
    table(document["name"], document["doc"])
    with redirect_stdout(io.StringIO()):
        best_effort(document["name"], document["doc"])
print(f"valid: {len(documents)} documents")

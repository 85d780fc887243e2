"""Validates a run file with event_model and gives it to bluesky's callbacks; prints what they made of it as JSON."""
import json
import math
import sys
import warnings

import matplotlib

matplotlib.use("Agg")
import event_model
from bluesky.callbacks import LiveTable
from bluesky.callbacks.best_effort import BestEffortCallback

warnings.simplefilter("ignore")
with open(sys.argv[1]) as file:
    documents = [json.loads(line) for line in file]

for document in documents:
    event_model.schema_validators[event_model.DocumentNames[document["name"]]].validate(document["doc"])

descriptor = next(document["doc"] for document in documents if document["name"] == "descriptor")
scalars = [key for key, data_key in descriptor["data_keys"].items() if data_key["dtype"] != "array"]
lines = []
table = LiveTable(scalars, out=lines.append)
out, sys.stdout = sys.stdout, open("/dev/null", "w")
bec = BestEffortCallback()
for document in documents:
    table(document["name"], document["doc"])
    bec(document["name"], document["doc"])
sys.stdout = out

events = [document["doc"] for document in documents if document["name"] == "event"]
print(
    json.dumps(
        {
            "valid": len(documents),
            "rows": sum(line.startswith("|") and "seq_num" not in line for line in lines),
            "peak": bec.peaks["max"]["det"][0],
            "nan": all(math.isnan(event["data"]["spectrum"][1]) for event in events if "spectrum" in event["data"]),
        }
    )
)

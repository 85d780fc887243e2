"""
Gives a run file to event_model's schemas and to bluesky's LiveTable and BestEffortCallback.

Prints as JSON the number of valid documents, the rows of the table, the peak of each plotted value, the keys that
have a NaN, and the keys that have several types.
"""

import io
import json
import math
import sys
import warnings
from contextlib import redirect_stdout

import event_model
import matplotlib

matplotlib.use("Agg")
from bluesky.callbacks import LiveTable
from bluesky.callbacks.best_effort import BestEffortCallback


def has_nan(value):
    return any(map(has_nan, value)) if isinstance(value, list) else isinstance(value, float) and math.isnan(value)


warnings.simplefilter("ignore")
with open(sys.argv[1]) as file:
    documents = [json.loads(line) for line in file]

for document in documents:
    event_model.schema_validators[event_model.DocumentNames[document["name"]]].validate(document["doc"])

descriptor = next(document["doc"] for document in documents if document["name"] == "descriptor")
scalars = [key for key, data_key in descriptor["data_keys"].items() if data_key["dtype"] != "array"]
lines = []
table = LiveTable(scalars, out=lines.append)
best_effort = BestEffortCallback()
for document in documents:
    table(document["name"], document["doc"])
    with redirect_stdout(io.StringIO()):
        best_effort(document["name"], document["doc"])

events = [document["doc"] for document in documents if document["name"] == "event"]
print(
    json.dumps(
        {
            "valid": len(documents),
            "rows": sum(line.startswith("|") and "seq_num" not in line for line in lines),
            "peaks": {key: peak[0] for key, peak in best_effort.peaks["max"].items()},
            "mixed": sorted(
                key for key in events[0]["data"] if len({type(event["data"].get(key)) for event in events}) > 1
            ),
            "nan": sorted({key for event in events for key, value in event["data"].items() if has_nan(value)}),
        }
    )
)

"""Writes a run by Python's TiledWriter into a second catalogue, and compares what a client reads there and in ours; prints the tables of both."""

import json
import sys
import warnings

import numpy as np
from bluesky_tiled_plugins import BlueskyRun, TiledWriter  # noqa: F401, BlueskyRun registers the clients
from tiled.client import from_uri

warnings.filterwarnings("ignore")
uri, key, path = sys.argv[1:4]
client = from_uri(uri, api_key=key)
with open(path) as lines:
    documents = [json.loads(line) for line in lines]
uid = documents[0]["doc"]["uid"]
problem = None
try:
    writer = TiledWriter(client.create_container("theirs"))
    for document in documents:
        writer(document["name"], document["doc"])
except Exception as error:
    problem = type(error).__name__


def plain(value):
    """A value as JSON holds it; None for NaN."""
    if isinstance(value, (list, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and np.isnan(value) else value


def seen(catalog):
    stream = client[catalog][uid]["primary"]
    tables = {name: stream.base[name].read() for name in stream.base}
    columns = {str(name): plain(table[name].to_numpy()) for table in tables.values() for name in table}
    joined = sorted(str(name) for name in stream.read().variables)
    return {"tables": {name: len(table.columns) for name, table in tables.items()}, "columns": columns, "joined": joined}


ours = seen("raw")
try:
    theirs = seen("theirs")
except Exception as error:
    theirs, problem = {"tables": {}, "columns": {}, "joined": []}, problem or type(error).__name__
json.dump(
    {
        "ours": ours["tables"],
        "theirs": theirs["tables"],
        "problem": problem,
        "differences": [name for name, values in ours["columns"].items() if theirs["columns"].get(name) != values][:5],
        "columns": {name: ours["columns"][name] for name in ("seq_num", "k0", "k519", "text0") if name in ours["columns"]},
        "count": len(ours["columns"]),
        "joined": [len(ours["joined"]), len(theirs["joined"])],
    },
    sys.stdout,
)

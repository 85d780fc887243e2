"""Reads a run from a Tiled server by Python's client, and prints what it found as JSON."""

import json
import sys

import numpy as np
from bluesky_tiled_plugins import BlueskyRun  # noqa: F401, registers the clients
from tiled.client import from_uri

uri, key, uid = sys.argv[1:4]


def plain(value):
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


catalog = from_uri(uri, api_key=key)["raw"]
run = catalog[uid]
found = {
    "catalog": type(catalog).__name__,
    "run": type(run).__name__,
    "newest": catalog[-1].start["uid"],
    "start": dict(run.start),
    "stop": dict(run.metadata.get("stop") or {}),
    "streams": {},
}
for name in run:
    stream = run[name]
    data = stream.read()
    found["streams"][name] = {str(key): plain(data[key].values) for key in data.variables}
    found.setdefault("units", {})[name] = {
        k: v.get("units") for k, v in stream.metadata["data_keys"].items() if v.get("units")
    }
json.dump(found, sys.stdout)

"""Writes the documents of a run by Python's TiledWriter into a second catalogue, and prints as JSON what a client reads of the images there and in ours."""

import json
import sys
from dataclasses import asdict

from bluesky_tiled_plugins import BlueskyRun, TiledWriter  # noqa: F401, BlueskyRun registers the clients
from tiled.client import from_uri

uri, key, path, image = sys.argv[1:5]
client = from_uri(uri, api_key=key)
with open(path) as lines:
    documents = [json.loads(line) for line in lines]
uid = documents[0]["doc"]["uid"]
writer = TiledWriter(client.create_container("theirs"))
for document in documents:
    writer(document["name"], document["doc"])


def seen(catalog):
    run = client[catalog][uid]
    stream = run["primary"]
    node = stream[image]
    [source] = node.data_sources()
    described = asdict(source)
    described.pop("id")
    for asset in described["assets"]:
        asset.pop("id", None)
    pixels = node.read()
    return {
        "source": described,
        "keys": sorted(stream),
        "shape": list(pixels.shape),
        "dtype": str(pixels.dtype),
        "sums": [int(frame.astype("int64").sum()) for frame in pixels],
        "variables": sorted(str(name) for name in stream.read().variables),
        "notes": run.metadata.get("notes"),
    }


json.dump({"ours": seen("raw"), "theirs": seen("theirs")}, sys.stdout, default=str)

"""Reads runs from Parquet, CSV, NeXus and Tiled as Python's programs do, and prints all values as JSON."""

import csv
import json
import sys
from pathlib import Path

import dask
import duckdb
import h5py
import numpy as np
import pyarrow.parquet as pq
from bluesky_tiled_plugins import BlueskyRun  # noqa: F401, registers the clients
from tiled.client import from_uri

folder, uri, api_key = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
# Tiled's client reads tables by dask, which makes texts of lists unless it is asked not to.
dask.config.set({"dataframe.convert-string": False})
csv.field_size_limit(1 << 30)


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return value.decode() if isinstance(value, bytes) else value


def files(run, ending):
    """The files of a run by their stream."""
    found = {path.stem.removeprefix("run").removeprefix("-") or "primary": path for path in run.glob(f"run*.{ending}")}
    return {name: path for name, path in found.items()}


def parquet(path):
    table = pq.read_table(path)
    columns = {name: table[name].to_pylist() for name in table.column_names}
    units = {f.name: f.metadata[b"units"].decode() for f in table.schema if f.metadata and b"units" in f.metadata}
    positive = duckdb.sql(f"""select count(*) from '{path}' where "T" > 0""").fetchone()[0]
    return {"columns": columns, "units": units, "positive": positive}


def cells(path):
    with open(path, newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file)
    return {"columns": {name: [row[i] for row in rows] for i, name in enumerate(heading)}}


def nexus(path):
    with h5py.File(path) as file:
        found = {}
        for name, group in file["entry/bluesky"].items():
            if not name.startswith("stream_"):
                continue
            columns, units = {}, {}
            for item, dataset in group.items():
                true_name = dataset.attrs.get("long_name", item)
                unit = dataset.attrs.get("units")
                if "long_name" in dataset.attrs and unit and item != "time":
                    units[item] = unit
                    true_name = true_name.removesuffix(f" ({unit})")
                columns[f"{item}|{true_name}"] = plain(dataset[()])
            found[name.removeprefix("stream_")] = {"columns": columns, "units": units}
        image = file.get("entry/instrument/img/data")
        picture = None if image is None else {"values": plain(image[()]), "dtype": str(image.dtype)}
        return {"streams": found, "image": picture}


def tiled(run):
    found = {}
    for name in run:
        base = run[name].base
        frame = base["internal"].read()
        columns = {str(key): plain(list(frame[key])) for key in frame}
        kinds = {}
        for key in base:
            if key != "internal":
                values = base[key].read()
                columns[key], kinds[key] = plain(values), str(values.dtype)
        found[name] = {"columns": columns, "kinds": kinds}
    return found


catalog = from_uri(uri, api_key=api_key)["raw"]
result = {}
for run in sorted(folder.iterdir()):
    if not run.is_dir() or not (run / "uid").exists():
        continue
    result[run.name] = {
        "parquet": {name: parquet(path) for name, path in files(run, "parquet").items()},
        "csv": {name: cells(path) for name, path in files(run, "csv").items()},
        "nexus": nexus(run / "run.nxs"),
        "copied": nexus(run / "copied.nxs")["image"],
        "tiled": tiled(catalog[(run / "uid").read_text()]),
    }
json.dump(result, sys.stdout)

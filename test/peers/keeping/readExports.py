"""Reads the exports of a run with the programs of the field, and prints what they found as JSON."""

import json
import subprocess
import sys
import warnings
from pathlib import Path

import duckdb
import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])


def plain(value):
    """A value as JSON holds it; NaN as a text."""
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    if value is pd.NA:
        return None
    return value


def columns(table):
    return {name: plain(list(table[name])) for name in table}


def parquet():
    path = folder / "run.parquet"
    table = pq.read_table(path)
    frame = pd.read_parquet(path)
    start = json.loads(table.schema.metadata[b"bluesky:start"])
    count = duckdb.sql(f"select count(*), max(seq_num) from '{path}'").fetchone()
    return {
        "columns": {name: plain(table[name].to_pylist()) for name in table.column_names},
        "types": {field.name: str(field.type) for field in table.schema},
        "units": {f.name: f.metadata[b"units"].decode() for f in table.schema if f.metadata and b"units" in f.metadata},
        "attrs": frame.attrs,
        "uid": start["uid"],
        "duckdb": list(count),
    }


def arrow():
    table = pa.ipc.open_file(folder / "run.arrow").read_all()
    return {"columns": {name: plain(table[name].to_pylist()) for name in table.column_names}}


def csv():
    frame = pd.read_csv(folder / "run.csv", float_precision="round_trip")
    metadata = json.loads((folder / "run.csv-metadata.json").read_text())
    count = duckdb.sql(f"select count(*) from '{folder / 'run.csv'}'").fetchone()
    units = {column["name"]: column["unit"] for column in metadata["tableSchema"]["columns"] if "unit" in column}
    return {"columns": columns(frame), "units": units, "duckdb": list(count)}


def as_json():
    def refuse(word):
        raise ValueError(word)

    run = json.loads((folder / "run.json").read_text(), parse_constant=refuse)
    return {"streams": {name: stream["data"] for name, stream in run["streams"].items()}, "uid": run["start"]["uid"]}


def nexus():
    from nexusformat.nexus import nxload

    path = folder / "run.nxs"
    with h5py.File(path) as file:
        data = file["entry/data"]
        found = {
            "columns": {name: plain(dataset[()]) for name, dataset in data.items()},
            "units": {name: dataset.attrs["units"] for name, dataset in data.items() if "units" in dataset.attrs},
            "signal": data.attrs["signal"],
            "axes": data.attrs["axes"],
            "uid": plain(file["entry/entry_identifier_uuid"][()]),
            "sample": {name: plain(d[()]) for name, d in file["entry/sample"].items() if isinstance(d, h5py.Dataset)},
            "groups": sorted(
                name for name, item in file["entry/instrument"].items() if isinstance(item, h5py.Group)
            ),
        }
        # A link to a file that is gone has no target.
        images = [g["data"] for g in file["entry/instrument"].values() if isinstance(g, h5py.Group) and g.get("data")]
        if images:
            found["image"] = {"shape": list(images[0].shape), "dtype": str(images[0].dtype), "sum": int(np.sum(images[0][()], dtype=np.int64))}
    tree = nxload(path)
    found["plot"] = str(tree.plottable_data.nxsignal.nxname) if tree.plottable_data is not None else None
    checked = subprocess.run(
        [sys.executable, "-c", f"from nexusformat.nexus import nxload; nxload({str(path)!r}).check()"],
        capture_output=True,
        text=True,
    )
    text = checked.stdout + checked.stderr
    found["check"] = [line for line in text.splitlines() if "Total number of" in line or "errors" in line.lower()]
    found["check_code"] = checked.returncode
    # In the folder of the file, since pynxtools looks for linked files below the working folder.
    pynx = subprocess.run(
        [str(Path(sys.executable).parent.absolute() / "pynx"), "validate", path.name],
        capture_output=True,
        text=True,
        cwd=path.parent,
    )
    found["pynx"] = (pynx.stdout + pynx.stderr)[-2000:]
    return found


READERS = {"parquet": parquet, "arrow": arrow, "csv": csv, "json": as_json, "nexus": nexus}
names = sys.argv[2:] or READERS
json.dump({name: READERS[name]() for name in names}, sys.stdout)

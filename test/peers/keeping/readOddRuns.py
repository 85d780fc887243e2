"""Reads the exports of odd runs with the programs of the field, and prints what each says, by the names of the folders."""

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


def plain(value):
    if isinstance(value, (list, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, bytes):
        return value.decode()
    return repr(value) if isinstance(value, float) and not np.isfinite(value) else value


def read(folder):
    path = folder / "run"
    table = pq.read_table(f"{path}.parquet")
    csv = pd.read_csv(f"{path}.csv")
    with h5py.File(f"{path}.nxs") as file:
        entry = file["entry"]
        nexus = {name: plain(field[()]) for name, field in entry["data"].items()}
        title = entry["title"][()].decode()
        started = entry["start_time"][()].decode() if "start_time" in entry else None
    pynx = subprocess.run([str(Path(sys.executable).parent.absolute() / "pynx"), "validate", "run.nxs"], capture_output=True, text=True, cwd=folder)
    return {
        "parquet": {name: plain(column.to_pylist()) for name, column in zip(table.column_names, table.columns)},
        "rows": [len(csv), table.num_rows, pa.ipc.open_file(f"{path}.arrow").read_all().num_rows, duckdb.sql(f"select count(*) from read_csv('{path}.csv')").fetchone()[0]],
        "titles": list(csv),
        "units": [column.get("unit") for column in json.loads(Path(f"{path}.csv-metadata.json").read_text())["tableSchema"]["columns"]],
        "json": list(json.loads(Path(f"{path}.json").read_text())["streams"]),
        "nexus": nexus,
        "title": title,
        "started": started,
        "valid": "is valid according to" in pynx.stdout + pynx.stderr,
    }


json.dump({folder.name: read(folder) for folder in Path(sys.argv[1]).iterdir()}, sys.stdout)

"""Reads the exports of a run that has no end, and prints the column of the detector in each, and what each says of the end of the run."""

import json
import subprocess
import sys
from pathlib import Path

import h5py
import pandas as pd
import pyarrow as pa

folder = Path(sys.argv[1])
parquet = pd.read_parquet(folder / "run.parquet")
arrow = pa.ipc.open_file(folder / "run.arrow").read_all()
csv = json.loads((folder / "run.csv-metadata.json").read_text())
whole = json.loads((folder / "run.json").read_text())
with h5py.File(folder / "run.nxs") as file:
    entry = file["entry"]
    nexus = [entry["data/det"][()].tolist(), entry["bluesky/exit_status"][()].decode()]
    has_end = "end_time" in entry
pynx = subprocess.run([str(Path(sys.executable).parent.absolute() / "pynx"), "validate", "run.nxs"], capture_output=True, text=True, cwd=folder)
attributes = json.loads(arrow.schema.metadata[b"PANDAS_ATTRS"])
json.dump(
    {
        "parquet": [parquet["det"].tolist(), parquet.attrs["exit_status"]],
        "arrow": [arrow["det"].to_pylist(), attributes["exit_status"]],
        "csv": [pd.read_csv(folder / "run.csv")["det"].tolist(), csv["bluesky"]["exit_status"]],
        "json": [whole["streams"]["primary"]["data"]["det"], whole["exit_status"]],
        "nexus": nexus,
        "has_end": has_end,
        "valid": "is valid according to the `NXsensor_scan` application definition" in pynx.stdout + pynx.stderr,
    },
    sys.stdout,
)

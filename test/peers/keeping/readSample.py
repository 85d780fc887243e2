"""Prints what a NeXus file says of the sample and of its environment, as JSON."""

import json
import sys

import h5py


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def sensor(group):
    found = {name: text(group[name][()]) for name in ("name", "measurement", "attached_to") if name in group}
    log = group.get("value_log")
    if (states := group.get("status_log")) is not None:
        words = group["status_log_words"]
        columns = {name: [text(value) for value in place[name][()].tolist()] for place, names in ((states, ("value", "time")), (words, ("names", "texts"))) for name in names}
        found["status_log"] = {"class": states.attrs["NX_class"], "description": text(states["description"][()]), **columns}
    if isinstance(group.get("value"), h5py.Dataset):
        found["value"] = group["value"][()].tolist()
    return {**found, "class": group.attrs["NX_class"], "logged": 0 if log is None else len(log["value"])}


with h5py.File(sys.argv[1]) as file:
    entry = file["entry"]
    sample = entry["sample"]
    environments = {}
    for name, group in entry["instrument"].items():
        if group.attrs.get("NX_class") != "NXenvironment":
            continue
        note = group.get("secop_description")
        environments[name] = {
            "equipment_id": note and json.loads(note["data"][()])["equipment_id"],
            "sensors": {n: sensor(g) for n, g in group.items() if g.attrs.get("NX_class") in ("NXsensor", "NXcollection") and "name" in g},
        }
    print(
        json.dumps(
            {
                "sample": {name: text(sample[name].attrs["target"]) for name in sample if "target" in sample[name].attrs},
                "values": {n: float(d[()]) for n, d in sample.items() if isinstance(d, h5py.Dataset) and d.shape == () and d.dtype.kind == "f"},
                "environments": environments,
            }
        )
    )

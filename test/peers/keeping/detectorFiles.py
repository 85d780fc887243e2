"""Writes the files of detectors by Pillow, tifffile and h5py into a folder, with the documents of a run of each kind; then prints what Python reads of them.

`write FOLDER` makes the files and `documents.json`; `read URI KEY` prints the frames that Tiled's client reads of each run.
"""

import json
import sys
from pathlib import Path

import h5py
import hdf5plugin  # noqa: F401
import numpy as np
import tifffile
from PIL import Image

rng = np.random.default_rng(13)
SIZE = (33, 47)


def picture(number, dtype="uint16"):
    y, x = np.mgrid[0 : SIZE[0], 0 : SIZE[1]]
    values = 120 + 100 * np.sin((x + number) / 7) * np.cos(y / 5) + rng.normal(0, 4, SIZE)
    return np.clip(values, 0, 255).astype(dtype)


def colours(number):
    grey = picture(number, "uint8")
    return np.stack([grey, grey[::-1], grey[:, ::-1]], -1)


TIFF = "multipart/related;type=image/tiff"
JPEG = "multipart/related;type=image/jpeg"
HDF5 = "application/x-hdf5"


def cases(folder):
    """Name, mimetype, resources [(uri, parameters, rows)], described shape, dtype, frames."""
    rows = range(3)

    def sequence(name, write, ending):
        at = folder / name
        at.mkdir()
        return at.as_uri() + "/", {"template": "{:03d}" + ending, "chunk_shape": [1]}, lambda i, frames: write(at / f"{i:03d}{ending}", frames)

    # JPEG, grey and with colours.
    uri, parameters, write = sequence("grey jpeg", lambda path, frame: Image.fromarray(frame).save(path, quality=80), ".jpg")
    for i in rows:
        write(i, picture(i, "uint8"))
    frames = [np.asarray(Image.open(folder / "grey jpeg" / f"{i:03d}.jpg")) for i in rows]
    yield "grey jpeg", JPEG, [(uri, parameters, 3)], [1, *SIZE], "|u1", frames
    uri, parameters, write = sequence("colours", lambda path, frame: Image.fromarray(frame).save(path, quality=75, progressive=True), ".jpg")
    for i in rows:
        write(i, colours(i))
    frames = [np.asarray(Image.open(folder / "colours" / f"{i:03d}.jpg")) for i in rows]
    yield "colours", JPEG, [(uri, parameters, 3)], [1, *SIZE, 3], "|u1", frames

    # A file of several frames for each row, and several files for each row.
    uri, parameters, write = sequence("pages", lambda path, frames: tifffile.imwrite(path, frames, photometric="minisblack"), ".tif")
    pages = [np.stack([picture(10 * i + k) for k in range(4)]) for i in rows]
    for i in rows:
        write(i, pages[i])
    yield "pages", TIFF, [(uri, parameters, 3)], [4, *SIZE], "<u2", [frame for row in pages for frame in row]
    uri, parameters, write = sequence("files", lambda path, frame: tifffile.imwrite(path, frame, byteorder=">"), ".tif")
    singles = [picture(k, "float32") / 3 for k in range(6)]
    for k, frame in enumerate(singles):
        write(k, frame)
    yield "files", TIFF, [(uri, {**parameters, "multiplier": 2}, 3)], [2, *SIZE], "<f4", singles
    uri, parameters, write = sequence("packed", lambda path, frame: tifffile.imwrite(path, frame, compression="deflate", rowsperstrip=7), ".tif")
    packed = [picture(i, "int32") for i in rows]
    for i in rows:
        write(i, packed[i])
    yield "packed", TIFF, [(uri, parameters, 3)], [1, *SIZE], "<i4", packed
    # A second resource, whose names begin at 0 again.
    uri, parameters, write = sequence("first", tifffile.imwrite, ".tif")
    again, others, write_again = sequence("second", tifffile.imwrite, ".tif")
    both = [picture(k, "uint8") for k in range(5)]
    for k, frame in enumerate(both):
        (write if k < 3 else write_again)(k if k < 3 else k - 3, frame)
    yield "two sequences", TIFF, [(uri, parameters, 3), (again, others, 2)], [1, *SIZE], "|u1", both

    # HDF5: chunks of several frames, several frames a row in two layouts, a slice, and two files that are joined.
    def hdf5(name, data, **options):
        path = folder / f"{name}.h5"
        with h5py.File(path, "w") as file:
            file.create_dataset("entry/data/data", data=data, **options)
        return path.as_uri()

    place = {"dataset": "/entry/data/data", "swmr": False}
    stack = np.stack([picture(k) for k in range(6)])
    yield "chunks", HDF5, [(hdf5("chunks", stack, chunks=(2, 16, 47), compression="gzip"), {**place, "chunk_shape": [2, 16, 47]}, 6)], [*SIZE], "<u2", list(stack)
    rowed = stack.reshape(3, 2, *SIZE)
    yield "frames in rows", HDF5, [(hdf5("rowed", rowed), {**place, "chunk_shape": [1, 2]}, 3)], [2, *SIZE], "<u2", list(stack)
    wide = np.zeros((3, 4, *SIZE), "int16")
    wide[:, 2] = [picture(k) for k in rows]
    wide[:, 0] = -7
    yield "slice", HDF5, [(hdf5("slice", wide), {**place, "slice": "(:, 2, :, 5:40:3)"}, 3)], [SIZE[0], 12], "<i2", list(wide[:, 2, :, 5:40:3])
    one, two = stack[:2].astype("<f8") / 7, stack[2:].astype("<f8") / 7
    yield "joined", HDF5, [(hdf5("one", one), place, 2), (hdf5("two", two), place, 4)], [*SIZE], "<f8", [*one, *two]
    big = (stack.astype("u4") * 100_000).astype(">u4")
    yield "big endian", HDF5, [(hdf5("big", big), place, 6)], [*SIZE], ">u4", list(big)


def write(folder):
    folder.mkdir()
    made = []
    for name, mimetype, resources, shape, dtype, frames in cases(folder):
        rows, documents = 0, []
        for i, (uri, parameters, count) in enumerate(resources):
            documents.append({"uid": f"r{i}", "mimetype": mimetype, "uri": uri.replace("file:///", "file://localhost/"), "parameters": parameters, "first": rows, "count": count})
            rows += count
        pixels = [[list(frame.shape), [float(value) for value in frame.ravel()]] for frame in frames]
        made.append({"name": name, "shape": shape, "dtype": dtype, "resources": documents, "rows": rows, "frames": pixels})
    (folder / "documents.json").write_text(json.dumps(made))


def read(uri, key):
    from bluesky_tiled_plugins import BlueskyRun  # noqa: F401, registers the clients
    from tiled.client import from_uri

    catalog = from_uri(uri, api_key=key)["raw"]
    found = {}
    for uid in catalog:
        run = catalog[uid]
        notes = run.metadata.get("notes")
        stream = run["primary"]
        array = stream["cam"].read() if "cam" in stream else None
        found[run.start["case"]] = {"notes": notes, "shape": list(array.shape), "pixels": [float(v) for v in array.ravel()]} if array is not None else {"notes": notes}
    json.dump(found, sys.stdout)


if sys.argv[1] == "write":
    write(Path(sys.argv[2]))
else:
    read(sys.argv[2], sys.argv[3])

"""A camera like those of areaDetector (caproto), on the port in EPICS_CA_SERVER_PORT: a driver, and plugins that write HDF5, TIFF and JPEG."""

import asyncio
import os
import struct
from xml.etree import ElementTree

import h5py
import numpy as np
from caproto import ChannelType
from caproto.asyncio.server import start_server
from caproto.server import PVGroup, SubGroup, pvproperty
from PIL import Image

SHAPE = (6, 8)


def pair(name, value, **more):
    """A setpoint with its readback, which follows it."""
    return pvproperty(name=name, value=value, **more), pvproperty(name=name + "_RBV", value=value, read_only=True, **more)


STATES = ["Idle", "Acquire", "Readout", "Correct", "Saving", "Aborting", "Error", "Waiting", "Initializing", "Disconnected", "Aborted"]
COLORS = ["Mono", "Bayer", "RGB1", "RGB2", "RGB3", "YUV444"]
TYPES = ["Int8", "UInt8", "Int16", "UInt16"]
NO_YES = {"dtype": ChannelType.ENUM, "enum_strings": ["No", "Yes"]}
TEXT = {"dtype": ChannelType.CHAR, "max_length": 256, "string_encoding": "utf-8", "report_as_string": True}
puts = []


class Follows(PVGroup):
    """Copies each setpoint to its readback, and remembers the order in which PVs were set."""

    async def group_write(self, instance, value):
        puts.append(instance.pvname)
        readback = self.pvdb.get(instance.pvname + "_RBV")
        if readback is not None and not instance.pvname.endswith("Capture"):
            await readback.write(value)
        return value


class Attributes(Follows):
    """A driver or a plugin that adds values to each frame."""

    attributes = pvproperty(name="NDAttributesFile", value="", **{**TEXT, "max_length": 4096, "report_as_string": False})

    def attribute_types(self):
        """What is listed in the XML: the types by the names."""
        listed = text(self.attributes)
        return {a.get("name"): a.get("dbrtype") or a.get("datatype") for a in (ElementTree.fromstring(listed) if listed else [])}


class Driver(Attributes):
    time, time_rbv = pair("AcquireTime", 0.01, precision=3)
    period, period_rbv = pair("AcquirePeriod", 0.01)
    images, images_rbv = pair("NumImages", 1)
    mode, mode_rbv = pair("ImageMode", "Single", dtype=ChannelType.ENUM, enum_strings=["Single", "Multiple", "Continuous"])
    trigger, trigger_rbv = pair("TriggerMode", "Internal", dtype=ChannelType.ENUM, enum_strings=["Internal", "External"])
    acquire = pvproperty(name="Acquire", value=0)
    acquire_rbv = pvproperty(name="Acquire_RBV", value=0, read_only=True)
    state = pvproperty(name="DetectorState_RBV", value="Idle", dtype=ChannelType.ENUM, enum_strings=STATES, read_only=True)
    size_x = pvproperty(name="ArraySizeX_RBV", value=SHAPE[1], read_only=True)
    size_y = pvproperty(name="ArraySizeY_RBV", value=SHAPE[0], read_only=True)
    size_z = pvproperty(name="ArraySizeZ_RBV", value=0)
    kind = pvproperty(name="DataType_RBV", value="UInt16", dtype=ChannelType.ENUM, enum_strings=TYPES, read_only=True)
    color = pvproperty(name="ColorMode_RBV", value="Mono", dtype=ChannelType.ENUM, enum_strings=COLORS)
    taken = 0
    wanted = 0

    @acquire.putter
    async def acquire(self, instance, value):
        """Answers when all frames are taken, as busy records do."""
        puts.append(instance.pvname)
        self.wanted += 1
        if value:
            # The camera goes on when a client no longer waits for it.
            await asyncio.shield(asyncio.ensure_future(self.take_all(self.wanted)))
        return 0

    async def take_all(self, mine):
        await self.state.write("Acquire")
        await self.acquire_rbv.write(1)
        for _ in range(self.images.value):
            await asyncio.sleep(self.time.value)
            if self.wanted != mine:
                break
            frame = np.full(SHAPE, self.taken, dtype="u2")
            self.taken += 1
            for plugin in (self.parent.hdf, self.parent.tiff, self.parent.jpeg):
                await plugin.take(frame)
        await self.state.write("Idle")
        await self.acquire_rbv.write(0)


class Plugin(Follows):
    path, path_rbv = pair("FilePath", "", **TEXT)
    name, name_rbv = pair("FileName", "", **TEXT)
    template, template_rbv = pair("FileTemplate", "", **TEXT)
    number, number_rbv = pair("FileNumber", 0)
    increment, increment_rbv = pair("AutoIncrement", "No", **NO_YES)
    exists = pvproperty(name="FilePathExists_RBV", value="No", read_only=True, **NO_YES)
    write_mode, write_mode_rbv = pair("FileWriteMode", "Single", dtype=ChannelType.ENUM, enum_strings=["Single", "Capture", "Stream"])
    enable, enable_rbv = pair("EnableCallbacks", "Disable", dtype=ChannelType.ENUM, enum_strings=["Disable", "Enable"])
    create = pvproperty(name="CreateDirectory", value=0)
    count, count_rbv = pair("NumCapture", 1)
    capture = pvproperty(name="Capture", value=0)
    capture_rbv = pvproperty(name="Capture_RBV", value=0, read_only=True)
    captured = pvproperty(name="NumCaptured_RBV", value=0, read_only=True)

    @path.putter
    async def path(self, instance, value):
        puts.append(instance.pvname)
        folder = value if isinstance(value, str) else bytes(value).split(b"\0")[0].decode()
        if self.create.value < 0 and not folder.startswith("/nowhere"):
            os.makedirs(folder, exist_ok=True)
        await self.path_rbv.write(folder)
        await self.exists.write("Yes" if os.path.isdir(folder) else "No")

    @capture.putter
    async def capture(self, instance, value):
        puts.append(instance.pvname)
        if value and not self.may_begin():
            return 0
        if value:
            await self.captured.write(0)
            self.begin()
        else:
            self.end()
        await self.capture_rbv.write(value)

    async def take(self, frame):
        if self.capture_rbv.value and self.enable.value == "Enable":
            self.write_frame(frame)
            await self.captured.write(self.captured.value + 1)

    def may_begin(self):
        return True

    def begin(self):
        pass

    def end(self):
        pass


def text(channel):
    value = channel.value
    return value if isinstance(value, str) else bytes(value).split(b"\0")[0].decode()


class Hdf(Plugin):
    """Like the plugin of ADCore, it opens no file before it knows the size of frames, unless LazyOpen is set."""

    chunk, chunk_rbv = pair("NumFramesChunks", 0)
    auto, auto_rbv = pair("ChunkSizeAuto", "No", **NO_YES)
    dims, dims_rbv = pair("NumExtraDims", 1)
    lazy, lazy_rbv = pair("LazyOpen", "No", **NO_YES)
    swmr, swmr_rbv = pair("SWMRMode", "Off", dtype=ChannelType.ENUM, enum_strings=["Off", "On"])
    xml, xml_rbv = pair("XMLFileName", "layout.xml", **TEXT)
    flush = pvproperty(name="FlushNow", value=0)
    data = None

    def may_begin(self):
        return self.lazy.value == "Yes" and text(self.xml) == "" and self.dims.value == 0

    def begin(self):
        self.end()
        path = text(self.template) % (text(self.path), text(self.name))
        self.h5 = h5py.File(path, "w", libver="latest")
        chunks = (self.chunk.value, *SHAPE)
        self.data = self.h5.create_dataset("entry/data/data", (0, *SHAPE), maxshape=(None, *SHAPE), chunks=chunks, dtype="u2")
        self.values = {}
        for part in (self.parent.cam, self.parent.stats):
            for name, kind in part.attribute_types().items():
                dtype = "S40" if kind.endswith("STRING") else "f8" if kind.endswith("DOUBLE") else "i4"
                self.values[name] = self.h5.create_dataset(f"entry/instrument/NDAttributes/{name}", (0,), maxshape=(None,), chunks=(16384,), dtype=dtype)
        self.h5.swmr_mode = self.swmr.value == "On"

    def end(self):
        if self.data is not None:
            self.h5.close()
            self.data = None

    def write_frame(self, frame):
        self.data.resize(len(self.data) + 1, axis=0)
        self.data[-1] = frame
        for values in self.values.values():
            values.resize(len(self.data), axis=0)
            values[-1] = b"frame %d" % frame[0, 0] if values.dtype.kind == "S" else frame[0, 0] / 2 if values.dtype.kind == "f" else frame[0, 0]

    @flush.putter
    async def flush(self, instance, value):
        puts.append(instance.pvname)
        if self.data is not None:
            self.h5.flush()
        return 0


class Tiff(Plugin):
    def write_frame(self, frame):
        """A TIFF of one strip of 16-bit pixels."""
        height, width = frame.shape
        path = text(self.template) % (text(self.path), text(self.name), self.captured.value)
        entries = [(256, 3, 1, width), (257, 3, 1, height), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8 + 2 + 9 * 12 + 4), (277, 3, 1, 1), (278, 3, 1, height), (279, 4, 1, frame.nbytes)]
        with open(path, "wb") as file:
            file.write(struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(entries)))
            for entry in entries:
                file.write(struct.pack("<HHII", *entry))
            file.write(struct.pack("<I", 0) + frame.tobytes())


class Jpeg(Plugin):
    def write_frame(self, frame):
        path = text(self.template) % (text(self.path), text(self.name), self.captured.value)
        Image.fromarray(frame.astype("u1")).save(path)


class Camera(PVGroup):
    cam = SubGroup(Driver, prefix="cam1:")
    hdf = SubGroup(Hdf, prefix="HDF1:")
    tiff = SubGroup(Tiff, prefix="TIFF1:")
    jpeg = SubGroup(Jpeg, prefix="JPEG1:")
    stats = SubGroup(Attributes, prefix="Stats1:")
    listed = pvproperty(name="Puts", value=["none"] * 200, dtype=ChannelType.STRING, max_length=200)

    @listed.getter
    async def listed(self, instance):
        """What was set since this was read last."""
        names = [name for name in puts if not name.endswith("_RBV")] or ["none"]
        puts.clear()
        return names[:200]


async def main():
    async def ready(async_lib):
        print("ready", flush=True)

    await start_server(Camera(prefix="LAB:CAM:").pvdb, interfaces=["127.0.0.1"], startup_hook=ready)


asyncio.run(main())

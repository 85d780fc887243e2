"""A real Tango server (PyTango) with attributes and commands of each kind (Everything), a motor and an old device."""

import sys
import time
from enum import IntEnum

import numpy as np
from tango import (
    AttrDataFormat,
    AttrQuality,
    AttrWriteType,
    CmdArgType,
    Device_4Impl,
    DeviceClass,
    DevState,
    DispLevel,
    Except,
)
from tango.server import Device, attribute, command, run

SCALARS = {
    "double": ("DevDouble", 1.5),
    "float": ("DevFloat", 0.5),
    "short": ("DevShort", -3),
    "ushort": ("DevUShort", 60000),
    "long": ("DevLong", -70000),
    "ulong": ("DevULong", 4000000000),
    "uchar": ("DevUChar", 200),
    "long64": ("DevLong64", -(2**53) - 1),
    "ulong64": ("DevULong64", 2**64 - 1),
    "boolean": ("DevBoolean", True),
    "string": ("DevString", "größer"),
    "parent": ("DevLong", 5),
}


class Mode(IntEnum):
    idle = 0
    slow = 1
    fast = 2


class Everything(Device):
    mode = attribute(dtype=Mode, access=AttrWriteType.READ_WRITE)
    modes = attribute(dtype=(Mode,), max_dim_x=4)
    x = attribute(
        dtype=float,
        access=AttrWriteType.READ_WRITE,
        unit="mm",
        format="%8.3f",
        min_value=-10,
        max_value=10,
        min_warning=-8,
        max_warning=8,
        max_alarm=9,
    )
    expert = attribute(dtype=float, display_level=DispLevel.EXPERT)
    current = attribute(dtype=float, access=AttrWriteType.READ_WRITE, unit="A")
    setOnly = attribute(dtype=float, access=AttrWriteType.WRITE)
    counter = attribute(dtype=int)
    kept = attribute(dtype=float, access=AttrWriteType.READ_WRITE, memorized=True, hw_memorized=True)
    image = attribute(dtype=((float,),), max_dim_x=4096, max_dim_y=4096, access=AttrWriteType.READ_WRITE)
    texts = attribute(dtype=(("DevString",),), max_dim_x=8, max_dim_y=8)
    empty = attribute(dtype=(float,), max_dim_x=8)
    encoded = attribute(dtype="DevEncoded", access=AttrWriteType.READ_WRITE)
    invalid = attribute(dtype=float)
    broken = attribute(dtype=float)

    def init_device(self):
        super().init_device()
        self.values = {}
        self.calls = 0
        self.set_state(DevState.STANDBY)
        for name, (dtype, initial) in SCALARS.items():
            self.add(name, dtype, initial)
            self.add(name + "s", (dtype,), [initial, initial])

    def add(self, name, dtype, initial):
        self.values[name] = initial
        many = isinstance(dtype, tuple)
        made = attribute(name=name, dtype=dtype, access=AttrWriteType.READ_WRITE, max_dim_x=300000 if many else 1)
        self.add_attribute(made, self.read_any, self.write_any)

    def read_any(self, attr):
        attr.set_value(self.values[attr.get_name()])

    def write_any(self, attr):
        self.values[attr.get_name()] = attr.get_write_value()

    def read_mode(self):
        return self.values.get("mode", Mode.slow)

    def write_mode(self, value):
        self.values["mode"] = Mode(value)

    def read_modes(self):
        return [Mode.fast, Mode.idle]

    def read_x(self):
        return self.values.get("x", 1.25)

    def write_x(self, value):
        self.values["x"] = value

    def read_kept(self):
        return self.values.get("kept", 0.0)

    def write_kept(self, value):
        self.values["kept"] = value

    def read_expert(self):
        return 1.0

    def read_current(self):
        """Ramps by 5 A/s, without ever reporting MOVING."""
        begun, start, target = self.values.get("ramp", (0.0, 0.0, 0.0))
        way = 5 * (time.time() - begun)
        return target if way >= abs(target - start) else start + (way if target > start else -way)

    def write_current(self, value):
        self.values["ramp"] = (time.time(), self.read_current(), value)

    def write_setOnly(self, value):
        self.values["x"] = value

    def read_counter(self):
        self.calls += 1
        return self.calls

    def read_image(self):
        return self.values.get("image", np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))

    def write_image(self, value):
        self.values["image"] = value

    def read_texts(self):
        return [["a", "b"], ["c", ""]]

    def read_empty(self):
        return []

    def read_encoded(self):
        return self.values.get("encoded", ("raw", b"\x00\x01\xff"))

    def write_encoded(self, value):
        self.values["encoded"] = value

    def read_invalid(self):
        return 0.0, time.time(), AttrQuality.ATTR_INVALID

    def read_broken(self):
        Except.throw_exception("LAB_NoSensor", "the sensor is\nnot \x1b[31mplugged in", "Everything.read_broken")

    @command(dtype_in=(float,), dtype_out=float)
    def Sum(self, values):
        return float(sum(values))

    @command(dtype_in=str, dtype_out=str)
    def Echo(self, text):
        return text

    @command(dtype_in="DevLong64", dtype_out="DevLong64")
    def Same(self, value):
        return value

    @command(dtype_in="DevVarDoubleStringArray", dtype_out="DevVarLongStringArray")
    def Swap(self, both):
        numbers, texts = both
        return [[int(number) for number in numbers], list(reversed(texts))]

    @command(dtype_in=("DevString",), dtype_out=(bool,))
    def AreLong(self, texts):
        return [len(text) > 3 for text in texts]

    @command(dtype_out="DevState")
    def Which(self):
        return DevState.RUNNING

    @command(dtype_in=str, doc_in="<b>bold</b>")
    def Mark(self, text):
        pass

    @command
    def Touch(self):
        self.values["x"] = 7.0

    @command
    def Fail(self):
        raise ValueError("this never works")

    @command(dtype_in=float)
    def Sleep(self, seconds):
        time.sleep(seconds)

    @command(dtype_in=float)
    def Tighten(self, limit):
        config = self.get_device_attr().get_attr_by_name("x")
        config.set_max_value(limit)


class Motor(Device):
    """Moves by 20 mm/s. On the way to a target above 50 mm it is blocked at 5 mm."""

    def init_device(self):
        super().init_device()
        self.at, self.target, self.begun = 0.0, 0.0, 0.0
        self.moving, self.blocked = False, False
        self.velocity_ = 20.0

    def where(self):
        if not self.moving:
            return self.at
        way = (time.time() - self.begun) * self.velocity_
        left = self.target - self.at
        end = 5.0 if self.target > 50 else self.target
        if way >= abs(end - self.at):
            self.at, self.moving, self.blocked = end, False, end != self.target
            return self.at
        return self.at + (way if left > 0 else -way)

    def dev_state(self):
        self.where()
        return DevState.MOVING if self.moving else DevState.FAULT if self.blocked else DevState.ON

    @attribute(dtype=float, unit="mm", min_value=-10, max_value=100)
    def position(self):
        return self.where()

    @position.write
    def position(self, value):
        self.at = self.where()
        self.target, self.begun, self.moving, self.blocked = value, time.time(), True, False

    @attribute(dtype=float, unit="mm/s", access=AttrWriteType.READ_WRITE)
    def velocity(self):
        return self.velocity_

    @velocity.write
    def velocity(self, value):
        self.velocity_ = value

    @command(dtype_in=float)
    def Sleep(self, seconds):
        time.sleep(seconds)

    @command
    def Stop(self):
        self.at, self.moving = self.where(), False
        if self.target != self.at:
            self.target = self.at


class Changed(Everything):
    """The same device after its program was changed: some attributes have other types, units, choices and access."""

    x = attribute(dtype=float, access=AttrWriteType.READ_WRITE, unit="um", min_value=-10, max_value=10)
    counter = attribute(dtype=str)

    mode = attribute(dtype=IntEnum("Mode", ["idle", "warming", "slow", "fast"], start=0))
    current = attribute(dtype=float, unit="A")

    def read_counter(self):
        return "none"

    def read_mode(self):
        return 1

    def read_current(self):
        return 4.5


class OldClass(DeviceClass):
    attr_list = {
        "x": [[CmdArgType.DevDouble, AttrDataFormat.SCALAR, AttrWriteType.READ_WRITE], {"unit": "A"}],
    }
    cmd_list = {"Twice": [[CmdArgType.DevDouble, ""], [CmdArgType.DevDouble, ""]]}


class Old(Device_4Impl):
    """A device as it was before Tango 9, without version 5 of the interface."""

    def __init__(self, device_class, name):
        super().__init__(device_class, name)
        self.x = 1.5

    def read_x(self, attr):
        attr.set_value(self.x)

    def write_x(self, attr):
        self.x = attr.get_write_value()

    def Twice(self, value):
        return 2 * value


if __name__ == "__main__":
    if "--changed" in sys.argv:
        sys.argv.remove("--changed")
        Everything = type("Everything", (Changed,), {})
    run([Everything, Motor, (OldClass, Old, "Old")])

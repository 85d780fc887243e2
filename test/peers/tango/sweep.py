"""A Tango server (PyTango) with all that an attribute or a command can be: types, qualities, sizes, names and errors."""

import time

import numpy as np
from tango import AttrQuality, AttrWriteType, DevState, DispLevel, Except
from tango.server import Device, attribute, command, run

NUMBERS = {
    "DevShort": (-(2**15), 2**15 - 1, 0),
    "DevUShort": (0, 2**16 - 1, 7),
    "DevLong": (-(2**31), 2**31 - 1, 0),
    "DevULong": (0, 2**32 - 1, 7),
    "DevLong64": (-(2**63), 2**63 - 1, 2**53 + 1),
    "DevULong64": (0, 2**64 - 1, 2**53 + 1),
    "DevUChar": (0, 255, 7),
    "DevFloat": (-1.5, float("nan"), float("inf")),
    "DevDouble": (1e-310, float("nan"), float("-inf")),
}
OTHERS = {
    "DevBoolean": (True, False, True),
    "DevString": ("größer °C", "日本語 €".encode().decode("latin-1"), ""),
    "DevState": (DevState.ON, DevState.UNKNOWN, DevState.RUNNING),
    "DevEnum": (0, 1, 2),
}
LABELS = ["zu", "größer", "a b"]
QUALITIES = {
    "Valid": AttrQuality.ATTR_VALID,
    "Invalid": AttrQuality.ATTR_INVALID,
    "Alarm": AttrQuality.ATTR_ALARM,
    "Changing": AttrQuality.ATTR_CHANGING,
    "Warning": AttrQuality.ATTR_WARNING,
}


ARRAYS = [
    *["DevVarCharArray", "DevVarShortArray", "DevVarUShortArray", "DevVarLongArray", "DevVarULongArray"],
    *["DevVarLong64Array", "DevVarULong64Array", "DevVarFloatArray", "DevVarDoubleArray", "DevVarStringArray"],
    *["DevVarBooleanArray", "DevVarLongStringArray", "DevVarDoubleStringArray"],
]


def echo(dtype):
    """A command that gives back what it takes, through the types of CORBA."""

    def execute(self, value):
        return value

    execute.__name__ = f"Echo{dtype}"
    return command(dtype_in=dtype, dtype_out=dtype)(execute)


class Sweep(Device):
    for dtype_ in [*NUMBERS, "DevBoolean", "DevString", "DevState", "DevEncoded", *ARRAYS]:
        locals()[f"Echo{dtype_}"] = echo(dtype_)

    configured = attribute(
        dtype=float,
        access=AttrWriteType.READ_WRITE,
        label="Höhe <b>",
        unit="µm",
        standard_unit="1e-6",
        display_unit="nm",
        format="%6.2f",
        min_value=-5,
        max_value=5,
        min_alarm=-4,
        max_alarm=4,
        min_warning=-3,
        max_warning=3,
        doc="line 1\nline 2",
    )
    oneSided = attribute(dtype=int, access=AttrWriteType.READ_WRITE, max_value=10, unit="No unit", format="%d")
    scientific = attribute(dtype=float, format="scientific;setprecision(3)", unit="")
    expert = attribute(dtype=float, display_level=DispLevel.EXPERT)
    writeOnly = attribute(dtype=float, access=AttrWriteType.WRITE)
    memorised = attribute(dtype=float, access=AttrWriteType.READ_WRITE, memorized=True)
    encoded = attribute(dtype="DevEncoded", access=AttrWriteType.READ_WRITE)
    encodedEmpty = attribute(dtype="DevEncoded")
    tracking = attribute(dtype=(float,), max_dim_x=100, access=AttrWriteType.READ_WRITE)
    never = attribute(dtype=float)
    nothing = attribute(dtype=float)
    several = attribute(dtype=float)
    slow = attribute(dtype=float)
    polled = attribute(dtype=int, polling_period=100)

    def init_device(self):
        super().init_device()
        self.set_state(DevState.ALARM)
        self.set_status("größer\nthan \x1b[31m<b>everything</b>")
        self.values, self.count = {}, 0
        for dtype, examples in {**NUMBERS, **OTHERS}.items():
            extra = {"enum_labels": LABELS} if dtype == "DevEnum" else {}
            for i, value in enumerate(examples):
                self.add(f"{dtype}_{i}", dtype, value, **extra)
            self.add(f"{dtype}_spectrum", (dtype,), list(examples), **extra)
            self.add(f"{dtype}_empty", (dtype,), [], **extra)
            self.add(f"{dtype}_image", ((dtype,),), [list(examples), list(reversed(examples))], **extra)
            self.add(f"{dtype}_emptyImage", ((dtype,),), [[]], **extra)
        for name, quality in QUALITIES.items():
            self.add(f"quality{name}", "DevDouble", (2.5, time.time(), quality))
            self.add(f"quality{name}s", ("DevDouble",), ([2.5, 3.5], time.time(), quality))
            self.add(f"quality{name}String", "DevString", ("text", time.time(), quality))
        self.add("oddCASE_1", "DevDouble", 4.5)
        self.add("with-dash.dot", "DevDouble", 5.5)
        self.add("constructor", "DevDouble", 6.5)
        self.add("toString", "DevString", "mine")

    def add(self, name, dtype, value, **extra):
        self.values[name] = value
        depth = 2 if isinstance(dtype, tuple) and isinstance(dtype[0], tuple) else isinstance(dtype, tuple)
        sizes = {1: {"max_dim_x": 4096}, 2: {"max_dim_x": 64, "max_dim_y": 64}}.get(int(depth), {})
        made = attribute(name=name, dtype=dtype, access=AttrWriteType.READ_WRITE, **sizes, **extra)
        self.add_attribute(made, self.read_any, self.write_any)

    def read_any(self, attr):
        value = self.values[attr.get_name()]
        if isinstance(value, tuple):
            if value[2] == AttrQuality.ATTR_INVALID:
                attr.set_quality(value[2])
            else:
                attr.set_value_date_quality(*value)
        else:
            attr.set_value(value)

    def write_any(self, attr):
        self.values[attr.get_name()] = attr.get_write_value()

    def read_configured(self):
        return 3.5

    def write_configured(self, value):
        self.values["configured"] = value

    def read_oneSided(self):
        return 4

    def write_oneSided(self, value):
        self.values["oneSided"] = value

    def read_scientific(self):
        return 1234.5678

    def read_expert(self):
        return 1.0

    def write_writeOnly(self, value):
        self.values["writeOnly"] = value

    def read_memorised(self):
        return self.values.get("memorised", 0.0)

    def write_memorised(self, value):
        self.values["memorised"] = value

    def read_encoded(self):
        return self.values.get("encoded", ("größe", b"\x00\x01\xff"))

    def write_encoded(self, value):
        self.values["encoded"] = value

    def read_encodedEmpty(self):
        return "", b""

    def read_tracking(self):
        """What is read has another length than what was set."""
        return [0.5] * 3

    def write_tracking(self, value):
        self.values["tracking"] = value

    def read_never(self):
        raise ValueError("out of\r\nrange: \x1b[31m<script>red</script>\x07 größer")

    def read_nothing(self):
        return None

    def read_several(self):
        try:
            Except.throw_exception("LAB_Cable", "the cable is \x1b[1mloose", "Sweep.read_several")
        except Exception as error:
            Except.re_throw_exception(error, "LAB_NoSensor", "the sensor does not answer", "Sweep.outer")

    def read_slow(self):
        time.sleep(1.5)
        return 8.5

    def read_polled(self):
        self.count += 1
        return self.count

    @command
    def Appear(self):
        self.add("passing", "DevDouble", 9.5)

    @command
    def Vanish(self):
        # Without a database there is nothing to clean, and to try it would end the server.
        self.remove_attribute("passing", clean_db=False)

    @command
    def Reconfigure(self):
        """Another unit, label and range, as an operator sets them with Jive."""
        config = self.get_device_attr().get_attr_by_name("configured")
        properties = config.get_properties()
        properties.unit, properties.label, properties.max_value = "mm", "Breite", "50"
        properties.max_alarm, properties.max_warning, properties.format = "40", "30", "%.4f"
        config.set_properties(properties)

    @command(dtype_in=int)
    def GoTo(self, state):
        self.set_state(DevState.values[state])

    @command
    def Several(self):
        self.read_several()


if __name__ == "__main__":
    run([Sweep])

"""Prints as JSON what PyTango's client says of the device at argv[1]: attributes, values, errors and commands."""

import json
import sys
import time

import numpy as np
from tango import CmdArgType, DevFailed, DeviceProxy, DevState

def text(value):
    """PyTango reads all texts as Latin-1."""
    data = value.encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return value


def plain(value, dtype, labels):
    """A value for JSON: what is beyond it is a string."""
    if value is None:
        return None
    if isinstance(value, np.ndarray):
        return [plain(one, dtype, labels) for one in value]
    if dtype == CmdArgType.DevEncoded:
        return [text(value[0]), list(value[1])]
    if isinstance(value, (tuple, list)):
        return [plain(one, dtype, labels) for one in value]
    if dtype == CmdArgType.DevState:
        return str(DevState.values[int(value)])
    if dtype == CmdArgType.DevEnum:
        return labels[int(value)]
    if isinstance(value, str):
        return text(value)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < 2**53 else str(int(value))
    value = float(value)
    return value if np.isfinite(value) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(value)]


def limits(low, high):
    given = [None if "specified" in one.lower() else float(one) for one in (low, high)]
    return None if given == [None, None] else {"low": given[0], "high": given[1]}


def attribute_of(device, config):
    labels = [text(label) for label in config.enum_labels]
    alarms = config.alarms
    result = {
        "writable": str(config.writable),
        "format": str(config.data_format),
        "unit": "" if config.unit == "No unit" else text(config.unit),
        "label": text(config.label),
        "choices": labels,
        "control": limits(config.min_value, config.max_value),
        "warning": limits(alarms.min_warning, alarms.max_warning),
        "alarm": limits(alarms.min_alarm, alarms.max_alarm),
    }
    try:
        read = device.read_attribute(config.name)
        result["quality"] = str(read.quality)
        result["timestamp"] = read.time.totime()
        result["value"] = plain(read.value, read.type, labels)
        result["set"] = plain(read.w_value, read.type, labels)
    except DevFailed as error:
        # The last one is added by the client.
        result["errors"] = [[text(one.reason), text(one.desc)] for one in error.args[:-1]]
    return result


def connected(trl):
    """A proxy that has reached its device. The client tries once a second only, and gives up at once in between."""
    device = DeviceProxy(trl)
    for _ in range(20):
        try:
            device.ping()
            return device
        except DevFailed:
            time.sleep(1.1)
    return device


device = connected(sys.argv[1])
configs = device.attribute_list_query_ex()
print(
    json.dumps(
        {
            "attributes": {config.name: attribute_of(device, config) for config in configs},
            "commands": {
                info.cmd_name: [str(info.in_type), str(info.out_type)] for info in device.command_list_query()
            },
        }
    )
)

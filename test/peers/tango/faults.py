"""A Tango server (PyTango) with a device that answers slowly (Slow) and one that pushes events (Events)."""

import time

from tango import AttrWriteType, DevState, Except
from tango.server import Device, attribute, command, run


class Slow(Device):
    """One attribute takes 4 s, longer than a server lets other calls wait. It refuses to be set while it moves."""

    mode = attribute(dtype="DevEnum", enum_labels=["kleiner", "größer"], access=AttrWriteType.READ_WRITE)
    warmth = attribute(dtype=float, unit="°C")
    slow = attribute(dtype=float)
    calls = attribute(dtype=int)
    broken = attribute(dtype=float)
    position = attribute(dtype=float, unit="mm", access=AttrWriteType.READ_WRITE)
    delayed = attribute(dtype=float, access=AttrWriteType.READ_WRITE)

    def init_device(self):
        super().init_device()
        self.hooks, self.mode_, self.begun, self.start, self.target = 0, 0, 0.0, 0.0, 0.0
        self.set_state(DevState.ON)

    def read_attr_hardware(self, attributes):
        """Is called once for each call of the client, whatever the number of its attributes."""
        self.hooks += 1

    def read_mode(self):
        return self.mode_

    def write_mode(self, value):
        self.mode_ = value

    def read_warmth(self):
        return 21.5

    def read_slow(self):
        time.sleep(4)
        return 4.0

    def read_calls(self):
        return self.hooks

    def read_broken(self):
        Except.throw_exception("LAB_NoSensor", "the sensor is not plugged in", "Slow.read_broken")

    def read_delayed(self):
        return 0.0

    def write_delayed(self, value):
        time.sleep(2)

    def where(self):
        way = 5 * (time.time() - self.begun)
        if way >= abs(self.target - self.start):
            return self.target
        return self.start + (way if self.target > self.start else -way)

    def dev_state(self):
        return DevState.MOVING if self.where() != self.target else DevState.ON

    def read_position(self):
        return self.where()

    def is_position_allowed(self, request):
        return True

    def write_position(self, value):
        if self.where() != self.target:
            Except.throw_exception("LAB_Moving", "it moves", "Slow.write_position")
        self.start, self.target, self.begun = self.where(), value, time.time()

    @command
    def Stop(self):
        self.start = self.target = self.where()

    @command(dtype_in=float)
    def Sleep(self, seconds):
        time.sleep(seconds)


class Events(Device):
    """Pushes the values 1 to 5, 20 ms apart, as events of each kind, on command."""

    changed = attribute(dtype=float, access=AttrWriteType.READ_WRITE)
    kept = attribute(dtype=float, access=AttrWriteType.READ_WRITE, memorized=True)
    archived = attribute(dtype=float)
    ready = attribute(dtype=float)
    words = attribute(dtype=str)
    numbers = attribute(dtype=(float,), max_dim_x=10)
    periodic = attribute(dtype=int)
    silent = attribute(dtype=int)

    def read_kept(self):
        return self.kept_

    def write_kept(self, value):
        self.kept_ = value

    def init_device(self):
        super().init_device()
        self.kept_ = 0.0
        self.values = {"changed": 0.0, "archived": 0.0, "ready": 0.0, "words": "none", "numbers": [0.0]}
        self.count = 0
        self.set_state(DevState.ON)
        for name in ["changed", "words", "numbers"]:
            self.set_change_event(name, True, False)
        self.set_archive_event("archived", True, False)
        self.set_data_ready_event("ready", True)
        self.poll_attribute("periodic", 50)

    def read_changed(self):
        return self.values["changed"]

    def write_changed(self, value):
        self.values["changed"] = value
        self.push_change_event("changed", value)

    def read_archived(self):
        return self.values["archived"]

    def read_ready(self):
        return self.values["ready"]

    def read_words(self):
        return self.values["words"]

    def read_numbers(self):
        return self.values["numbers"]

    def read_periodic(self):
        self.count += 1
        return self.count

    def read_silent(self):
        self.count += 1
        return self.count

    @command
    def Burst(self):
        for value in range(1, 6):
            self.values.update(changed=float(value), archived=float(value), words=f"é{value}", numbers=[1.0] * value)
            self.push_change_event("changed", float(value))
            self.push_change_event("words", f"é{value}")
            self.push_change_event("numbers", [1.0] * value)
            self.push_archive_event("archived", float(value))
            self.values["ready"] = float(value)
            self.push_data_ready_event("ready", value)
            time.sleep(0.02)

    @command
    def Break(self):
        """Pushes an error in the place of a value."""
        try:
            Except.throw_exception("LAB_NoSensor", "the sensor is not plugged in", "Events.Break")
        except Exception as error:
            self.push_change_event("changed", error)


if __name__ == "__main__":
    run([Slow, Events])

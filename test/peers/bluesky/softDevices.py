"""Soft devices for bluesky, the same as test/plans/softDevices.ts."""

import math
import time


class Done:
    """A status that is done."""

    done = True
    success = True

    def add_callback(self, callback):
        callback(self)

    def exception(self, timeout=0.0):
        return None


class Named:
    parent = None

    def __init__(self, name, hinted=True):
        self.name = name
        self.hints = {"fields": [name]} if hinted else {}

    def __repr__(self):
        return f'{type(self).__name__}("{self.name}")'


def data_key(units):
    return {"source": "SIM", "dtype": "number", "shape": [], "units": units}


class Motor(Named):
    """Moves at once; can't be located."""

    def __init__(self, name, position=0.0, **kwargs):
        super().__init__(name, **kwargs)
        self.at = position

    def set(self, value):
        self.at = float(value)
        return Done()

    def stop(self, success=False):
        pass

    def read(self):
        return {self.name: {"value": self.at, "timestamp": time.time()}}

    def describe(self):
        return {self.name: data_key("mm")}

    def read_configuration(self):
        return {f"{self.name}-velocity": {"value": 1.0, "timestamp": time.time()}}

    def describe_configuration(self):
        return {f"{self.name}-velocity": data_key("mm/s")}

    def subscribe(self, callback):
        self.callback = callback
        callback(self.read())

    def clear_sub(self, callback):
        self.callback = None


class LocatableMotor(Motor):
    def locate(self):
        return {"setpoint": self.at, "readback": self.at}


class Stage(Named):
    """A device with parts, which is staged as a whole."""

    def __init__(self, name):
        super().__init__(name, hinted=False)
        self.x = Motor(f"{name}-x")
        self.y = Motor(f"{name}-y")
        self.x.parent = self
        self.y.parent = self

    def stage(self):
        return [self]

    def unstage(self):
        return [self]

    def read(self):
        return {**self.x.read(), **self.y.read()}

    def describe(self):
        return {**self.x.describe(), **self.y.describe()}


class Det(Named):
    """A Gaussian peak at 1, of the position of a motor."""

    def __init__(self, name, motor=None, **kwargs):
        super().__init__(name, **kwargs)
        self.motor = motor
        self.gain = 1.0

    def trigger(self):
        return Done()

    def value(self):
        x = self.motor.at if self.motor is not None else 1.0
        return self.gain * math.exp(-0.5 * (x - 1.0) ** 2)

    def read(self):
        return {self.name: {"value": self.value(), "timestamp": time.time()}}

    def describe(self):
        return {self.name: data_key("counts")}

    def configure(self, gain):
        old = self.read_configuration()
        self.gain = gain
        return old, self.read_configuration()

    def read_configuration(self):
        return {f"{self.name}-gain": {"value": self.gain, "timestamp": time.time()}}

    def describe_configuration(self):
        return {f"{self.name}-gain": data_key("")}


class Sensor(Named):
    """Can only be read."""

    def read(self):
        return {self.name: {"value": 4.2, "timestamp": time.time()}}

    def describe(self):
        return {self.name: data_key("K")}

    def subscribe(self, callback):
        self.callback = callback
        callback(self.read())

    def clear_sub(self, callback):
        self.callback = None


class Flyer(Named):
    """Flies at once and then has three events."""

    def kickoff(self):
        return Done()

    def complete(self):
        return Done()

    def describe_collect(self):
        return {"flight": {self.name: data_key("V")}}

    def collect(self):
        for i in range(3):
            yield {"time": i, "data": {self.name: float(i)}, "timestamps": {self.name: float(i)}}

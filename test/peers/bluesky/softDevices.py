"""Soft devices for bluesky, the same as test/support/softDevices.ts."""

import math
import time


class Done:
    """A status that is done from the beginning."""

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
    """A motor that moves at once and has no locate()."""

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
    """A device with children, which are staged with it."""

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
    """A detector that sees a Gaussian peak at the motor position 1."""

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
    """A device that can only be read."""

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
    """A flyer that finishes at once and has three events."""

    def kickoff(self):
        return Done()

    def complete(self):
        return Done()

    def describe_collect(self):
        return {"flight": {self.name: data_key("V")}}

    def collect(self):
        for i in range(3):
            yield {"time": i, "data": {self.name: float(i)}, "timestamps": {self.name: float(i)}}


class Once(Det):
    """A detector whose measurement cannot be repeated."""

    class rewindable:
        @staticmethod
        def get():
            return False


class Dark(Det):
    def value(self):
        return 0.0


class Slow(Motor):
    """A device that has arrived when it was checked three times."""

    def set(self, value):
        self.at = float(value)
        return Later()


class Later(Done):
    looks = 0

    @property
    def done(self):
        self.looks += 1
        return self.looks > 3


class Eager(Motor):
    """A device whose set() takes an option."""

    def set(self, value, speed=1):
        return super().set(value)


class Lazy(Named):
    """A device that takes some time to stage, unstage and prepare."""

    def stage(self):
        return Later()

    def unstage(self):
        return Later()

    def prepare(self, value):
        return Later()


class Mode(Named):
    """A switch that is on or off."""

    value = "off"

    def set(self, value):
        self.value = value
        return Done()

    def read(self):
        return {self.name: {"value": self.value, "timestamp": time.time()}}

    def describe(self):
        return {self.name: {"source": "SIM", "dtype": "string", "shape": []}}


class Timed(Det):
    """A detector that counts for some time."""

    class CountTime(Motor):
        def get(self):
            return self.at

    def __init__(self, name):
        super().__init__(name)
        self.count_time = Timed.CountTime(f"{name}-countTime", 0.1)


def devices():
    """Makes new devices for each case."""
    m = Motor("m", 2.0)
    return dict(
        m=m,
        m2=Motor("m2", -1.0),
        m3=Motor("m3", 0.5),
        lm=LocatableMotor("lm", 3.0),
        lm2=LocatableMotor("lm2", 0.0),
        plain=Motor("plain", 1.0, hinted=False),
        det=Det("det", m),
        det2=Det("det2"),
        dark=Dark("dark"),
        once=Once("once"),
        slow=Slow("slow"),
        eager=Eager("eager"),
        lazy=Lazy("lazy"),
        mode=Mode("mode"),
        timed=Timed("timed"),
        sensor=Sensor("sensor"),
        flyer=Flyer("flyer"),
        flyer2=Flyer("flyer2"),
        stage=Stage("stage"),
        suspender=Named("suspender"),
    )

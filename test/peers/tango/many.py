"""A real Tango server (PyTango) with a thousand attributes and an image of 15 MB, for benchmarks."""

import numpy as np
from tango import AttrWriteType
from tango.server import Device, attribute, command, run


class Many(Device):
    green_mode = None

    def init_device(self):
        super().init_device()
        self.values = np.arange(1000.0)
        self.picture = (np.arange(15_000_000) % 251).astype("u1").reshape(3000, 5000)
        for i in range(1000):
            made = attribute(name=f"n{i}", dtype=float, unit="K", access=AttrWriteType.READ, fget=self.read_one)
            self.add_attribute(made)
            self.set_change_event(f"n{i}", True, False)

    def read_one(self, attr):
        return self.values[int(attr.get_name()[1:])]

    @attribute(dtype=(("DevUChar",),), max_dim_x=5000, max_dim_y=3000)
    def picture_now(self):
        return self.picture

    @command(dtype_in=int)
    def Bump(self, rounds):
        for _ in range(rounds):
            self.values += 1
            for i in range(1000):
                self.push_change_event(f"n{i}", self.values[i])


run([Many])

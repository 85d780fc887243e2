"""A small beamline: a monochromator as a motor record of EPICS (caproto), and a diode behind a copper foil as a Tango device.

The monochromator is BL:MONO, in keV. The diode is bl/diode/1; its current has the K edge of copper at 8.98 keV. Both are in this
program, so that the light of one falls on the other:

    python beamline.py one -nodb -dlist Diode::bl/diode/1 -ORBendPoint giop:tcp:127.0.0.1:10000
"""

import asyncio
import math
import threading

from caproto.asyncio.server import start_server
from caproto.server import PVGroup, pvproperty
from tango import DevState
from tango.server import Device, attribute, run

STEP = 0.02
EDGE = 8.979
energy = 9.0


class Mono(PVGroup):
    position = pvproperty(value=9.0, name="", record="motor", precision=4)

    @position.startup
    async def position(self, instance, async_lib):
        self.wanted = 0
        record = instance.field_inst
        for field, value in [(record.velocity, 5.0), (record.seconds_to_velocity, 0.05), (record.motor_step_size, 1e-6), (record.user_low_limit, 5.0), (record.user_high_limit, 20.0)]:
            await field.write(value)
        await record.user_readback_value.write(9.0)
        await instance.write_metadata(units="keV")
        await record.user_readback_value.write_metadata(units="keV", precision=4)
        await record.engineering_units.write("keV")
        await record.description.write("Monochromator, energy")
        record.value_write_hook = self.travel

    async def travel(self, instance, target):
        global energy
        record = self.position.field_inst
        self.wanted += 1
        mine = self.wanted
        # The motor has steps of 0.001 eV.
        target = round(target, 6)
        await record.done_moving_to_value.write(0)
        await record.stop.write(0)
        while abs(target - energy) > 1e-9 and self.wanted == mine and not record.stop.value:
            step = record.velocity.value * STEP
            energy = round(energy + max(-step, min(step, target - energy)), 6)
            await asyncio.sleep(STEP)
            await record.user_readback_value.write(energy)
        if self.wanted == mine:
            await record.done_moving_to_value.write(1)


class Diode(Device):
    def init_device(self):
        super().init_device()
        self.set_state(DevState.ON)

    @attribute(dtype=float, unit="nA", format="%.2f", doc="The current behind the foil")
    def current(self):
        absorbed = 0.9 * (0.5 + math.atan((energy - EDGE) / 0.004) / math.pi)
        wiggle = 0.06 * math.sin(60 * (energy - EDGE)) * math.exp(-25 * (energy - EDGE)) if energy > EDGE else 0
        return 120 * math.exp(-absorbed - wiggle)


def serve_epics():
    async def main():
        await start_server(Mono(prefix="BL:MONO").pvdb, interfaces=["127.0.0.1"])

    asyncio.run(main())


threading.Thread(target=serve_epics, daemon=True).start()
run([Diode])

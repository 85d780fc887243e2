"""Motors by caproto's fake_motor_record, on the port in EPICS_CA_SERVER_PORT.

A write to .VAL is answered at once, before the motor has started. LAB:FAKE runs freely; LAB:STUCK stands still, whatever is
written to it, and a test plays its fields.
"""

import asyncio

from caproto.asyncio.server import start_server
from caproto.ioc_examples.fake_motor_record import FakeMotor
from caproto.server import PVGroup, SubGroup, pvproperty


class Stuck(PVGroup):
    motor = pvproperty(value=0.0, name="", record="motor", precision=3)

    @motor.startup
    async def motor(self, instance, async_lib):
        record = instance.field_inst
        await record.velocity.write(10.0)
        await record.done_moving_to_value.write(1)


FIELDS = {
    "RBV": "user_readback_value",
    "DMOV": "done_moving_to_value",
    "RDBD": "retry_deadband",
    "MRES": "motor_step_size",
    "MISS": "ran_out_of_retries",
    "MSTA": "motor_status",
}


class Lab(PVGroup):
    play = pvproperty(name="PLAY", value="", string_encoding="latin-1", max_length=40, dtype=str)

    @play.putter
    async def play(self, instance, text):
        field, value = text.split()
        channel = getattr(self.stuck.motor.field_inst, FIELDS[field])
        await channel.write(float(value) if field in ("RBV", "RDBD", "MRES") else int(value))

    fake = SubGroup(FakeMotor, velocity=10.0, precision=3, user_limits=(-50, 50), tick_rate_hz=20.0, prefix="FAKE")
    stuck = SubGroup(Stuck, prefix="STUCK")


async def main():
    async def ready(async_lib):
        print("ready", flush=True)

    await start_server(Lab(prefix="LAB:").pvdb, interfaces=["127.0.0.1"], startup_hook=ready)


asyncio.run(main())

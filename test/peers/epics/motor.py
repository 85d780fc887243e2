"""A motor record by caproto, on the port in EPICS_CA_SERVER_PORT. A write to .VAL is answered when the motor has stopped."""

import asyncio

from caproto.asyncio.server import start_server
from caproto.server import PVGroup, pvproperty

STEP = 0.02


class Motor(PVGroup):
    position = pvproperty(value=0.0, name="", record="motor", precision=3)

    @position.startup
    async def position(self, instance, async_lib):
        self.wanted = 0
        record = instance.field_inst
        await record.velocity.write(10.0)
        await record.seconds_to_velocity.write(0.1)
        await record.user_low_limit.write(-10.0)
        await record.user_high_limit.write(10.0)
        await instance.write_metadata(units="mm")
        await record.user_readback_value.write_metadata(units="mm", precision=3)
        await record.engineering_units.write("mm")
        record.value_write_hook = self.travel

    async def travel(self, instance, target):
        record = self.position.field_inst
        self.wanted += 1
        mine = self.wanted
        position = record.user_readback_value.value
        await record.done_moving_to_value.write(0)
        await record.stop.write(0)
        while abs(target - position) > 1e-9 and self.wanted == mine and not record.stop.value:
            step = record.velocity.value * STEP
            position = round(position + max(-step, min(step, target - position)), 6)
            await asyncio.sleep(STEP)
            await record.user_readback_value.write(position)
        if record.stop.value:
            await record.stop.write(0)
            asyncio.get_running_loop().create_task(self.hold(position))
        if self.wanted == mine:
            await record.done_moving_to_value.write(1)

    async def hold(self, position):
        """Where it was stopped becomes its setpoint, as a motor record does it."""
        self.position.field_inst.value_write_hook = self.stay
        await self.position.write(position)
        self.position.field_inst.value_write_hook = self.travel

    async def stay(self, instance, target):
        pass


async def main():
    async def ready(async_lib):
        print("ready", flush=True)

    await start_server(Motor(prefix="LAB:M").pvdb, interfaces=["127.0.0.1"], startup_hook=ready)


asyncio.run(main())

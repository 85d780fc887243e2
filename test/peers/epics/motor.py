"""A motor record by caproto, on the port in EPICS_CA_SERVER_PORT. A write to .VAL is answered when the motor has stopped.

With SET=1 ("Set") and FOFF=0 ("Variable"), a write to .VAL changes OFF, RBV and the user limits and moves nothing, as the
documentation of motorRecord says. LAB:M:TRAVEL counts the movements of the hardware.
"""

import asyncio

from caproto.asyncio.server import start_server
from caproto.server import PVGroup, SubGroup, pvproperty

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
        await record.jog_velocity.write(5.0)

    travels = pvproperty(value=0, name=":TRAVEL")

    async def set_offset(self, value):
        """Calls the present position `value`: dial = user - offset stays the same."""
        record = self.position.field_inst
        before = record.user_offset.value
        offset = round(value - (record.user_readback_value.value - before), 6)
        await record.user_offset.write(offset)
        await record.user_readback_value.write(value)
        for limit in (record.user_low_limit, record.user_high_limit):
            await limit.write(round(limit.value + offset - before, 6))

    async def travel(self, instance, target):
        record = self.position.field_inst
        if record.set_use_switch.value in (1, "Set"):
            await self.set_offset(target)
            return
        await self.travels.write(self.travels.value + 1)
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

    @position.fields.home_forward.putter
    async def position(fields, instance, value):
        if value:
            await fields.parent.group.towards(0.0, home=True)

    @position.fields.jog_motor_forward.putter
    async def position(fields, instance, value):
        group = fields.parent.group
        if value:
            await group.towards(10.0)
        else:
            await fields.stop.write(1)

    @position.fields.tweak_motor_forward.putter
    async def position(fields, instance, value):
        if value:
            await fields.parent.group.by(fields.tweak_step_size.value)

    @position.fields.tweak_motor_reverse.putter
    async def position(fields, instance, value):
        if value:
            await fields.parent.group.by(-fields.tweak_step_size.value)

    async def towards(self, target, home=False):
        """Moves in the background, as the record does for these fields."""
        async def work():
            await self.travel(self.position, target)
            if home:
                await self.position.field_inst.at_home.write(1)
        asyncio.get_running_loop().create_task(work())

    async def by(self, distance):
        asyncio.get_running_loop().create_task(self.position.write(self.position.value + distance))


class Gap(PVGroup):
    """A setpoint, a readback that follows it, whether that is done, and a stop. It sticks at 6 on its way to 7 or more."""

    set = pvproperty(value=0.0, name="SET", precision=2, units="mm", lower_ctrl_limit=-1.0, upper_ctrl_limit=9.0)
    position = pvproperty(value=0.0, name="POS", precision=2, units="mm", read_only=True)
    done = pvproperty(value=1, name="DONE", read_only=True)
    stop = pvproperty(value=0, name="STOP")
    wanted = 0

    @set.putter
    async def set(self, instance, target):
        self.wanted += 1
        asyncio.get_running_loop().create_task(self.travel(target, self.wanted))

    @stop.putter
    async def stop(self, instance, value):
        self.wanted += 1

    async def travel(self, target, mine):
        await asyncio.sleep(0.1)
        await self.done.write(0)
        goal = min(target, 6.0)
        while self.wanted == mine and abs(goal - self.position.value) > 1e-9:
            position = self.position.value
            await self.position.write(round(position + max(-0.5, min(0.5, goal - position)), 6))
            await asyncio.sleep(0.03)
        if self.wanted == mine or not self.done.value:
            await self.done.write(1)


class Lab(PVGroup):
    motor = SubGroup(Motor, prefix="M")
    gap = SubGroup(Gap, prefix="GAP:")


async def main():
    async def ready(async_lib):
        print("ready", flush=True)

    await start_server(Lab(prefix="LAB:").pvdb, interfaces=["127.0.0.1"], startup_hook=ready)


if __name__ == "__main__":
    asyncio.run(main())

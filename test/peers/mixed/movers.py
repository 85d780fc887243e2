"""Motors of both kinds for plans that run side by side: motor records of EPICS (caproto) and motors of Tango, in one program.

There are as many motor records MIX:1, MIX:2 ... as MOVERS says, and the Tango devices that -dlist names:

    MOVERS=2 python movers.py one -nodb -dlist Motor::mix/motor/1,Motor::mix/motor/2 -ORBendPoint giop:tcp:127.0.0.1:10000
"""

import asyncio
import os
import sys
import threading
from pathlib import Path

from caproto.asyncio.server import start_server
from tango.server import run

peers = Path(__file__).parent.parent
sys.path += [str(peers / "epics"), str(peers / "tango")]

from lab import Motor as TangoMotor  # noqa: E402
from motor import Motor as MotorRecord  # noqa: E402


class Motor(TangoMotor):
    pass


def serve_epics():
    async def main():
        pvs = {}
        for number in range(1, int(os.environ["MOVERS"]) + 1):
            pvs.update(MotorRecord(prefix=f"MIX:{number}").pvdb)
        await start_server(pvs, interfaces=["127.0.0.1"])

    asyncio.run(main())


threading.Thread(target=serve_epics, daemon=True).start()
run([Motor])

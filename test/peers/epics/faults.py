"""An IOC (EPICS base, by softioc) with records that have no value, no rights, unusual limits or labels, on the port in EPICS_CAS_SERVER_PORT."""

import asyncio
import os
import tempfile

from softioc import asyncio_dispatcher, builder, softioc
from softioc.imports import dbCore, dbLoadDatabase

DATABASE = """
record(lsi, "LAB:LSI") { field(SIZV, "100") }
record(lso, "LAB:LSO") { field(SIZV, "100") }
record(waveform, "LAB:ONE") { field(FTVL, "DOUBLE") field(NELM, "1") }
record(waveform, "LAB:ONELONG") { field(FTVL, "LONG") field(NELM, "1") }
record(waveform, "LAB:ONETEXT") { field(FTVL, "STRING") field(NELM, "1") }
record(waveform, "LAB:ONECHAR") { field(FTVL, "CHAR") field(NELM, "1") }
record(waveform, "LAB:ONEENUM") { field(FTVL, "ENUM") field(NELM, "1") }
record(waveform, "LAB:ENUMS") { field(FTVL, "ENUM") field(NELM, "10") }
record(waveform, "LAB:TEXTS") { field(FTVL, "STRING") field(NELM, "10") }
record(waveform, "LAB:NUMBERS") { field(FTVL, "DOUBLE") field(NELM, "10") field(PREC, "1") }
record(ao, "LAB:META") { field(EGU, "K") field(PREC, "2") field(DRVL, "-5") field(DRVH, "5") field(VAL, "1.25") field(PINI, "YES") }
record(mbbo, "LAB:LABELS") { field(ZRST, "idle") field(ONST, "busy") field(VAL, "1") field(PINI, "YES") }
record(ai, "LAB:HIHI") { field(HIHI, "9") field(HHSV, "MAJOR") }
record(ai, "LAB:LOW") { field(LOW, "3") field(LSV, "MINOR") }
record(longin, "LAB:HIHIN") { field(HIHI, "9") field(HHSV, "MAJOR") }
record(longin, "LAB:LOLON") { field(LOLO, "5") field(LLSV, "MAJOR") }
record(ai, "LAB:PREC0") { field(EGU, "K") }
record(mbbo, "LAB:EQUAL") { field(ZRST, "open") field(ONST, "open") field(TWST, "closed") field(VAL, "2") field(PINI, "YES") }
record(mbbo, "LAB:EMPTY") { field(ZRST, "a") field(ONST, "") field(TWST, "c") field(VAL, "2") field(PINI, "YES") }
record(bo, "LAB:NAMELESS") { field(VAL, "1") field(PINI, "YES") }
record(mbbo, "LAB:NOLABELS") { field(VAL, "3") field(PINI, "YES") }
record(ao, "LAB:ALLOW") { field(VAL, "1") field(PINI, "YES") }
record(ao, "LAB:GUARDED") { field(ASG, "GUARDED") field(VAL, "4") field(PINI, "YES") }
record(ao, "LAB:OTHER") { field(VAL, "7") field(PINI, "YES") }
"""

RULES = """
ASG(DEFAULT) { RULE(1, READ) RULE(1, WRITE) }
ASG(GUARDED) { INPA("LAB:ALLOW") RULE(1, READ) { CALC("A=1") } RULE(1, WRITE) { CALC("A=1") } }
"""


def file_with(text, suffix):
    handle, path = tempfile.mkstemp(suffix)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    return path


async def never(value):
    """Ends only for a value below 100."""
    while value >= 100:
        await asyncio.sleep(1)


dispatcher = asyncio_dispatcher.AsyncioDispatcher()
builder.SetDeviceName("LAB")
builder.aOut("HANGS", initial_value=0, on_update=never, blocking=True, always_update=True)
builder.aOut("STAYS", initial_value=0, on_update=never, blocking=True, always_update=True)
builder.LoadDatabase()
dbLoadDatabase(file_with(DATABASE, ".db"), None, None)
dbCore.asSetFilename(file_with(RULES, ".acf").encode())
softioc.iocInit(dispatcher)
print("ready", flush=True)
softioc.non_interactive_ioc()

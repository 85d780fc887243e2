"""A pvAccess server (p4p, on pvxs) with a PV of each type, on the ports in EPICS_PVAS_SERVER_PORT and EPICS_PVAS_BROADCAST_PORT."""

import sys
import threading
import time

import numpy as np
from p4p import Type, Value
from p4p.nt import NTEnum, NTNDArray, NTScalar, NTTable
from p4p.rpc import NTURIDispatcher, RemoteError, rpc
from p4p.server import Server, StaticProvider
from p4p.server.thread import SharedPV
from p4p.util import ThreadedWorkQueue

provider = StaticProvider("lab")
# Some PVs have other types and choices, as after a change of the server's program.
changed = "--changed" in sys.argv


class Echo:
    """Takes every value that is put."""

    def put(self, pv, op):
        pv.post(op.value())
        op.done()


class Slow:
    """Answers a put after half a second."""

    def put(self, pv, op):
        def later():
            time.sleep(0.5)
            pv.post(op.value())
            op.done()

        threading.Thread(target=later, daemon=True).start()


class Refuses:
    def put(self, pv, op):
        op.done(error="the interlock is open")


def add(name, pv):
    provider.add("PVA:" + name, pv)
    return pv


for code, value in {
    "b": -5, "B": 200, "h": -300, "H": 60_000, "i": -70_000, "I": 4_000_000_000, "l": -(2**40), "L": 2**63, "f": 0.5, "d": 1.25, "?": True, "s": "größer",
}.items():
    name = {"b": "INT8", "B": "UINT8", "h": "INT16", "H": "UINT16", "i": "INT32", "I": "UINT32", "l": "INT64", "L": "UINT64", "f": "FLOAT", "d": "DOUBLE", "?": "BOOL", "s": "TEXT"}[code]
    if changed and code in "ds":
        code, value = ("i", 7) if code == "d" else ("d", 2.5)
    add(name, SharedPV(nt=NTScalar(code), initial=value, handler=Echo()))
    one = ["one", "two"] if code == "s" else np.array([value, 1], dtype={"?": "?", "b": "i1", "B": "u1", "h": "i2", "H": "u2", "i": "i4", "I": "u4", "l": "i8", "L": "u8", "f": "f4", "d": "f8"}[code])
    add(name + "S", SharedPV(nt=NTScalar("a" + code), initial=one, handler=Echo()))

T = NTScalar("d", display=True, control=True, valueAlarm=True, form=True)
add("T", SharedPV(nt=T, initial={
    "value": 21.5, "display": {"units": "K", "limitLow": 0, "limitHigh": 400, "precision": 2}, "control": {"limitLow": 1, "limitHigh": 325},
    "valueAlarm": {"active": True, "highWarningLimit": 300, "highAlarmLimit": 310, "lowWarningLimit": 5, "lowAlarmLimit": 2},
    "alarm": {"severity": 1, "status": 1, "message": "HIGH"}, "timeStamp": {"secondsPastEpoch": 1_700_000_000, "nanoseconds": 250_000_000},
}, handler=Echo()))
add("MODE", SharedPV(nt=NTEnum(), initial={"index": 1, "choices": ["idle", "warming", "slow", "fast"] if changed else ["idle", "slow", "fast"]}, handler=Echo()))
add("TABLE", SharedPV(nt=NTTable([("x", "d"), ("name", "s")]), initial=[{"x": 1.5, "name": "a"}, {"x": 2.5, "name": "b"}], handler=Echo()))
add("IMAGE", SharedPV(nt=NTNDArray(), initial=np.arange(12, dtype="u2").reshape(3, 4), handler=Echo()))
squeezed = NTNDArray().wrap(np.arange(12, dtype="u2").reshape(3, 4))
squeezed["codec.name"] = "lz4"
add("SQUEEZED", SharedPV(initial=squeezed))
add("BIG", SharedPV(nt=NTNDArray(), initial=(np.arange(7_500_000) % 65_536).astype("u2").reshape(2500, 3000)))
add("SLOW", SharedPV(nt=NTScalar("d"), initial=0.0, handler=Slow()))
add("LOCKED", SharedPV(nt=NTScalar("d"), initial=1.0, handler=Refuses()))
inner = [("x", "d"), ("label", "s")]
shape = Type([("count", "i"), ("inner", ("S", "lab:Inner", inner)), ("list", ("aS", None, inner)), ("any", "v"), ("choice", ("U", None, [("a", "i"), ("b", "s")]))], id="lab:Odd")
add("ODD", SharedPV(initial=Value(shape, {"count": 3, "inner": {"x": 1.5, "label": "in"}, "list": [{"x": 1, "label": "l"}], "any": 7, "choice": ("b", "text")}), handler=Echo()))
# A value that was never set, which the server does not send; and a precision that no number has.
add("UNSET", SharedPV(initial=Value(NTScalar.buildType("d"), {})))
add("UNSETLONG", SharedPV(initial=Value(NTScalar.buildType("L"), {})))
add("UNSETS", SharedPV(initial=Value(NTScalar.buildType("ad"), {})))
odd = NTScalar.buildType("d", display=True, form=True)
add("PRECISION", SharedPV(initial=Value(odd, {"value": 1.5, "display": {"precision": -3}})))
# Strings in arrays of bytes, and the types of the normative types document that p4p has no class for.
add("LONGTEXT", SharedPV(nt=NTScalar("aB"), initial=np.frombuffer("a long größer text".encode() + b"\0", dtype="u1"), handler=Echo()))
add("LONGTEXTI", SharedPV(nt=NTScalar("ab"), initial=np.frombuffer(b"signed\0", dtype="i1"), handler=Echo()))
TIME = [("alarm", ("S", "alarm_t", [("severity", "i"), ("status", "i"), ("message", "s")])), ("timeStamp", ("S", "time_t", [("secondsPastEpoch", "l"), ("nanoseconds", "i"), ("userTag", "i")]))]
for name, kind, fields, value in [
    ("UNION", "NTUnion:1.0", [("value", ("U", None, [("number", "d"), ("word", "s"), ("numbers", "ad"), ("count", "i")]))], {"value": ("word", "first")}),
    ("MATRIX", "NTMatrix:1.0", [("value", "ad"), ("dim", "ai")], {"value": [1, 2, 3, 4, 5, 6], "dim": [2, 3]}),
    ("PAIRS", "NTNameValue:1.0", [("name", "as"), ("value", "ad")], {"name": ["a", "b"], "value": [1, 2]}),
    ("ATTRIBUTE", "NTAttribute:1.0", [("name", "s"), ("value", "v"), ("tags", "as")], {"name": "gain", "value": 3, "tags": ["x"]}),
    ("MANYCHANNELS", "NTMultiChannel:1.0", [("value", "av"), ("channelName", "as")], {"value": [1.5, "two"], "channelName": ["A", "B"]}),
    ("CONTINUUM", "NTContinuum:1.0", [("base", "ad"), ("value", "ad"), ("units", "as")], {"base": [0, 1], "value": [5, 6], "units": ["s", "V"]}),
    ("HISTOGRAM", "NTHistogram:1.0", [("ranges", "ad"), ("value", "ai")], {"ranges": [0, 1, 2], "value": [7, 8]}),
    ("AGGREGATE", "NTAggregate:1.0", [("value", "d"), ("N", "l"), ("dispersion", "d"), ("first", "d"), ("last", "d")], {"value": 2.5, "N": 4, "dispersion": 0.5, "first": 2, "last": 3}),
]:
    add(name, SharedPV(initial=Value(Type(fields + TIME, id="epics:nt/" + kind), value), handler=Echo()))
ticks = add("TICKS", SharedPV(nt=NTScalar("i"), initial=0))
for i in range(int(sys.argv[1]) if len(sys.argv) > 1 else 0):
    add(f"MANY{i}", SharedPV(nt=NTScalar("d"), initial=float(i), handler=Echo()))


class Calls:
    @rpc(NTScalar("d"))
    def add(self, lhs, rhs):
        return float(lhs) + float(rhs)

    @rpc(NTScalar("d"))
    def slow(self):
        time.sleep(2)
        return 1.0

    @rpc(NTScalar("d"))
    def fail(self):
        raise RemoteError("the magnet is warm")

queue = ThreadedWorkQueue(maxsize=20, workers=1)
queue.__enter__()
calls = NTURIDispatcher(queue, target=Calls(), prefix="PVA:CALL:", name="PVA:CALL")


class Bump:
    """Posts the numbers from 1 to the one that is put, as fast as it can."""

    def put(self, pv, op):
        for i in range(1, int(op.value()) + 1):
            ticks.post(i)
        op.done()


add("BUMP", SharedPV(nt=NTScalar("i"), initial=0, handler=Bump()))

with Server(providers=[provider, calls]):
    print("ready", flush=True)
    threading.Event().wait()

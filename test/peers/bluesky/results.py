"""Prints the answers of bluesky's RunEngine to messages as JSON: {case: [answer, ...]}.

The same cases are in test/engine/result/results.test.ts.
"""

import asyncio
import contextlib
import json
import sys
import uuid

from bluesky import Msg, RunEngine
from messages import devices
from softDevices import Done

NAMED = ("IllegalMessageSequence", "InvalidCommand", "WaitForTimeoutError", "FailedStatus")


class Failed(Done):
    success = False

    def exception(self, timeout=0.0):
        return RuntimeError("stuck")


class Pending(Done):
    done = False
    success = False

    def add_callback(self, callback):
        pass


def answer(value):
    if isinstance(value, str):
        try:
            uuid.UUID(value)
            return "uid"
        except ValueError:
            return value
    if hasattr(value, "add_callback"):
        return "status"
    if isinstance(value, dict):
        return {key: answer(item) for key, item in value.items() if key != "timestamp"}
    if isinstance(value, (list, tuple)):
        return [answer(item) for item in value]
    if isinstance(value, asyncio.Future):
        return answer(value.result())
    if hasattr(value, "name"):
        return f"<{value.name}>"
    return value


def failing(device):
    device.set = lambda value: Failed()
    return device


def slow(device):
    device.set = lambda value: Pending()
    return device


async def seven():
    return 7


OPEN = Msg("open_run")
CREATE = Msg("create", None, name="primary")


def bundle(*objs):
    return [CREATE, *(Msg("read", obj) for obj in objs), Msg("save")]


CASES = {
    "a run opened twice": lambda d: [OPEN, OPEN],
    "runs by key": lambda d: [Msg("open_run", run="a"), Msg("open_run", run="b"), Msg("close_run", run="a"), Msg("close_run")],
    "a run closed": lambda d: [OPEN, Msg("close_run", exit_status=None, reason=None), Msg("close_run")],
    "a run closed as a failure": lambda d: [OPEN, Msg("close_run", exit_status="fail", reason="x")],
    "create by position, twice": lambda d: [OPEN, Msg("create", None, "primary"), CREATE],
    "create without a run": lambda d: [CREATE],
    "create in another run": lambda d: [Msg("open_run", run="a"), Msg("create", None, name="x", run="b")],
    "read outside": lambda d: [Msg("read", d["det"]), OPEN, Msg("read", d["det"])],
    "read nothing": lambda d: [Msg("read", None)],
    "bundles": lambda d: [OPEN, *bundle(d["det"], d["m"]), *bundle(d["m"], d["det"])],
    "an empty bundle": lambda d: [OPEN, CREATE, Msg("save"), CREATE, Msg("drop")],
    "save and drop without a bundle": lambda d: [OPEN, Msg("save"), Msg("drop")],
    "save and drop without a run": lambda d: [Msg("save"), Msg("drop")],
    "other devices in a stream": lambda d: [OPEN, *bundle(d["det"]), *bundle(d["det"], d["sensor"])],
    "fewer devices in a stream": lambda d: [OPEN, *bundle(d["det"], d["sensor"]), *bundle(d["det"])],
    "a checkpoint in a bundle": lambda d: [OPEN, CREATE, Msg("checkpoint"), Msg("drop"), Msg("checkpoint")],
    "monitors": lambda d: [
        Msg("monitor", d["sensor"], name="s"),
        OPEN,
        Msg("unmonitor", d["sensor"]),
        Msg("monitor", d["sensor"], name="s"),
        Msg("monitor", d["sensor"], name="s"),
        Msg("unmonitor", d["sensor"]),
        Msg("monitor", d["det"], name="d"),
    ],
    "set and trigger": lambda d: [
        Msg("set", d["m"], 3, group="g"),
        Msg("trigger", d["det"], group="g"),
        Msg("wait", None, "g"),
        Msg("set", d["det"], 3),
        Msg("trigger", d["m"]),
        Msg("set", None, 3),
    ],
    "wait for nothing": lambda d: [Msg("wait", None, group=None), Msg("wait", None, group="unknown"), Msg("wait", None, "x")],
    "wait and move on": lambda d: [
        Msg("set", slow(d["m"]), 3, group="g"),
        Msg("wait", None, group="g", timeout=0.01, error_on_timeout=False),
        Msg("wait", None, group="g", timeout=0.01, error_on_timeout=True),
        Msg("wait", None, group="g", timeout=0.01, error_on_timeout=False, watch=[]),
    ],
    "a move that fails": lambda d: [Msg("set", failing(d["m"]), 3, group="g"), Msg("sleep", None, 0.01), Msg("null")],
    "wait for promises": lambda d: [
        Msg("wait_for", None, [seven, seven]),
        Msg("wait_for", None, [lambda: asyncio.sleep(10)], timeout=0.01),
        Msg("wait_for", None, [3]),
    ],
    "locate": lambda d: [
        Msg("locate", d["lm"]),
        Msg("locate", d["lm"], squeeze=False),
        Msg("locate", d["lm"], d["lm"]),
        Msg("locate", d["det"]),
    ],
    "stop": lambda d: [Msg("stop", d["m"]), Msg("stop", None)],
    "stage": lambda d: [Msg("stage", d["stage"]), Msg("stage", d["det"]), Msg("unstage", d["stage"]), Msg("unstage", d["det"])],
    "checkpoints": lambda d: [
        Msg("checkpoint"),
        Msg("rewindable", None, None),
        Msg("rewindable", None, False),
        Msg("rewindable", None, None),
        Msg("rewindable", None, True),
        Msg("clear_checkpoint"),
        Msg("checkpoint"),
    ],
    "flying": lambda d: [
        Msg("kickoff", d["flyer"], group="k"),
        OPEN,
        Msg("kickoff", d["flyer"], group="k"),
        Msg("wait", None, group="k"),
        Msg("complete", d["flyer"], group="c"),
        Msg("collect", d["flyer"], return_payload=False),
        Msg("collect", d["flyer"], stream=True),
        Msg("collect", d["det"]),
    ],
    "collect without a run": lambda d: [Msg("collect", d["flyer"])],
    "declared streams": lambda d: [
        Msg("declare_stream", None, d["det"], name="x", collect=False),
        OPEN,
        Msg("declare_stream", None, d["det"], name="x", collect=False),
        Msg("create", None, name="x"),
        Msg("read", d["det"]),
        Msg("save"),
    ],
    "configure": lambda d: [
        Msg("configure", d["det"], 2.0),
        OPEN,
        Msg("configure", d["det"], 3.0),
        CREATE,
        Msg("configure", d["det"], 4.0),
        Msg("drop"),
        Msg("configure", d["sensor"], 3.0),
    ],
    "prepare what can't be": lambda d: [Msg("prepare", d["det"], 1)],
    "sleep, null": lambda d: [Msg("sleep", None, 0), Msg("sleep", None, 0.001), Msg("null"), Msg("null", d["det"])],
    "consumers": lambda d: [Msg("subscribe", None, print, "start"), Msg("unsubscribe", None, token=0)],
    "an unknown command": lambda d: [Msg("fly_away"), Msg("null")],
    "pause at the next checkpoint": lambda d: [Msg("pause", None, defer=True), Msg("null")],
}


def answers(messages):
    result = []

    def probing():
        for msg in messages:
            try:
                given = yield msg
                result.append("stream" if msg.command == "declare_stream" else answer(given))
            except Exception as error:
                name = type(error).__name__
                result.append(f"! {name if name in NAMED else 'error'}")

    RE = RunEngine({}, context_managers=[])
    RE(probing())
    return result


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        everything = {name: answers(case(devices())) for name, case in CASES.items()}
    json.dump(everything, sys.stdout)

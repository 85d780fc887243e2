"""Prints as JSON the messages of bluesky's plans, {case: [message, ...]}, and the names of its plans, stubs and preprocessors."""

import contextlib
import inspect
import json
import sys

import numpy as np
import planCases
import preprocessorCases
import stubCases
from bluesky import plan_patterns, plan_stubs, plans, preprocessors, simulators, suspenders
from softDevices import devices

# The largest number of messages; endless plans are ended there.
MOST = 400


def answer(msg):
    """The answer that a RunEngine would send to the plan."""
    if msg.command == "set":
        return msg.obj.set(*msg.args, **{key: value for key, value in msg.kwargs.items() if key != "group"})
    elif msg.command == "read":
        return msg.obj.read()
    elif msg.command == "locate":
        return msg.obj.locate()
    elif msg.command == "stage" or msg.command == "unstage":
        return msg.obj.stage() if hasattr(msg.obj, "stage") else []
    elif msg.command == "open_run":
        return "uid"
    elif msg.command == "wait":
        return True
    elif msg.command == "rewindable":
        return True
    elif msg.command == "subscribe":
        answer.tokens += 1
        return answer.tokens
    elif msg.command == "input":
        answers = iter(answer.inputs)
        value = next(answers, "x")
        answer.inputs = answer.inputs[1:]
        return value
    return None


def plain(value):
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict) or hasattr(value, "keys"):
        return {str(key): plain(value[key]) for key in value.keys()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if hasattr(value, "name"):
        return f"<{value.name}>"
    if callable(value):
        return "<function>"
    return value


def messages(plan):
    answer.inputs = ["0.5", "x"]
    answer.tokens = 0
    result = []
    send = None
    try:
        while len(result) < MOST:
            msg = plan.send(send)
            result.append(
                dict(
                    command=msg.command,
                    obj=plain(msg.obj),
                    args=plain(msg.args),
                    kwargs=plain(dict(msg.kwargs)),
                    run=msg.run,
                )
            )
            send = answer(msg)
    except StopIteration:
        pass
    return result


def names(module):
    """The public functions that a module defines itself: {name: number of parameters}."""
    own = {name: value for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
    return {
        name: len(inspect.signature(value).parameters)
        for name, value in own.items()
        if callable(value) and not name.startswith("_")
    }


MODULES = [plans, plan_stubs, preprocessors, plan_patterns, simulators, suspenders]

if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        cases = {**planCases.CASES, **stubCases.CASES, **preprocessorCases.CASES}
        result = {name: messages(case(devices())) for name, case in cases.items()}
    json.dump({"messages": result, "names": {module.__name__: names(module) for module in MODULES}}, sys.stdout)

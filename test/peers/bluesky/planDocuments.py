"""Prints the documents of bluesky's RunEngine for the plans of planCases.py as JSON: {case: [[name, doc], ...]}."""

import contextlib
import json
import sys

from bluesky import RunEngine
from planCases import CASES
from softDevices import devices

# Left out: endless plans, plans that ask the user, two flyers with one stream (event-model refuses them), and plans whose
# number of events depends on time.
LEFT_OUT = {"count for ever", "tweak", "tweak with metadata", "fly", "ramp_plan that takes time", "ramp_plan with a period"}


def documents(case):
    RE = RunEngine({}, context_managers=[])
    result = []
    RE.subscribe(lambda name, doc: result.append([name, doc]))
    RE(case(devices()))
    return result


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        everything = {name: documents(case) for name, case in CASES.items() if name not in LEFT_OUT}
    json.dump(everything, sys.stdout, default=list)

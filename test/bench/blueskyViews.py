"""Measures the points per second of a scan in bluesky with BestEffortCallback, and prints JSON.

Matplotlib draws into memory (Agg), the set and trigger of the soft devices are done at once, and the table goes to /dev/null.
"""
import json
import sys
import time
import warnings

import matplotlib

matplotlib.use("Agg")
warnings.simplefilter("ignore")
from bluesky import RunEngine
from bluesky.callbacks.best_effort import BestEffortCallback
from bluesky.plans import scan

sys.path.insert(0, "test/peers/bluesky")
from softDevices import Done, Motor, Named, data_key


class Detector(Named):
    value = 0.0

    def trigger(self):
        self.value += 1.0
        return Done()

    def read(self):
        return {self.name: {"value": self.value, "timestamp": time.time()}}

    def describe(self):
        return {self.name: data_key("counts")}

    def read_configuration(self):
        return {}

    def describe_configuration(self):
        return {}


points = int(sys.argv[1])
out, sys.stdout = sys.stdout, open("/dev/null", "w")
RE = RunEngine({}, context_managers=[])
RE.subscribe(BestEffortCallback())
motor, detector = Motor("motor"), Detector("det")
RE(scan([detector], motor, 0, 1, 5))
start = time.perf_counter()
RE(scan([detector], motor, 0, 1, points))
elapsed = time.perf_counter() - start
sys.stdout = out
print(json.dumps({"points_per_second": points / elapsed}))

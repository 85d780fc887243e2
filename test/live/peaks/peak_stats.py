"""bluesky's PeakStats of the lists of y values on stdin, as JSON."""
import json
import sys

from bluesky.callbacks.fitting import PeakStats

results = []
for values in json.load(sys.stdin):
    stats = PeakStats("x", "y")
    stats("start", {"uid": "run", "time": 0})
    stats("descriptor", {"uid": "d", "run_start": "run", "time": 0, "name": "primary", "data_keys": {}})
    for i, y in enumerate(values):
        stats("event", {"descriptor": "d", "uid": str(i), "time": 0, "seq_num": i + 1, "data": {"x": i, "y": y}, "timestamps": {}})
    stats("stop", {"uid": "s", "run_start": "run", "time": 0, "exit_status": "success"})
    results.append(
        {
            "com": float(stats.com),
            "cen": None if stats.cen is None else float(stats.cen),
            "fwhm": None if stats.fwhm is None else float(stats.fwhm),
            "max": float(stats.max[0]),
            "min": float(stats.min[0]),
        }
    )
print(json.dumps(results))

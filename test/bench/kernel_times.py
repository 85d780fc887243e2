"""Times of one Jupyter kernel, seen by a Jupyter client. Argument: JSON list of the command that starts it. Prints JSON (times in ms)."""

import json
import queue
import statistics
import sys
import tempfile
import time

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

argv, declarations = json.loads(sys.argv[1]), sys.argv[2]


def ms(since):
    return (time.perf_counter() - since) * 1000


def run(client, code, timeout=30.0):
    """Runs a cell until reply and idle: (ms, characters of text, whether idle came)."""
    start = time.perf_counter()
    message = client.execute(code)
    text = 0
    idle = False
    while not idle:
        try:
            received = client.get_iopub_msg(timeout=timeout)
        except queue.Empty:
            return ms(start), text, False
        if received["parent_header"].get("msg_id") != message:
            continue
        if received["msg_type"] == "stream":
            text += len(received["content"]["text"])
        idle = received["content"].get("execution_state") == "idle"
    while client.get_shell_msg(timeout=timeout)["parent_header"].get("msg_id") != message:
        pass
    return ms(start), text, True


def median(client, code, count=40):
    return statistics.median(run(client, code(i))[0] for i in range(count))


def completion(client, code):
    times = []
    for _ in range(30):
        start = time.perf_counter()
        message = client.complete(code)
        while client.get_shell_msg(timeout=10)["parent_header"].get("msg_id") != message:
            pass
        times.append(ms(start))
    return statistics.median(times)


def updates(client):
    """5,000 updates of one display: (ms until idle, updates that arrived, whether the last is the newest)."""
    run(client, "import * as tslab from 'tslab'; const shown = tslab.newDisplay();")
    message = client.execute("for (let i = 0; i < 5000; i++) shown.text(String(i))")
    start, arrived, last = time.perf_counter(), 0, None
    while True:
        try:
            received = client.get_iopub_msg(timeout=4)
        except queue.Empty:
            break
        if received["parent_header"].get("msg_id") != message:
            continue
        if received["msg_type"] in ("display_data", "update_display_data"):
            arrived, last = arrived + 1, received["content"]["data"].get("text/plain")
        if received["content"].get("execution_state") == "idle":
            break
    return {"ms": ms(start), "arrived": arrived, "newest": last == "4999"}


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def start(folder):
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(argv=argv, display_name="bench", language="any")
    began = time.perf_counter()
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    client.kernel_info()
    client.get_shell_msg(timeout=30)
    return manager, client, ms(began)


def main():
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        starts = []
        for _ in range(3):
            manager, client, took = start(folder)
            starts.append(took)
            manager.shutdown_kernel(now=True)
        results["start"] = statistics.median(starts)
        manager, client, _ = start(folder)
        client.wait_for_ready(timeout=30)
        time.sleep(3)
        results["first"] = run(client, "1 + 1")[0]
        for i in range(10):
            run(client, f"{i} + 1")
        results["trivial"] = median(client, lambda i: f"{i} + 2")
        for i in range(300):
            run(client, declarations.replace("#", str(i)))
        results["memory"] = resident(manager.provisioner.pid)
        results["after"] = median(client, lambda i: f"{i} + 3")
        results["completion"] = completion(client, "v1.to" if "const" in declarations else "v1.")
        lines = "for (let i = 0; i < 20000; i++) console.log(i)" if "const" in declarations else "for i in range(20000): print(i)"
        took, text, idle = run(client, lines, timeout=4)
        results["lines"] = {"ms": took, "characters": text, "idle": idle}
        if "const" in declarations:
            results["updates"] = updates(client)
        manager.shutdown_kernel(now=True)
    print(json.dumps(results))


main()

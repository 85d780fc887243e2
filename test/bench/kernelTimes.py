"""Measures Jupyter kernels with a Jupyter client; the kernels alternate, so that the state of the machine affects all of them.

The arguments are a JSON object of kernels by name, {"argv": [...], "cells": {...}}, and their working folder.
Prints a JSON object of results by name, with times in ms.
"""

import json
import queue
import statistics
import sys
import time

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

kernels, folder = json.loads(sys.argv[1]), sys.argv[2]

STARTS = 5
CELLS = 40
COMPLETIONS = 30
DECLARATIONS = 300
WARMUP_S = 3
# The longest wait for the next message: a kernel may lose its idle message and never send it.
SILENCE_S = 4


def ms(since):
    return (time.perf_counter() - since) * 1000


def children(pid):
    """The process ids of a process and of all that it started."""
    found = [pid]
    with open(f"/proc/{pid}/task/{pid}/children") as own:
        for child in own.read().split():
            found += children(int(child))
    return found


def memory(pid, field="VmRSS"):
    """The memory in MB of a process and of all that it started, its compiler for example. VmHWM: the most that it ever was."""
    total = 0
    for each in children(pid):
        with open(f"/proc/{each}/status") as status:
            total += next(int(line.split()[1]) / 1024 for line in status if line.startswith(field))
    return total


class Kernel:
    def __init__(self, argv):
        self.manager = KernelManager()
        self.manager._kernel_spec = KernelSpec(argv=argv, display_name="bench", language="any")
        began = time.perf_counter()
        self.manager.start_kernel(cwd=folder)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.kernel_info()
        self.client.get_shell_msg(timeout=60)
        self.start = ms(began)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code):
        """Runs a cell until its reply and idle message: (ms, published messages, whether the idle message came)."""
        began = time.perf_counter()
        message = self.client.execute(code)
        published = []
        while True:
            try:
                received = self.client.get_iopub_msg(timeout=SILENCE_S if published else 60)
            except queue.Empty:
                return ms(began), published, False
            if received["parent_header"].get("msg_id") != message:
                continue
            published.append(received)
            if received["content"].get("execution_state") == "idle":
                break
        while self.client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != message:
            pass
        if any(received["msg_type"] == "error" for received in published):
            raise RuntimeError(f"{code}: {published}")
        return ms(began), published, True

    def complete(self, code):
        began = time.perf_counter()
        message = self.client.complete(code)
        while self.client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != message:
            pass
        return ms(began)


def medians(running, count, measure):
    """The median of `count` rounds for each kernel; each round measures all kernels."""
    times = {name: [] for name in running}
    for turn in range(count):
        for name, kernel in running.items():
            times[name].append(measure(name, kernel, turn))
    return {name: statistics.median(values) for name, values in times.items()}


def starts():
    times = {name: [] for name in kernels}
    for _ in range(STARTS):
        for name, spec in kernels.items():
            kernel = Kernel(spec["argv"])
            times[name].append(kernel.start)
            kernel.close()
    return {name: statistics.median(values) for name, values in times.items()}


def first_cells():
    """The time from the start of the process to the value of a cell that is sent at once."""
    # The echo kernel answers before the client's subscription takes effect.
    asked = {name: spec for name, spec in kernels.items() if name != "echo"}
    times = {name: [] for name in asked}
    resident = {name: [] for name in asked}
    for _ in range(STARTS):
        for name, spec in asked.items():
            kernel = Kernel(spec["argv"])
            began = time.perf_counter()
            kernel.run("1 + 1")
            times[name].append(kernel.start + ms(began))
            resident[name].append(memory(kernel.manager.provisioner.pid))
            kernel.close()
    median_of = lambda values: {name: statistics.median(each) for name, each in values.items()}
    return median_of(times), median_of(resident)


def lines(kernel, cells):
    took, published, idle = kernel.run(cells["lines"])
    text = sum(len(each["content"]["text"]) for each in published if each["msg_type"] == "stream")
    return {"ms": took, "characters": text, "idle": idle}


def updates(kernel, cells):
    kernel.run(cells["display"])
    took, published, idle = kernel.run(cells["updates"])
    shown = [each for each in published if each["msg_type"] in ("display_data", "update_display_data")]
    newest = bool(shown) and shown[-1]["content"]["data"].get("text/plain") == "4999"
    return {"ms": took, "arrived": len(shown), "newest": newest, "idle": idle}


def with_packages(spec):
    """The memory of a kernel after 300 cells, in a notebook that uses large packages."""
    kernel = Kernel(spec["argv"])
    kernel.run(spec["cells"]["packages"])
    for turn in range(DECLARATIONS):
        kernel.run(spec["cells"]["declare"].replace("#", str(turn)))
    used = memory(kernel.manager.provisioner.pid)
    kernel.close()
    return used


def main():
    results = {name: {} for name in kernels}

    def note(what, values):
        for name, value in values.items():
            results[name][what] = value

    note("start", starts())
    at_once, fresh = first_cells()
    note("atOnce", at_once)
    note("startMemory", fresh)
    running = {name: Kernel(spec["argv"]) for name, spec in kernels.items()}
    time.sleep(WARMUP_S)
    note("first", {name: kernel.run("1 + 1")[0] for name, kernel in running.items()})
    trivial = lambda name, kernel, turn: kernel.run(f"{turn} + 1")[0]
    medians(running, 10, trivial)
    note("trivial", medians(running, CELLS, trivial))
    declare = lambda name, kernel, turn: kernel.run(kernels[name]["cells"]["declare"].replace("#", str(turn)))[0]
    medians(running, DECLARATIONS, declare)
    pids = {name: kernel.manager.provisioner.pid for name, kernel in running.items()}
    note("memory", {name: memory(pid) for name, pid in pids.items()})
    note("peakMemory", {name: memory(pid, "VmHWM") for name, pid in pids.items()})
    note("after", medians(running, CELLS, trivial))
    complete = lambda name, kernel, turn: kernel.complete(kernels[name]["cells"]["complete"])
    note("completion", medians({name: each for name, each in running.items() if name != "echo"}, COMPLETIONS, complete))
    for kernel in running.values():
        kernel.close()
    for what, measure in {"lines": lines, "updates": updates, "classFile": None}.items():
        for name, spec in kernels.items():
            if name == "echo":
                continue
            kernel, cells = Kernel(spec["argv"]), spec["cells"]
            time.sleep(WARMUP_S)
            kernel.run(cells["library"])
            results[name][what] = measure(kernel, cells) if measure else kernel.run(cells["classFile"])[0]
            kernel.close()
    results["ours"]["packagesMemory"] = with_packages(kernels["ours"])
    print(json.dumps(results))


main()

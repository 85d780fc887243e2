/** Each public name of bluesky, ophyd-async and secop-ophyd stands in docs/, and what stands beside it exists. */

import { expect } from "chai";
import * as library from "../../lib/index";
import * as testing from "../../lib/testing/index";
import { peersPython, runProgram } from "../peers/peers";
import { readDocsPage } from "./page";

const TABLES = ["plans", "stubs", "preprocessors", "suspenders", "python-names"].map((name) => `reference/${name}.md`);

describe("the names of Python", () => {
  it("have each a row or a reason", async function () {
    this.timeout(90_000);
    const { code, stdout, stderr } = await runProgram(peersPython(), ["-c", PUBLIC_NAMES], { timeout: 80 });
    expect(code, stderr).to.equal(0);
    const names = new Map(Object.entries(JSON.parse(stdout) as Record<string, string>));
    expect([...names.keys()]).to.include.members(["rel_scan", "SuspendFloor", "DeviceVector", "SECoPNodeDevice"]);
    expect(names.size).to.be.greaterThan(500);
    const shown = [...TABLES, "from-python.md"].flatMap((page) =>
      [...readDocsPage(page).text.matchAll(/`([^`\n]+)`/g)].flatMap(([, text = ""]) => text.match(/\w+/g) ?? []),
    );
    const missing = [...names].filter(([name]) => !shown.includes(name));
    expect(missing.map(([name, place]) => `${place}.${name}`)).to.deep.equal([]);
  });

  it("have beside them names that exist here", async () => {
    const { declaredNames } = (await import("../../scripts/docsExamples.mjs" as string)) as {
      declaredNames(root?: string): Map<string, Set<string>>;
    };
    const known = new Set([...declaredNames().keys(), ...Object.keys(library), ...Object.keys(testing)]);
    const rows = readDocsPage("reference/python-names.md").text.matchAll(/^\|[^|]*\|([^|]*)\|[^|]*\|$/gm);
    const names = [...rows].flatMap(([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
    expect(names).to.include.members(["RunResult", "derivedSignals", "SecopNodeDevice"]);
    expect(names.filter((name) => !known.has(name))).to.deep.equal([]);
  });
});

/**
 * Python code that prints the public names of the three packages, each with its place: what `__all__` lists, or
 * else what the module defines, and the members of the RunEngine and of BestEffortCallback.
 */
const PUBLIC_NAMES = `
import ast, importlib, importlib.util, inspect, json, typing

def listed(path):
    for node in ast.parse(open(path).read()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__":
            return [entry.value for entry in node.value.elts]

def public(path):
    module = importlib.import_module(path)
    package = path.split(".")[0]
    names = getattr(module, "__all__", None)
    for name, value in vars(module).items():
        if name.startswith("_") or inspect.ismodule(value) or isinstance(value, (typing.TypeVar, typing.ParamSpec)):
            continue
        if name in names if names else (getattr(value, "__module__", None) or path).startswith(package):
            if name not in ("T", "P") and not name.endswith("_co"):
                yield name

BLUESKY = ["", ".plans", ".plan_stubs", ".preprocessors", ".suspenders", ".simulators", ".utils", ".magics", ".plan_patterns", ".plan_tools",
    ".protocols", ".log", ".consolidators", ".run_engine", ".callbacks", ".callbacks.best_effort", ".callbacks.core", ".callbacks.fitting",
    ".callbacks.mpl_plotting", ".callbacks.stream", ".callbacks.zmq", ".callbacks.json_writer", ".callbacks.tiled_writer"]
OPHYD = [".core", ".plan_stubs", ".sim", ".epics.core", ".epics.motor", ".tango.core", ".fastcs.core"]
SECOP = [".SECoPDevices", ".SECoPSignal", ".GenNodeCode"]
names = {}
for package, parts in ("bluesky", BLUESKY), ("ophyd_async", OPHYD), ("secop_ophyd", SECOP):
    for part in parts:
        for name in public(package + part):
            names.setdefault(name, package + part)
# This module imports pytest, which is not installed.
origin = importlib.util.find_spec("ophyd_async").submodule_search_locations[0]
for name in listed(origin + "/testing/__init__.py"):
    names.setdefault(name, "ophyd_async.testing")
from bluesky import RunEngine
from bluesky.callbacks import CallbackBase
from bluesky.callbacks.best_effort import BestEffortCallback
engine = RunEngine()
for name in dir(engine):
    if not name.startswith("_"):
        names.setdefault(name, "RE")
for name in set(dir(BestEffortCallback)) - set(dir(CallbackBase)):
    if not name.startswith("_"):
        names.setdefault(name, "BestEffortCallback")
print(json.dumps(names))
`;

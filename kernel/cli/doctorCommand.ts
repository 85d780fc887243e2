/** `secop-lab doctor`: checks what is missing on this machine, and says how to get it. */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { errorText } from "../../lib/errors";
import { mainProgram, packageRoot, version } from "../installation";
import { compilerPath } from "../modules/compilerPath";
import { KERNEL_NAME, kernelspecFolder } from "./kernelspecCommand";

interface Finding {
  readonly what: string;
  readonly state: "ok" | "missing";
  readonly detail: string;
}

/** Prints what it found. Sets exit code 1 if something that a notebook needs is missing. */
export async function doctor(): Promise<void> {
  const findings = [
    nodeVersion(),
    loads("zeromq", "messages to Jupyter"),
    compiler(),
    loads("@swc/core", "cells"),
    loads("oxc-parser", "cells"),
    loads("oxc-resolver", "imports of cells"),
    loads("tslab", "the kernel"),
    loads("@resvg/resvg-js", "pictures of plots"),
    jupyterLab(),
    installedKernel(),
  ];
  console.log(`secop-lab ${version} in ${packageRoot}`);
  for (const { what, state, detail } of findings) {
    console.log(`${state === "ok" ? "ok      " : "MISSING "} ${what}: ${detail}`);
  }
  if (findings.some(({ state }) => state === "missing")) process.exitCode = 1;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  const detail = enough ? process.version : `${process.version} is too old: install Node 20.19 or newer`;
  return { what: "Node", state: enough ? "ok" : "missing", detail };
}

function loads(name: string, purpose: string): Finding {
  try {
    require(name);
    return { what: name, state: "ok", detail: `loads (${purpose})` };
  } catch (error) {
    return {
      what: name,
      state: "missing",
      detail: `does not load (${errorText(error).split("\n", 1)[0]}): reinstall secop-lab`,
    };
  }
}

function compiler(): Finding {
  const what = "typescript";
  try {
    const { status, stdout, error } = spawnSync(compilerPath(), ["--version"], { encoding: "utf8" });
    if (status === 0) return { what, state: "ok", detail: `${stdout.trim()} starts (cells)` };
    const reason = error ? errorText(error) : `it ended with status ${status}`;
    return { what, state: "missing", detail: `does not start (${reason}): reinstall secop-lab` };
  } catch (error) {
    return { what, state: "missing", detail: errorText(error) };
  }
}

function jupyterLab(): Finding {
  const { status, stdout } = spawnSync("jupyter", ["lab", "--version"], { encoding: "utf8" });
  if (status === 0) return { what: "JupyterLab", state: "ok", detail: stdout.trim() };
  return {
    what: "JupyterLab",
    state: "missing",
    detail: "no jupyter on the PATH: pip install jupyterlab (secop-lab run works without it)",
  };
}

function installedKernel(): Finding {
  const what = "kernel in Jupyter";
  const missing = (reason: string): Finding => ({ what, state: "missing", detail: `${reason}: npx secop-lab install` });
  const path = join(foundByJupyter() ?? kernelspecFolder({}), "kernel.json");
  if (!existsSync(path)) return missing("not found by Jupyter");
  try {
    const { argv } = JSON.parse(readFileSync(path, "utf8")) as { argv: readonly string[] };
    const files = argv.filter((argument) => isAbsolute(argument));
    const gone = files.find((file) => !existsSync(file));
    if (gone) return missing(`${path} names ${gone}, which no longer exists`);
    const other = files[1] === mainProgram ? "" : ` (it starts another copy: ${files[1]})`;
    return { what, state: "ok", detail: `${path}${other}` };
  } catch (error) {
    return missing(`${path} cannot be read (${errorText(error)})`);
  }
}

/**
 * The folder of the kernel that Jupyter uses: that of this user, of its environment or of all users.
 * Undefined if it finds none, or if there is no Jupyter to ask.
 */
function foundByJupyter(): string | undefined {
  const { status, stdout } = spawnSync("jupyter", ["kernelspec", "list", "--json"], { encoding: "utf8" });
  if (status !== 0) return undefined;
  const { kernelspecs } = JSON.parse(stdout) as { kernelspecs: Record<string, { resource_dir: string }> };
  return kernelspecs[KERNEL_NAME]?.resource_dir;
}

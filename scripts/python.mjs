/**
 * Runs programs and makes the Python environments of the project, which are made again when their list of
 * packages changes.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs a program and shows its output. If it fails, prints one line and ends the process. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (status === 0) return;
  console.error(`${command} ${args.join(" ")}: ${error?.message ?? `exit code ${status}`}`);
  process.exit(1);
}

/**
 * Makes the virtual environment `dir` with the packages in the file `requirements`, and returns its folder of
 * executables. Packages in the file `alone` are installed without those that they require.
 */
export function pythonEnvironment(dir, requirements, alone) {
  const bin = join(dir, process.platform === "win32" ? "Scripts" : "bin");
  const stamp = join(dir, ".secop-lab-stamp");
  const lists = [requirements, ...(alone ? [alone] : [])];
  const wanted = createHash("sha256")
    .update(lists.map((list) => readFileSync(list, "utf8")).join(""))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return bin;
  const python = process.env.PYTHON ?? (process.platform === "win32" ? "python" : "python3");
  console.log(`Installing the Python packages of ${requirements} into ${dir} ...`);
  if (!existsSync(join(bin, "pip"))) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    run(python, ["-m", "venv", dir]);
  }
  const install = ["install", "--quiet", "--disable-pip-version-check"];
  run(join(bin, "pip"), [...install, "-r", requirements]);
  if (alone) run(join(bin, "pip"), [...install, "--no-deps", "-r", alone]);
  writeFileSync(stamp, wanted);
  return bin;
}

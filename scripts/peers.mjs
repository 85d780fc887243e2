/**
 * Installs the programs that the tests talk to, unless they are installed: frappy, bluesky, Jupyter and
 * others (from PyPI, into .peers/venv) and Chromium (from Debian).
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { pythonEnvironment, run } from "./python.mjs";

pythonEnvironment(".peers/venv", "test/peers/requirements.txt");

const browser = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(browser)) {
  if (spawnSync("apt-get", ["--version"]).status !== 0 || process.getuid?.() !== 0) {
    console.error(
      "The browser tests need Chromium: install it, and set CHROMIUM to its path if it is not /usr/bin/chromium.",
    );
    process.exit(1);
  }
  console.log("Installing Chromium with apt-get ...");
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", [...wait, "update", "-qq"], { env });
  run("apt-get", [...wait, "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"], {
    env,
  });
}

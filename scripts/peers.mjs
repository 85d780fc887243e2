/**
 * Installs the programs that the tests talk to, unless they are installed: frappy, bluesky, Jupyter and
 * others (from PyPI, into .peers/venv), Deno (from npm, into .peers/deno), Chromium, nats-server, PostgreSQL and
 * TangoTest (from Debian).
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { pythonEnvironment, run } from "./python.mjs";
import { npmEnvironment } from "./setup.mjs";

pythonEnvironment(".peers/venv", "test/peers/requirements.txt", "test/peers/requirementsAlone.txt");

const DENO = "2.9.6";
const denoPackage = ".peers/deno/node_modules/deno/package.json";
if (!existsSync(denoPackage) || JSON.parse(readFileSync(denoPackage, "utf8")).version !== DENO) {
  console.log(`Installing Deno ${DENO} with npm into .peers/deno ...`);
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["install", "--prefix", ".peers/deno", ...quiet, `deno@${DENO}`], npmEnvironment());
}

const programs = [
  {
    path: process.env.CHROMIUM ?? "/usr/bin/chromium",
    packages: ["chromium", "fonts-dejavu-core"],
    need: "The browser tests need Chromium: install it, and set CHROMIUM to its path if it is not /usr/bin/chromium.",
  },
  {
    path: "/usr/sbin/nats-server",
    packages: ["nats-server"],
    need: "The tests of live documents need nats-server at /usr/sbin/nats-server: install it.",
  },
  {
    path: "/usr/lib/postgresql",
    packages: ["postgresql"],
    need: "The tests of Tiled need PostgreSQL below /usr/lib/postgresql: install it.",
  },
  {
    path: "/usr/lib/tango/TangoTest",
    packages: ["tango-test"],
    need: "The tests of Tango's pipes need TangoTest at /usr/lib/tango/TangoTest: install it.",
  },
];
const missing = programs.filter(({ path }) => !existsSync(path));
if (missing.length > 0) {
  if (spawnSync("apt-get", ["--version"]).status !== 0 || process.getuid?.() !== 0) {
    for (const { need } of missing) console.error(need);
    process.exit(1);
  }
  const packages = missing.flatMap((program) => program.packages);
  console.log(`Installing ${packages.join(", ")} with apt-get ...`);
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", [...wait, "update", "-qq"], { env });
  run("apt-get", [...wait, "install", "-y", "-qq", "--no-install-recommends", ...packages], { env });
}

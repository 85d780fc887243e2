/**
 * Makes a clone ready to run: installs the locked npm packages and builds, which takes no time if both are up
 * to date.
 */

import { existsSync, statSync } from "node:fs";
import { run } from "./python.mjs";

/**
 * Installs the npm packages if they differ from package-lock.json, and builds.
 *
 * @param packages Whether packages are installed; otherwise it only builds.
 */
export function setUp({ packages = true } = {}) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`secop-lab needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  // npm writes this hidden lock file last, so that it is newer than package-lock.json if the packages match
  // it.
  const installed = "node_modules/.package-lock.json";
  if (packages && (!existsSync(installed) || statSync(installed).mtimeMs < statSync("package-lock.json").mtimeMs)) {
    console.error("Installing the npm packages ...");
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], npmEnvironment());
  }
  run(process.execPath, ["node_modules/typescript7/bin/tsc", "-p", "tsconfig.build.json"]);
  run(process.execPath, ["scripts/finishBuild.mjs"]);
}

/**
 * Options of `run` for npm. The environment of an npm that called us names its folder and its options, which
 * are not ours.
 */
export function npmEnvironment() {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return { env: { ...Object.fromEntries(own), SECOP_LAB_SETTING_UP: "1" }, shell: process.platform === "win32" };
}

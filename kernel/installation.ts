/** Where this copy of secop-lab is: compiled (`dist/kernel`) or as source (`kernel`). */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of our package.json. */
export const packageRoot = existsSync(join(dirname(__dirname), "package.json"))
  ? dirname(__dirname)
  : dirname(dirname(__dirname));

export const { version } = require(join(packageRoot, "package.json")) as { version: string };

/** The program `secop-lab`, to be run by `process.execPath`. */
export const mainProgram = require.resolve("./main");

/**
 * From Node 22 on AsyncLocalStorage needs no async hooks, and code that is stopped by force in a timer leaves their stack
 * uneven: without this the check of it would end the process.
 */
const NODE_OPTIONS = ["--no-force-async-hooks-checks"];

/** How Jupyter starts the kernel. */
export const kernelCommand: readonly string[] = [
  process.execPath,
  ...NODE_OPTIONS,
  mainProgram,
  "kernel",
  "{connection_file}",
];

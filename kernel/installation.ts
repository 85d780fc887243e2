/** Where this copy of secop-lab is installed, and how Jupyter starts its kernel. */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder of our package.json: one above this file in the source (`kernel/`), two above it when
 * compiled (`dist/kernel/`).
 */
export const packageRoot = existsSync(join(dirname(__dirname), "package.json"))
  ? dirname(__dirname)
  : dirname(dirname(__dirname));

export const { version } = require(join(packageRoot, "package.json")) as { version: string };

/** The file of the program `secop-lab`, to run with `process.execPath`. */
export const mainProgram = require.resolve("./main");

const NODE_OPTIONS = [
  // Turns off a check that would end the process: code that the control thread stops in a timer leaves Node's
  // stack of async hooks uneven. We can do without the check because AsyncLocalStorage needs no async hooks
  // from Node 22 on.
  "--no-force-async-hooks-checks",
  // Young objects get 12 MB instead of 48. Collecting them more often takes no more time.
  "--max-semi-space-size=4",
  // Lets the control thread listen to the signals that end the kernel.
  "--expose-internals",
];

/** The command by which Jupyter starts the kernel. */
export const kernelCommand: readonly string[] = [
  process.execPath,
  ...NODE_OPTIONS,
  mainProgram,
  "kernel",
  "{connection_file}",
];

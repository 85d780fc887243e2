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

/**
 * Builds the package after `npm install` in a clone, and when another folder installs the clone by its path or
 * by a git URL. A package from the registry is built already and never runs this.
 */

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
// `setUp` installs the packages and builds itself, and so do the scripts that call it.
if (!process.env.SECOP_LAB_SETTING_UP && existsSync("tsconfig.build.json")) {
  const { setUp } = await import("./setup.mjs");
  // When npm installs a folder by its path, it does not install the packages that the folder needs. During an
  // installation in the folder itself they are there already.
  setUp({ packages: !existsSync("node_modules/typescript7") });
}

/**
 * All checks that run no tests: lint, import rules, types, the public API, the types in stock tslab, and the
 * npm package.
 */

import { run } from "./python.mjs";
import { setUp } from "./setup.mjs";

setUp();
const bin = (path, ...args) => run(process.execPath, [`node_modules/${path}`, ...args]);
bin("@biomejs/biome/bin/biome", "check", "--error-on-warnings");
bin("dependency-cruiser/bin/dependency-cruise.mjs", "lib", "kernel");
bin("typescript7/bin/tsc", "-p", ".");
run(process.execPath, ["scripts/apiReport.mjs"]);
run(process.execPath, ["scripts/floor.mjs"]);
bin("publint/src/cli.js", "--strict");
// The entries secop-lab/kernel and secop-lab/testing are left out: our kernel and test runners read "exports", stock tslab
// (Node10) does not.
bin("@arethetypeswrong/cli/dist/index.js", "--pack", ".", "--quiet", "--exclude-entrypoints", "./kernel", "./testing");

// Everything that can be checked without running: lint and import rules, types, the public API, the stock-tslab floor, the package as npm would publish it.
import { run } from "./python.mjs";
import { setUp } from "./setup.mjs";

setUp();
const bin = (path, ...args) => run(process.execPath, [`node_modules/${path}`, ...args]);
bin("@biomejs/biome/bin/biome", "check", "--error-on-warnings");
bin("dependency-cruiser/bin/dependency-cruise.mjs", "lib", "kernel");
bin("typescript/bin/tsc", "-p", ".");
run(process.execPath, ["scripts/apiReport.mjs"]);
run(process.execPath, ["scripts/floor.mjs"]);
bin("publint/src/cli.js", "--strict");
// secop-lab/kernel is for cells of our own kernel, which resolves "exports"; stock tslab (node10) has no use for it
bin("@arethetypeswrong/cli/dist/index.js", "--pack", ".", "--quiet", "--exclude-entrypoints", "./kernel");

/**
 * `npm run bench`: measures this package and its peers in the same run on this machine, and prints ratios
 * (docs/design.md §4). Arguments name the benchmarks to run, for example `npm run bench -- secop engine`.
 */

import { spawnSync } from "node:child_process";
import { run } from "./python.mjs";
import { setUp } from "./setup.mjs";

setUp();
run(process.execPath, ["scripts/peers.mjs"]);
const args = ["--expose-gc", "--import=tsx", "test/bench/bench.ts", ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);

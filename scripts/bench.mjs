// npm run bench: ours and the peer in the same run on this machine, as ratios (docs/design.md §4). `npm run bench -- secop engine` for some of them.
import { spawnSync } from "node:child_process";
import { run } from "./python.mjs";
import { setUp } from "./setup.mjs";

setUp();
run(process.execPath, ["scripts/peers.mjs"]);
const args = ["--expose-gc", "--import=tsx", "test/bench/bench.ts", ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);

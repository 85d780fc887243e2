/**
 * `npm test`: installs and builds everything that the tests need, and runs them. Arguments go to mocha, for
 * example `npm test -- -g LiveTable`.
 */

import { spawnSync } from "node:child_process";
import { run } from "./python.mjs";
import { setUp } from "./setup.mjs";

setUp();
run(process.execPath, ["scripts/peers.mjs"]);
// In CI, browsers, kernels and servers share two cores, so that a failed test is retried once.
const retries = process.env.CI ? ["--retries", "1"] : [];
const { status } = spawnSync(
  process.execPath,
  ["node_modules/mocha/bin/mocha.js", ...retries, ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
process.exit(status ?? 1);

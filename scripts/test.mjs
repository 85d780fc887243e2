// npm test: everything the tests need, then the tests. Arguments go to mocha (`npm test -- -g LiveTable`).
import { spawnSync } from "node:child_process";
import { run } from "./python.mjs";
import { setUp } from "./setup.mjs";

setUp();
run(process.execPath, ["scripts/peers.mjs"]);
// real browsers, kernels and servers share CI's two cores: there a test may have a second try
const retries = process.env.CI ? ["--retries", "1"] : [];
const { status } = spawnSync(
  process.execPath,
  ["node_modules/mocha/bin/mocha.js", ...retries, ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
process.exit(status ?? 1);

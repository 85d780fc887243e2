// npm run lab: JupyterLab of the project's own with our kernel in it, a simulated node to connect to, and the quickstart open.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pythonEnvironment, run } from "./python.mjs";
import { setUp } from "./setup.mjs";
import { DEFAULT_PORT, startSimulator } from "./simulator.mjs";

setUp();
const bin = pythonEnvironment(resolve(".lab"), "scripts/lab-requirements.txt");
run(process.execPath, ["dist/kernel/main.js", "install", "--prefix", resolve(".lab")]);
const node = await startSimulator({ speed: 40 });
console.log(`A simulated SEC node runs on ${node.uri}.`);
if (node.uri !== `localhost:${DEFAULT_PORT}`)
  console.log(`Port ${DEFAULT_PORT} is taken: write ${node.uri} in the notebook's first cell.`);
const { status } = spawnSync(resolve(bin, "jupyter-lab"), ["notebooks/01-quickstart.ipynb", ...process.argv.slice(2)], {
  stdio: "inherit",
});
node.close();
process.exit(status ?? 1);

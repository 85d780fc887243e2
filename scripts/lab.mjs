/**
 * `npm run lab`: starts a JupyterLab with our kernel, a simulated node to connect to, and the quickstart
 * notebook.
 */

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
  console.log(`Port ${DEFAULT_PORT} is in use: write ${node.uri} in the first cell of the notebook.`);
const args = ["notebooks/01-quickstart.ipynb", ...process.argv.slice(2)];
if (process.getuid?.() === 0 && !args.includes("--allow-root")) {
  console.log("You are root, as in a container, which Jupyter refuses by default: --allow-root is added.");
  args.push("--allow-root");
}
const { status } = spawnSync(resolve(bin, "jupyter-lab"), args, { stdio: "inherit" });
node.close();
process.exit(status ?? 1);

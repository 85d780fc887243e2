/** `npm start`: makes an executed notebook from a fresh clone, without Jupyter and without Python. */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setUp } from "./setup.mjs";
import { DEFAULT_PORT, startSimulator } from "./simulator.mjs";

setUp();
const node = await startSimulator({ speed: 150 });
console.log(`A simulated SEC node runs on ${node.uri}: a cryostat, a magnet, a gas dosing unit.`);

let notebook = "notebooks/01-quickstart.ipynb";
const output = "notebooks/01-quickstart.executed.ipynb";
if (node.uri !== `localhost:${DEFAULT_PORT}`) {
  console.log(`(Port ${DEFAULT_PORT} is in use, so the notebook runs with the address ${node.uri}.)`);
  mkdirSync("test-output", { recursive: true });
  writeFileSync(
    "test-output/quickstart.ipynb",
    readFileSync(notebook, "utf8").replaceAll(`localhost:${DEFAULT_PORT}`, node.uri),
  );
  notebook = "test-output/quickstart.ipynb";
}
const run = ["dist/kernel/main.js", "run", notebook, "-o", output];
const { status } = spawnSync(process.execPath, run, { stdio: "inherit" });
node.close();
if (status !== 0) process.exit(status ?? 1);
console.log(`
The executed notebook, with its table and plot: ${output}
Next, the same in JupyterLab, cell by cell:       npm run lab
`);
process.exit(0);

/**
 * Takes the pictures of the README from real runs on the simulated node in JupyterLab: `npm run pictures`.
 */

import { join } from "node:path";
import type { Locator } from "playwright-core";
import { startSimNode } from "../../lib/sim/startSimNode";
import { joined, readNotebook } from "../peers/jupyter";
import { repository } from "../peers/peers";
import { Lab, type LabNotebook } from "./lab";

const pictures = join(repository, "notebooks/pictures");

async function main(): Promise<void> {
  const node = await startSimNode({ speed: 40 });
  const lab = await Lab.start();
  const sources = readNotebook(join(repository, "notebooks/01-quickstart.ipynb"))
    .cells.filter((cell) => cell.cell_type === "code")
    .map((cell) => joined(cell.source).replace("localhost:10767", node.uri));
  for (const dark of [false, true]) {
    const notebook = await lab.openCells(`quickstart-${dark ? "dark" : "light"}.ipynb`, sources, { dark });
    await notebook.page.setViewportSize({ width: 1180, height: 2200 });
    await notebook.start("notebook:run-all-cells");
    await notebook.page.getByText("16 points in").first().waitFor({ timeout: 90_000 });
    await notebook.page.locator(".jp-Cell").nth(4).getByText("16 rows").waitFor();
    await picture(notebook, cell(notebook, 3), `scan-${dark ? "dark" : "light"}`);
    if (!dark) await picture(notebook, cell(notebook, 1), "node");
    await notebook.close();
  }
  const notebook = await lab.openCells("completion.ipynb", [sources[0] ?? "", "cryo.cryo."]);
  await notebook.page.setViewportSize({ width: 700, height: 420 });
  await notebook.run(0);
  await notebook.page.getByText("8 modules").waitFor();
  await notebook.edit(1);
  await notebook.page.keyboard.press("Tab");
  await notebook.page.locator(".jp-Completer").getByText("setpoint", { exact: true }).waitFor();
  await notebook.page.locator(".jp-NotebookPanel-notebook").screenshot({ path: join(pictures, "completion.png") });
  await notebook.close();
  await lab.close();
  await node.close();
}

const cell = (notebook: LabNotebook, index: number): Locator => notebook.page.locator(".jp-Cell").nth(index);

async function picture(notebook: LabNotebook, what: Locator, name: string): Promise<void> {
  await notebook.select(0);
  await notebook.page.mouse.move(0, 0);
  await what.screenshot({ path: join(pictures, `${name}.png`) });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

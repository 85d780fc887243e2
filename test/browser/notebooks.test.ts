import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { joined, readNotebook } from "../peers/jupyter";
import { repository } from "../peers/peers";
import { freePort } from "../support/freePort";
import { ERROR_OUTPUT, Lab, type LabNotebook } from "./lab";

describe("the notebook of a catalysis experiment in JupyterLab, in the dark", function () {
  this.timeout(180_000);
  let lab: Lab;
  let notebook: LabNotebook;

  before(async () => {
    lab = await Lab.start();
    const { cells, ...rest } = readNotebook(join(repository, "notebooks/02-catalysis.ipynb"));
    const [gas, reactor] = [`${await freePort()}`, `${await freePort()}`];
    const adapted = (source: string) =>
      source.replaceAll("10771", gas).replaceAll("10772", reactor).replaceAll("speed: 60", "speed: 300");
    const here = { ...rest, cells: cells.map((cell) => ({ ...cell, source: adapted(joined(cell.source)) })) };
    writeFileSync(join(lab.workspace, "catalysis.ipynb"), JSON.stringify(here));
    notebook = await lab.open("catalysis.ipynb", { dark: true });
  });

  after(async () => {
    await notebook?.close();
    await lab?.close();
  });

  it("runs from top to bottom with two nodes, ramps, commands and a scan of a soft motor", async () => {
    const { page } = notebook;
    await page.setViewportSize({ width: 1280, height: 6000 });
    await notebook.start("notebook:run-all-cells");
    await page.getByText("21 rows of primary").waitFor({ timeout: 120_000 });
    await notebook.idle();
    await notebook.screenshot("catalysis-dark");
    expect(await page.locator(ERROR_OUTPUT).count()).to.equal(0);
    expect(await page.locator(".vega-embed canvas, .vega-embed svg").count()).to.be.at.least(2);
  });
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { quickstart } from "../notebooks/quickstart";
import { type FrappyServer, startFrappy } from "../peers/frappy";
import { joined } from "../peers/jupyter";
import { ERROR_OUTPUT, Lab, type LabNotebook } from "./lab";

describe("the quickstart in JupyterLab, on a real frappy cryostat", function () {
  this.timeout(180_000);
  let lab: Lab;
  let node: FrappyServer;
  let notebook: LabNotebook;

  before(async () => {
    [lab, node] = await Promise.all([Lab.start(), startFrappy("quickCryo")]);
    const metadata = { kernelspec: { name: "secop-lab", display_name: "TypeScript (secop-lab)" } };
    writeFileSync(join(lab.workspace, "quickstart.ipynb"), JSON.stringify({ ...quickstart(node.uri), metadata }));
    notebook = await lab.open("quickstart.ipynb");
  });

  after(async () => {
    await notebook?.close();
    await lab?.close();
    await node?.stop();
  });

  it("shows a table and a plot that grow while the scan runs, and both with units at its end", async () => {
    const { page } = notebook;
    await notebook.start("notebook:run-all-cells");
    await page.getByText("1 of 3 points").waitFor({ timeout: 90_000 });
    await notebook.screenshot("quickstart-running");
    await page.getByText("3 points in").first().waitFor({ timeout: 90_000 });
    await page.locator(".vega-embed canvas, .vega-embed svg").first().waitFor();
    await notebook.screenshot("quickstart");
    const scan = await notebook.outputs(7);
    const [table] = scan.filter((output) =>
      joined((output.data as Record<string, string>)?.["text/plain"]).includes("seq_num"),
    );
    expect(table).to.not.equal(undefined);
    const shown = await page.locator(".jp-OutputArea table", { hasText: "seq_num" }).first().textContent();
    expect(shown).to.match(/cryo-cryo-value\s*K/);
  });

  it("has no cell that failed", async () => {
    expect(await notebook.page.locator(ERROR_OUTPUT).count()).to.equal(0);
  });
});

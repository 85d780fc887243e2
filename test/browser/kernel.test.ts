import { expect } from "chai";
import type { SimNode } from "../../lib/sim/runNode";
import { startSimNode } from "../../lib/sim/startSimNode";
import { ERROR_OUTPUT, Lab, type LabNotebook } from "./lab";

describe("the kernel in JupyterLab", function () {
  this.timeout(180_000);
  let lab: Lab;
  let node: SimNode;
  let notebook: LabNotebook | undefined;

  before(async () => {
    [lab, node] = await Promise.all([Lab.start(), startSimNode({ speed: 40 })]);
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") {
      await notebook?.screenshot(`failed-${this.currentTest.title.slice(0, 30).replace(/\W+/g, "-")}`);
    }
    await notebook?.close();
    notebook = undefined;
  });

  after(async () => {
    await lab?.close();
    await node?.close();
  });

  it("completes the members of a connected module and shows a parameter's unit in the tooltip", async () => {
    notebook = await lab.openCells("completion.ipynb", [
      `%connect ${node.uri} as cryo`,
      "cryo.cryo.",
      "cryo.cryo.target",
    ]);
    const { page } = notebook;
    await notebook.run(0);
    await page.getByText("8 modules").waitFor();
    await notebook.edit(1);
    await page.keyboard.press("Tab");
    const popup = page.locator(".jp-Completer");
    await popup.getByText("setpoint", { exact: true }).waitFor();
    await notebook.screenshot("completion");
    await page.keyboard.press("Escape");
    await notebook.edit(2);
    await page.keyboard.press("Shift+Tab");
    const tooltip = page.locator(".jp-Tooltip");
    await tooltip.waitFor();
    await notebook.screenshot("tooltip");
    expect(await tooltip.textContent())
      .to.match(/temperature to go to/)
      .and.to.match(/K/);
  });

  it("completes magics, and addresses and devices in their arguments", async () => {
    notebook = await lab.openCells("magics.ipynb", [
      `%connect ${node.uri} as cryo`,
      "%co",
      "%connect ",
      "%mov cryo.cryo 9 cryo.m",
    ]);
    const { page } = notebook;
    await notebook.run(0);
    await page.getByText("8 modules").waitFor();
    await notebook.edit(2);
    await page.keyboard.press("Tab");
    const popup = page.locator(".jp-Completer");
    await popup.getByText(node.uri).first().waitFor();
    await notebook.screenshot("completion-address");
    await page.keyboard.press("Escape");
    for (const [index, completed] of [
      [1, "%connect"],
      [3, "magnet"],
    ] as const) {
      await notebook.edit(index);
      await page.keyboard.press("Tab");
      await popup.getByText(completed, { exact: true }).click();
      await page.locator(".jp-Cell").nth(index).locator(".cm-line", { hasText: completed }).waitFor();
    }
  });

  it("asks for input, and for a password that does not show", async () => {
    notebook = await lab.openCells("input.ipynb", [
      'const sample = await input("Sample: ");\n`measuring ${sample}`',
      'const secret = await input("Password: ", { password: true });\nsecret.length',
    ]);
    const { page } = notebook;
    await notebook.run(0);
    const field = page.locator(".jp-Stdin-input");
    await field.fill("<b>Pt</b>");
    await notebook.screenshot("input");
    await field.press("Enter");
    await page.locator(".jp-Cell").nth(0).getByText("'measuring <b>Pt</b>'").waitFor();
    await notebook.run(1);
    const hidden = page.locator(".jp-Stdin-input[type='password']");
    await hidden.fill("four");
    await hidden.press("Enter");
    await page.locator(".jp-Cell").nth(1).getByText("4", { exact: true }).waitFor();
    expect(await notebook.shownText(1)).not.to.contain("four");
  });

  it("does not run the cells after one that fails", async () => {
    notebook = await lab.openCells("failing.ipynb", ["'first'", "throw new RangeError('too far');", "'last'"]);
    await notebook.runAll().catch(() => undefined);
    await notebook.page.locator(ERROR_OUTPUT).first().waitFor();
    await notebook.idle();
    expect((await notebook.outputs(2)).length).to.equal(0);
    expect(await notebook.shownText(1)).to.match(/RangeError: too far\n +at In\[2\]:1:7/);
  });

  it("shows an error in red with one clear line, and the line of the cell", async () => {
    notebook = await lab.openCells("error.ipynb", [`%connect ${node.uri} as cryo`, "await cryo.cryo.set(400);"]);
    await notebook.run(0);
    await notebook.run(1);
    await notebook.page.locator(ERROR_OUTPUT).first().waitFor();
    await notebook.screenshot("error");
    expect(await notebook.shownText(1))
      .to.match(/RangeError.*400 K.*325 K/)
      .and.to.match(/In\[2\]:1/);
  });

  it("pauses a scan by Interrupt, offers the next line to type, and goes on by RE.resume()", async () => {
    notebook = await lab.openCells("interrupt.ipynb", [
      `%connect ${node.uri} as cryo`,
      'import { createRunEngine, scan } from "secop-lab";\nconst RE = createRunEngine();',
      "const handle = RE(scan([cryo.sensor], cryo.cryo, 8, 12, 5));\nawait handle;",
      "RE.resume();\nconst run = await handle;\n`${run.exitStatus} ${run.table().length}`",
    ]);
    const { page } = notebook;
    for (const index of [0, 1, 2]) await notebook.run(index);
    await page.locator(".jp-Cell").nth(2).locator("td", { hasText: /^1$/ }).first().waitFor();
    await page
      .locator("[data-jp-item-name='interrupt'] jp-button, [data-jp-item-name='interrupt'] button")
      .first()
      .click();
    await page.locator(".jp-Cell").nth(2).getByText("RE.resume()").first().waitFor();
    await notebook.idle();
    await notebook.screenshot("paused");
    await notebook.run(3);
    await page.locator(".jp-Cell").nth(3).getByText("success 5").waitFor();
    await notebook.screenshot("resumed");
    const rows = page.locator(".jp-Cell").nth(2).locator("td", { hasText: /^5$/ });
    expect(await rows.count(), "the table goes on growing in the cell of the run").to.be.greaterThan(0);
  });

  it("keeps late output in its own cell while the next one runs", async () => {
    notebook = await lab.openCells("late.ipynb", [
      'setTimeout(() => console.log("late, from the first"), 300);\nconsole.log("first");',
      'console.log("second");\nawait new Promise((resolve) => setTimeout(resolve, 800));\nconsole.log("second, done");',
    ]);
    await notebook.runAll();
    expect((await notebook.shownText(0)).trim()).to.equal("first\nlate, from the first");
    expect((await notebook.shownText(1)).trim()).to.equal("second\nsecond, done");
  });

  it("restarts and runs all cells, twice", async () => {
    notebook = await lab.openCells("restart.ipynb", [
      `%connect ${node.uri} as cryo`,
      "const t = await cryo.sensor.value.getValue();\nt > 0",
    ]);
    await notebook.runAll();
    for (let round = 0; round < 2; round += 1) {
      await notebook.start("notebook:restart-run-all");
      await notebook.page
        .getByRole("button", { name: "Confirm" })
        .or(notebook.page.locator(".jp-Dialog .jp-mod-accept"))
        .first()
        .click();
      await notebook.page.locator(".jp-Cell").nth(1).locator(".jp-OutputArea-output").waitFor({ state: "detached" });
      await notebook.page.locator(".jp-Cell").nth(1).getByText("true").waitFor();
      expect(await notebook.shownText(1)).to.match(/true/);
    }
  });
});

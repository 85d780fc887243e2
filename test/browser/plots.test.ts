import { expect } from "chai";
import { Lab, type LabNotebook } from "./lab";
import { latenciesOf, quantileOf, recordScreen } from "./latency";

/** The positions of the outputs of a cell, as a page recorded them at each frame of the screen. */
interface Recorded {
  readonly tops: number[];
}

/** Notes at each frame of the screen how far the table of the second cell is below the top of that cell. */
const RECORDER = `
  const recorded = { tops: [] };
  globalThis.recorded = recorded;
  const look = () => {
    if (globalThis.recorded !== recorded) return;
    const cell = document.querySelectorAll(".jp-Cell")[1];
    const table = cell?.querySelector(".jp-OutputArea table");
    if (table) recorded.tops.push(table.getBoundingClientRect().top - cell.getBoundingClientRect().top);
    requestAnimationFrame(look);
  };
  look();
`;

describe("the plot of a run in JupyterLab", function () {
  this.timeout(180_000);
  let lab: Lab;
  let notebook: LabNotebook;

  before(async () => {
    lab = await Lab.start();
    notebook = await lab.openCells("plots.ipynb", [
      'const RE = createRunEngine({ store: false }); const m = new SimMotor("m", { velocity: 40, acceleration: 0.01 });\nconst det = new SimDetector("det", { motor: m, center: 2, height: 1000, noise: "poisson" });',
      "const run = await RE(scan([det], m, 0, 4, 31));",
      `let wait = 0;
function* irregular(): Plan<void> {
  yield* openRun({ plan_name: "irregular", motors: ["m"], num_points: 60 });
  for (let i = 0; i < 60; i++) {
    yield* triggerAndRead([m, det]);
    wait = (wait * 7 + 13) % 29;
    yield* sleep(0.02 * (1 + wait));
  }
  yield* closeRun();
}
const slow = await RE(irregular());`,
      'console.log(JSON.stringify(slow.table().column("time")))',
      `const [x, y, T] = ["x", "y", "T"].map((name) => new SimMotor(name)) as [SimMotor, SimMotor, SimMotor];
const spot = derivedSignalR({ x: x.readback, y: y.readback, T: T.readback }, (at) => at.x * at.y + at.T, { name: "spot" });
await RE(gridScan([spot], T, 1, 18, 18, y, 0, 2, 3, x, 0, 4, 5));`,
    ]);
    await notebook.runToEnd(0);
  });

  after(async () => {
    await notebook?.close();
    await lab?.close();
  });

  const plot = () => notebook.page.locator(".jp-Cell").nth(1).locator(".vega-embed canvas, .vega-embed svg").first();
  const picture = async (): Promise<string> => (await plot().screenshot()).toString("base64");

  it("stands above the table from the beginning and moves it by 20 px at most, also while the page loads what draws it", async () => {
    const { page } = notebook;
    await notebook.clearOutputs(1);
    await page.evaluate(RECORDER);
    await notebook.runToEnd(1);
    await page.getByText("31 points in").first().waitFor({ timeout: 60_000 });
    await plot().waitFor();
    await page.waitForTimeout(1500);
    const { tops } = (await page.evaluate("recorded")) as Recorded;
    expect(tops.length).to.be.greaterThan(20);
    expect(Math.max(...tops) - Math.min(...tops)).to.be.at.most(20);
    const order = await page
      .locator(".jp-Cell")
      .nth(1)
      .locator(".vega-embed, .jp-OutputArea table")
      .evaluateAll((elements) => elements.map((element) => element.tagName));
    expect(order[0]).to.equal("DIV");
  });

  it("says the values of a point under the pointer, with names and units", async () => {
    const { page } = notebook;
    await plot().scrollIntoViewIfNeeded();
    const box = await plot().boundingBox();
    if (!box) throw new Error("the plot is not on the page");
    // The points of the peak are looked for along lines below the top of the plot.
    let said = "";
    for (let at = 0; at < 300 && !said; at += 1) {
      const [x, y] = [0.3 + 0.005 * (at % 100), 0.2 + 0.05 * Math.floor(at / 100)];
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
      // The page draws its tooltip a frame after the pointer has moved.
      await page.waitForTimeout(20);
      const tooltip = page.locator("#vg-tooltip-element.visible");
      if ((await tooltip.count()) > 0) said = await tooltip.innerText();
    }
    expect(said.replace(/\s+/g, " ")).to.match(/^m \(mm\): [\d.]+ det \(counts\): \d+$/);
  });

  it("is zoomed by Ctrl and the wheel, moved by dragging, and reset by a double click; a plain wheel scrolls the page", async () => {
    const { page } = notebook;
    // The page scrolls when a picture is taken, so the middle of the plot is looked for each time.
    const middle = async (): Promise<readonly [number, number]> => {
      const box = await plot().boundingBox();
      if (!box) throw new Error("the plot is not on the page");
      return [box.x + 0.5 * box.width, box.y + 0.5 * box.height];
    };
    // A first try may have left the plot zoomed.
    await page.mouse.dblclick(...(await middle()));
    await page.waitForTimeout(500);
    await page.mouse.move(0, 0);
    const before = await picture();
    await page.mouse.move(...(await middle()));
    await page.mouse.wheel(0, 60);
    await page.waitForTimeout(500);
    await page.mouse.move(0, 0);
    expect((await picture()) === before, "a plain wheel leaves the plot alone").to.equal(true);
    await page.mouse.move(...(await middle()));
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -300);
    // The page gets the turn of the wheel a moment later, and it must still be with Ctrl then.
    await page.waitForTimeout(500);
    await page.keyboard.up("Control");
    await page.mouse.move(0, 0);
    const zoomed = await picture();
    expect(zoomed === before, "zoomed").to.equal(false);
    const [x, y] = await middle();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 20, { steps: 5 });
    await page.mouse.up();
    await page.waitForTimeout(300);
    await page.mouse.move(0, 0);
    expect((await picture()) === zoomed, "moved").to.equal(false);
    await page.mouse.dblclick(...(await middle()));
    await page.waitForTimeout(500);
    await page.mouse.move(0, 0);
    expect((await picture()) === before, "reset").to.equal(true);
  });

  it("has each event on the screen soon: the times are printed, and nothing is left out", async () => {
    await recordScreen(notebook, 2);
    await notebook.runToEnd(2);
    await notebook.page.getByText("60 points in").first().waitFor({ timeout: 30_000 });
    await notebook.page.waitForTimeout(1000);
    await notebook.runToEnd(3);
    const times = JSON.parse(await notebook.printed(3)) as readonly number[];
    const { rows, plots } = await latenciesOf(notebook, times);
    for (const [what, latencies] of Object.entries({ rows, plots }))
      console.log(
        `      event to screen, ${what}: median ${quantileOf(latencies, 0.5).toFixed(0)} ms, p95 ${quantileOf(latencies, 0.95).toFixed(0)} ms (targets: 150 and 300)`,
      );
    expect(times).to.have.length(60);
    expect(rows).to.have.length(60);
    expect(plots.length).to.be.greaterThan(50);
    expect(Math.min(...rows), "a row is not seen before it was measured").to.be.at.least(0);
  });

  it("has a slider over the slowest axis of a large grid, which draws another map", async () => {
    const { page } = notebook;
    await notebook.runToEnd(4);
    const cell = page.locator(".jp-Cell").nth(4);
    const slider = cell.locator("input[type=range]");
    await slider.waitFor({ timeout: 60_000 });
    const map = cell.locator(".vega-embed canvas, .vega-embed svg").first();
    // The highest value is in the last map, so that one is shown first.
    expect(await slider.inputValue()).to.equal("18");
    const before = (await map.screenshot()).toString("base64");
    await slider.scrollIntoViewIfNeeded();
    const box = await slider.boundingBox();
    if (!box) throw new Error("the slider is not on the page");
    await page.mouse.click(box.x + 4, box.y + box.height / 2);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(500);
    expect(await slider.inputValue()).to.equal("1");
    expect((await map.screenshot()).toString("base64") === before, "another map").to.equal(false);
    await notebook.screenshot("slider");
  });
});

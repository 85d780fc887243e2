import { expect } from "chai";
import { type Answer, ScriptedNode } from "../support/scriptedNode";
import { ERROR_OUTPUT, Lab, type LabNotebook } from "./lab";

/** A string that runs a script if it is taken for HTML, even in an attribute. Each place has its own word. */
const evil = (place: string) =>
  `${place}"'><img class="evil" src="x" onerror="window.hacked='${place}'"><script>window.hacked='${place}'</script>`;

/** Characters that end strings of expressions, and an escape sequence of terminals. */
const ESCAPES = '\\ \n") + globalThis.hacked("\u001b[31m';

const STATUS = [100, evil("status")];
const double = (unit: string) => ({ type: "double", min: 0, max: 325, unit: evil(unit) });

/** The cells are run here, so JupyterLab trusts their outputs and sanitizes nothing. */
describe("a node whose every word is HTML, in JupyterLab", function () {
  this.timeout(180_000);
  let lab: Lab;
  let node: ScriptedNode;
  let notebook: LabNotebook;

  before(async () => {
    [lab, node] = await Promise.all([Lab.start(), ScriptedNode.start()]);
    node.description = description();
    node.answer = answer;
    notebook = await lab.openCells("hostile.ipynb", [
      `%connect ${node.uri} as bad`,
      "bad",
      "bad.m",
      "bad.m.text",
      "await bad.m.text.getValue()",
      "%wa",
      "const RE = createRunEngine();\nconst run = await RE(scan([bad.m], bad.m, 1, 3, 3), { sample: await bad.m.text.getValue() });",
      "run",
      "run.table()",
      "%runs",
      "await bad.m.target.set(4)",
      "await bad.m.note.set('again')",
      "await bad.m._go.execute()",
      "try { await bad.m.note.set('again') } catch (error) { console.log(String(error)); }\nbad.m.status.",
    ]);
  });

  after(async () => {
    await notebook?.close();
    await lab?.close();
    await node?.close();
  });

  it("is shown as text in every display, table, plot, error, completion and tooltip, and nothing is executed", async () => {
    const { page } = notebook;
    for (let index = 0; index < 13; index += 1) {
      await notebook.runToEnd(index);
      await page.locator(".jp-Cell").nth(index).locator(".jp-OutputArea-output").first().waitFor();
    }
    await page.locator(".vega-embed canvas, .vega-embed svg").first().waitFor();
    for (const key of ["Tab", "Shift+Tab"]) {
      await notebook.edit(13);
      await page.keyboard.press(key);
      await page
        .locator(key === "Tab" ? ".jp-Completer" : ".jp-Tooltip")
        .first()
        .waitFor();
      await page.keyboard.press("Escape");
    }
    await notebook.screenshot("hostile");
    expect(await page.evaluate("window.hacked"), "a script of the node ran").to.equal(undefined);
    expect(
      await page.locator("img.evil, script:text('hacked')").count(),
      "elements made from HTML of the node",
    ).to.equal(0);
  });

  it("is inert text in bands, fits, watched signals and lists of runs as well", async () => {
    const views = await lab.openCells("hostile-views.ipynb", [
      `%connect ${node.uri} as bad\nconst RE = createRunEngine();`,
      "const run = await RE(scan([bad.m], bad.m, 1, 3, 3));",
      "await RE(count([bad.m.text, bad.m._mode, bad.m.status], 3));",
      "await watch(bad.m.text, bad.m.value);",
      'plot(run, { y: "bad-m-value / 2", fit: "gaussian" })',
      "openRuns()",
      '"the end"',
    ]);
    const { page } = views;
    // JupyterLab takes outputs out of the page that are not in view.
    await page.setViewportSize({ width: 1280, height: 6000 });
    await views.start("notebook:run-all-cells");
    await page.locator(".jp-OutputArea-output", { hasText: "the end" }).waitFor({ timeout: 90_000 });
    await page.locator(".jp-Cell").nth(2).locator(".vega-embed canvas, .vega-embed svg").first().waitFor();
    await views.screenshot("hostile-views");
    expect(await views.shownText(3)).to.contain(`value"'><img class="evil"`);
    expect(await page.evaluate("window.hacked"), "a script of the node ran").to.equal(undefined);
    expect(await page.locator("img.evil, script:text('hacked')").count()).to.equal(0);
    await views.close();
  });

  it("is inert text in maps, sliders, waterfalls, images, small plots, fits and bars as well", async () => {
    const views = await lab.openCells("hostile-maps.ipynb", [
      `const evil = (place: string): string => ${JSON.stringify(evil("PLACE"))}.replaceAll("PLACE", place) + ${JSON.stringify(ESCAPES)};
const RE = createRunEngine({ store: false });
const [a, b, c] = ["a", "b", "c"].map((name) => new SimMotor(evil(name), { units: evil("unit") })) as [SimMotor, SimMotor, SimMotor];
const signal = (name: string, value: (x: number, y: number) => number | string | number[] | number[][] | boolean) =>
  derivedSignalR({ x: a.readback, y: b.readback }, ({ x, y }) => value(x, y), { name: evil(name), units: evil("unit") });`,
      'await RE(gridScan([signal("map", (x, y) => x + y)], b, 0, 1, 3, a, 0, 1, 3));',
      'await RE(gridScan([signal("slide", (x, y) => x + y)], c, 1, 18, 18, b, 0, 1, 2, a, 0, 1, 2));',
      'await RE(scan([signal("array", (x) => [x, 1, 2]), signal("image", (x) => [[x, 1], [2, 3]])], a, 0, 1, 3));',
      'await RE(scan(Array.from({ length: 14 }, (_, i) => signal("many" + i, (x) => x * i)), a, 0, 1, 3));',
      'await RE(scan([signal("fit", (x) => Math.exp(-x * x))], a, -3, 3, 31), { live: { fit: "gaussian" } });',
      'await RE(scan([signal("word", (x) => evil("word" + x)), signal("open", (x) => x > 0)], a, 0, 1, 3));',
      'await RE(scan([signal("spot", (x, y) => x * y)], a, 0, 1, b, 0, 1, 4));',
      '"the end"',
    ]);
    const { page } = views;
    await page.setViewportSize({ width: 1280, height: 9000 });
    await views.start("notebook:run-all-cells");
    await page.locator(".jp-OutputArea-output", { hasText: "the end" }).waitFor({ timeout: 120_000 });
    const plots = page.locator(".vega-embed canvas, .vega-embed svg");
    for (const cell of [1, 2, 3, 4, 5, 6, 7])
      await page.locator(".jp-Cell").nth(cell).locator(".vega-embed canvas, .vega-embed svg").first().waitFor();
    expect(await plots.count()).to.be.at.least(8);
    await views.screenshot("hostile-maps");
    expect(await page.evaluate("window.hacked"), "a script of a name ran").to.equal(undefined);
    expect(await page.locator("img.evil, script:text('hacked')").count()).to.equal(0);
    expect(await page.locator(ERROR_OUTPUT).allInnerTexts()).to.deep.equal([]);
    await views.close();
  });

  it("has its strings shown in full, so that users see what the node says", async () => {
    for (const [index, place] of [
      [1, "node"],
      [2, "parameter"],
      [3, "value"],
      [4, "value"],
      [5, "status"],
      [10, "refusal"],
      [12, "command failed"],
    ] as const) {
      expect(await notebook.shownText(index), place).to.contain(`${place}"'><img class="evil"`);
    }
    const errors = await notebook.page.locator(ERROR_OUTPUT).allInnerTexts();
    // The node says that it is idle far from each target of the scan, which is a warning in the cell of the
    // scan.
    expect(errors.map((text) => text.split(/[: ]/)[0])).to.deep.equal([
      "warning",
      "RangeError",
      "ReadOnly",
      "HardwareError",
    ]);
  });
});

function description(): unknown {
  const readonly = true;
  const writable = (datainfo: object) => ({ description: evil("parameter"), datainfo, readonly: false });
  const members = [{ type: "enum", members: { IDLE: 100, BUSY: 300, [evil("member")]: 101 } }, { type: "string" }];
  const text = { type: "string", isUTF8: true };
  const accessibles = {
    value: { description: evil("parameter"), datainfo: double("value unit"), readonly },
    target: writable(double("target unit")),
    status: { description: evil("parameter"), datainfo: { type: "tuple", members }, readonly },
    _text: { description: evil("parameter"), datainfo: text, readonly, group: evil("group") },
    _note: writable(text),
    _mode: writable({ type: "enum", members: { [evil("mode")]: 0, plain: 1 } }),
    _go: { description: evil("command"), datainfo: { type: "command" } },
    stop: { description: evil("stop"), datainfo: { type: "command" } },
  };
  const module = {
    description: evil("module"),
    interface_classes: ["Drivable"],
    group: evil("module group"),
    accessibles,
  };
  return {
    equipment_id: evil("id"),
    description: evil("node"),
    firmware: evil("firmware"),
    modules: { m: { ...module, implementation: evil("implementation"), meaning: [evil("meaning"), 5] } },
  };
}

const answer: Answer = (line) => {
  const [action = "", specifier = ""] = line.split(" ");
  if (action === "activate") {
    const values = { value: 1.5, target: 1, status: STATUS, _text: evil("value"), _note: evil("note"), _mode: 0 };
    const updates = Object.entries(values).map(
      ([name, value]) => `update m:${name} ${JSON.stringify([value, { t: 1000 }])}`,
    );
    return [...updates, "active"];
  }
  if (line === "read m:status") return `reply m:status ${JSON.stringify([STATUS, {}])}`;
  if (/^(read|change) m:(_text|_note)/.test(line)) return refused(line);
  if (line === "change m:target 4") {
    return `error_change m:target ${JSON.stringify(["RangeError", evil("refusal"), {}])}`;
  }
  if (action === "read" && specifier === "m:target") return "reply m:target [1, {}]";
  if (action === "change") return undefined;
  if (line.startsWith("do m:_go")) {
    return `error_do m:_go ${JSON.stringify(["HardwareError", evil("command failed"), {}])}`;
  }
  return undefined;
};

function refused(line: string): string {
  if (line.startsWith("read")) return `reply ${line.slice("read ".length)} ${JSON.stringify([evil("value"), {}])}`;
  return `error_change m:_note ${JSON.stringify(["ReadOnly", evil("refused"), {}])}`;
}

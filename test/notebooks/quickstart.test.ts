import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type FrappyServer, startFrappy } from "../peers/frappy";
import { JupyterHome, joined, type Notebook } from "../peers/jupyter";
import { runPython } from "../peers/peers";
import { quickstart } from "./quickstart";

describe("the quickstart notebook on a real frappy cryostat", function () {
  this.timeout(120_000);
  let home: JupyterHome;
  let node: FrappyServer;
  let executed: Notebook;

  before(async () => {
    [home, node] = await Promise.all([JupyterHome.create(), startFrappy("quickCryo")]);
    const { code, stderr, notebook } = await home.execute(quickstart(node.uri));
    expect(code, stderr).to.equal(0);
    executed = notebook;
  });

  after(async () => {
    await node?.stop();
    home?.close();
  });

  const outputOf = (source: RegExp) => executed.cells.find((cell) => source.test(joined(cell.source)))?.outputs ?? [];

  it("shows the node with its values and units", () => {
    const [output] = outputOf(/^cryo$/);
    expect(output?.output_type).to.equal("execute_result");
    expect(joined(output?.data?.["text/plain"] as string)).to.match(/cryo.*Drivable/);
    expect(joined(output?.data?.["text/html"] as string)).to.contain("regulation temperature");
  });

  it("leaves a table with units and one row for each point", () => {
    const tables = outputOf(/await RE/).map((output) => joined(output.data?.["text/plain"] as string));
    const table = tables.find((text) => text.includes("seq_num"));
    expect(table).to.match(/\bK\b/);
    for (const point of [1, 2, 3]) expect(table).to.match(new RegExp(`\\| +${point} \\|`));
  });

  it("leaves a Vega-Lite plot with units on its axes and a PNG for viewers that do not render it", () => {
    const plot = outputOf(/await RE/).find((output) => output.data?.["application/vnd.vegalite.v5+json"]);
    const spec = JSON.stringify(plot?.data?.["application/vnd.vegalite.v5+json"]);
    expect(spec).to.contain("vega-lite/v5");
    expect(spec).to.contain("(K)");
    const png = Buffer.from(joined(plot?.data?.["image/png"] as string), "base64");
    expect(png.subarray(1, 4).toString("latin1")).to.equal("PNG");
    expect(png.length).to.be.greaterThan(3000);
  });

  it("leaves a run file that Python's event-model accepts and bluesky's LiveTable and BestEffortCallback show", async () => {
    const runs = join(home.workspace, "runs");
    const files = readdirSync(runs, { recursive: true, encoding: "utf8" }).filter((file) =>
      /(^|\/)[^./][^/]*\.jsonl$/.test(file),
    );
    expect(files).to.have.length(1);
    const path = join(runs, files[0] as string);
    const stop = JSON.parse(readFileSync(path, "utf8").trimEnd().split("\n").at(-1) ?? "") as {
      name: string;
      doc: object;
    };
    expect(stop).to.deep.include({ name: "stop" });
    const consumed = JSON.parse(await runPython("test/peers/bluesky/consume.py", [path])) as object;
    expect(consumed).to.deep.include({ valid: 6, rows: 3 });
  });
});

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { SimNode } from "../../lib/sim/runNode";
import { startSimNode } from "../../lib/sim/startSimNode";
import { JupyterHome, joined, notebookOf } from "../peers/jupyter";
import { repository } from "../peers/peers";

describe("stock tslab, without our kernel", function () {
  this.timeout(120_000);
  let home: JupyterHome;
  let node: SimNode;

  before(async () => {
    home = await JupyterHome.create();
    node = await startSimNode({ speed: 200 });
    const spec = join(home.path, "prefix/share/jupyter/kernels/tslab");
    mkdirSync(spec, { recursive: true });
    const argv = [
      process.execPath,
      join(repository, "node_modules/tslab/bin/tslab"),
      "kernel",
      "--config-path",
      "{connection_file}",
    ];
    writeFileSync(join(spec, "kernel.json"), JSON.stringify({ argv, display_name: "tslab", language: "typescript" }));
    mkdirSync(join(home.workspace, "node_modules"));
    symlinkSync(repository, join(home.workspace, "node_modules/secop-lab"), "junction");
  });

  after(async () => {
    await node.close();
    home.close();
  });

  it("runs the quickstart in plain TypeScript and shows the table as text", async () => {
    const { code, stderr, notebook } = await home.execute(
      notebookOf(
        'import { createRunEngine, initDevices, SecopNodeDevice, scan } from "secop-lab";',
        `const { cryo } = await initDevices({ cryo: new SecopNodeDevice("${node.uri}") });`,
        "const RE = createRunEngine();",
        "const run = await RE(scan([cryo.cryo], cryo.cryo, 5, 8, 4));",
        "console.log(run.exitStatus, run.table().length);",
      ),
      { kernel: "tslab" },
    );
    expect(code, stderr).to.equal(0);
    const text = notebook.cells.map((cell) => (cell.outputs ?? []).map((output) => joined(output.text)).join(""));
    expect(text[3]).to.match(/seq_num.*demo-cryo-value/);
    expect(text[3]).to.match(/\| +4 \|/);
    expect(text[4]).to.match(/success/);
  });
});

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { SimNode } from "../../lib/sim/runNode";
import { startSimNode } from "../../lib/sim/startSimNode";
import { type Beamline, startBeamline } from "../peers/beamline";
import { JupyterHome, joined, type Notebook, type NotebookOutput, readNotebook } from "../peers/jupyter";
import { peer, peersPython, repository, runProgram } from "../peers/peers";
import { freePort } from "../support/freePort";

const folder = join(repository, "notebooks");
const KERNELSPEC = { name: "secop-lab", display_name: "TypeScript (secop-lab)", language: "typescript" };

describe("the notebooks", function () {
  this.timeout(240_000);
  let home: JupyterHome;
  let node: SimNode;
  let beamline: Beamline;
  /**
   * Texts in the notebooks and what replaces them: addresses that are free
   * on this machine, and a quicker simulation.
   */
  let changes: readonly (readonly [string, string])[];

  before(async () => {
    home = await JupyterHome.create();
    node = await startSimNode({ speed: 150 });
    beamline = await startBeamline();
    changes = [
      ["localhost:10767", node.uri],
      ["10771", `${await freePort()}`],
      ["10772", `${await freePort()}`],
      ["speed: 60", "speed: 300"],
      ["localhost:5064", beamline.epics],
      ["localhost:10000", beamline.tango],
    ];
  });

  after(async () => {
    await node?.close();
    await beamline?.stop();
    home?.close();
  });

  const onSimulatedNode = (name: string): Notebook => {
    const { cells } = readNotebook(join(folder, name));
    const adapted = (source: string) => changes.reduce((text, [from, to]) => text.replaceAll(from, to), source);
    return { cells: cells.map((cell) => ({ ...cell, source: adapted(joined(cell.source)) })) };
  };

  /** Writes a notebook with the address of the simulated node into the workspace. @returns its path */
  const written = (name: string): string => {
    const path = join(home.workspace, name);
    const format = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: KERNELSPEC } };
    writeFileSync(path, JSON.stringify({ ...format, ...onSimulatedNode(name) }));
    return path;
  };

  const run = async (program: string, args: readonly string[]) => {
    const ran = await runProgram(program, args, { cwd: home.workspace, env: home.env, timeout: 200 });
    expect(ran.code, ran.stderr + ran.stdout).to.equal(0);
    return ran;
  };

  const outputsOf = (notebook: Notebook): NotebookOutput[] => notebook.cells.flatMap((cell) => cell.outputs ?? []);

  const expectComplete = (notebook: Notebook): void => {
    const outputs = outputsOf(notebook);
    expect(outputs.filter((output) => output.output_type === "error")).to.deep.equal([]);
    expect(outputs.some((output) => output.data?.["image/png"])).to.equal(true);
    expect(outputs.some((output) => output.data?.["application/vnd.vegalite.v5+json"])).to.equal(true);
  };

  for (const name of readdirSync(folder).filter((file) => /^\d\d-[\w-]+\.ipynb$/.test(file))) {
    describe(name, () => {
      it("is saved without outputs", () => {
        expect(outputsOf(readNotebook(join(folder, name)))).to.deep.equal([]);
      });

      it("runs by nbclient", async () => {
        const { code, stderr, notebook } = await home.execute(onSimulatedNode(name));
        expect(code, stderr).to.equal(0);
        expectComplete(notebook);
      });

      it("runs by nbconvert to an HTML page with its tables and pictures", async () => {
        await run(peer("jupyter"), ["nbconvert", "--execute", "--to", "html", "--output", "page.html", written(name)]);
        const page = readFileSync(join(home.workspace, "page.html"), "utf8");
        expect(page)
          .to.match(/<th[^>]*>seq_num</)
          .and.to.contain("data:image/png;base64,");
      });

      it("runs by papermill", async () => {
        const target = join(home.workspace, "papermill.ipynb");
        await run(peer("papermill"), [written(name), target]);
        expectComplete(readNotebook(target));
      });

      it("runs in the console, cell by cell, at a terminal", async () => {
        const { stdout } = await run(peersPython(), [
          join(repository, "test/peers/jupyter/console.py"),
          written(name),
          "secop-lab",
        ]);
        expect(stdout).to.match(/Out\[\d+\]: \r?\nseq_num/);
        expect(stdout).not.to.match(/^\w*Error: /m);
      });

      it("runs by `secop-lab run` without Jupyter, which prints the rows of its table once", async () => {
        const target = join(home.workspace, `executed-${name}`);
        const main = join(repository, "dist/kernel/main.js");
        const { stdout } = await run(process.execPath, [main, "run", written(name), "-o", target]);
        const firstRow = stdout.split("\n").filter((line) => /^\| +1 \|/.test(line));
        expect(new Set(firstRow).size).to.equal(firstRow.length).and.to.be.greaterThan(0);
        expectComplete(readNotebook(target));
      });
    });
  }
});

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type SimNode, startSimNode } from "../../lib/sim/startSimNode";
import { JupyterHome, joined, readNotebook } from "../peers/jupyter";
import { repository, runProgram } from "../peers/peers";

const folder = join(repository, "notebooks");
const ADDRESS = "localhost:10767";

describe("the notebooks", function () {
  this.timeout(180_000);
  let home: JupyterHome;
  let node: SimNode;

  before(async () => {
    home = await JupyterHome.create();
    node = await startSimNode({ speed: 150 });
  });

  after(async () => {
    await node?.close();
    home?.close();
  });

  const onSimulatedNode = (name: string) => {
    const notebook = readNotebook(join(folder, name));
    const cells = notebook.cells.map((cell) => ({
      ...cell,
      source: joined(cell.source).replaceAll(ADDRESS, node.uri),
    }));
    return { ...notebook, cells };
  };

  for (const name of readdirSync(folder).filter((file) => /^\d\d-[\w-]+\.ipynb$/.test(file))) {
    it(`${name} is saved without outputs, and runs from top to bottom by nbclient`, async () => {
      const saved = readNotebook(join(folder, name)).cells.filter((cell) => cell.cell_type === "code");
      expect(saved.flatMap((cell) => cell.outputs ?? [])).to.deep.equal([]);
      const { code, stderr, notebook } = await home.execute(onSimulatedNode(name));
      expect(code, stderr).to.equal(0);
      const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
      expect(outputs.filter((output) => output.output_type === "error")).to.deep.equal([]);
      expect(outputs.some((output) => output.data?.["image/png"])).to.equal(true);
    });

    it(`${name} runs headless by secop-lab run, which prints the rows of its table once`, async () => {
      const source = join(home.workspace, name);
      const target = join(home.workspace, `executed-${name}`);
      writeFileSync(source, JSON.stringify(onSimulatedNode(name)));
      const program = [join(repository, "dist/kernel/main.js"), "run", source, "-o", target];
      const { code, stdout, stderr } = await runProgram(process.execPath, program, {
        cwd: home.workspace,
        timeout: 120,
      });
      expect(code, stderr + stdout).to.equal(0);
      const firstRow = stdout.split("\n").filter((line) => /^\| +1 \|/.test(line));
      expect(new Set(firstRow).size).to.equal(firstRow.length).and.to.be.greaterThan(0);
      const executed = readNotebook(target).cells.flatMap((cell) => cell.outputs ?? []);
      expect(executed.some((output) => output.data?.["application/vnd.vegalite.v5+json"])).to.equal(true);
    });
  }
});

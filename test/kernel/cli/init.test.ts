import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { repository, runProgram } from "../../peers/peers";

const main = join(repository, "dist/kernel/main.js");

describe("secop-lab init", function () {
  this.timeout(120_000);
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "secop-lab init ü-"));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const secopLab = (cwd: string, ...args: string[]) => runProgram(process.execPath, [main, ...args], { cwd });

  it("makes a folder whose script and notebook run at once, and whose types editors find", async () => {
    const { code, stdout, stderr } = await secopLab(root, "init", "Zr O2");
    expect([code, stderr], stdout).to.deep.equal([0, ""]);
    const folder = join(root, "Zr O2");
    const ran = await secopLab(folder, "run", "first-scan.ts");
    expect([ran.code, ran.stderr]).to.deep.equal([0, ""]);
    expect(ran.stdout).to.contain("21 points in runs/");
    const notebook = await secopLab(folder, "run", "first-scan.ipynb");
    expect(notebook.code, notebook.stdout).to.equal(0);
    expect(notebook.stdout).to.contain("21 rows of primary");
    expect(readdirSync(join(folder, "runs"))).not.to.deep.equal([]);
    const tsc = await runProgram(process.execPath, [join(repository, "node_modules/typescript7/bin/tsc"), "-p", "."], {
      cwd: folder,
    });
    expect([tsc.code, tsc.stdout]).to.deep.equal([0, ""]);
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).to.deep.include({
      name: "zr-o2",
      private: true,
    });
  });

  it("keeps the files that exist, and adds to .gitignore only what is missing", async () => {
    writeFileSync(join(root, "package.json"), '{"name":"mine"}');
    writeFileSync(join(root, ".gitignore"), "secret\nruns/");
    expect((await secopLab(root, "init", "--no-install")).stdout).to.contain("kept     package.json");
    await secopLab(root, "init", "--no-install");
    expect(readFileSync(join(root, "package.json"), "utf8")).to.equal('{"name":"mine"}');
    expect(readFileSync(join(root, ".gitignore"), "utf8")).to.equal(
      "secret\nruns/\nnode_modules/\n.secop-lab/\n*.executed.ipynb\n.ipynb_checkpoints/\n",
    );
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { notebookOf } from "../../peers/jupyter";
import { repository, runProgram } from "../../peers/peers";

const main = join(repository, "dist/kernel/main.js");

describe("secop-lab runs a notebook", function () {
  this.timeout(120_000);
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "secop-lab plätze 測 "));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(path: string, text: string | object): string {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof text === "string" ? text : JSON.stringify(text));
    return file;
  }

  const notebook = (path: string, ...cells: string[]): string => write(path, notebookOf(...cells));

  function link(path: string, target: string): string {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(target, at);
    return at;
  }

  async function expectOutput(command: readonly string[], path: string, output: string): Promise<void> {
    const [program = "", ...args] = command;
    const { code, stdout, stderr } = await runProgram(program, [...args, "run", path], { cwd: root });
    expect([code, stderr], stdout).to.deep.equal([0, ""]);
    expect(stdout).to.contain(output);
  }

  const engine = `import { createRunEngine, type RunEngine } from "secop-lab";
    const RE: RunEngine = createRunEngine({ store: false }); console.log("here", RE.state);`;

  it("in a workspace without package.json, with files of its own", async () => {
    write("my data/optik.ts", "export const wavelength: number = 1.54;");
    const path = notebook(
      "my data/messung ü.ipynb",
      engine,
      `import { wavelength } from "./optik"; console.log(wavelength.toFixed(3));`,
    );
    await expectOutput([process.execPath, main], path, "1.540\n");
  });

  it("in a monorepo, with packages hoisted to its top", async () => {
    write("package.json", { private: true, workspaces: ["packages/*"] });
    link("node_modules/secop-lab", repository);
    write("node_modules/crystal/package.json", { name: "crystal", main: "index.js", types: "index.d.ts" });
    write("node_modules/crystal/index.js", "exports.spacing = 3.14;");
    write("node_modules/crystal/index.d.ts", "export const spacing: number;");
    write("packages/beamline/package.json", { name: "beamline", dependencies: { crystal: "*", "secop-lab": "*" } });
    write("packages/shared/index.ts", "export const shift = (x: number): number => x + 1;");
    const path = notebook(
      "packages/beamline/notebooks/a.ipynb",
      engine,
      `import { spacing } from "crystal"; import { shift } from "../../shared/index"; console.log(shift(spacing));`,
    );
    await expectOutput([process.execPath, join(root, "node_modules/secop-lab/dist/kernel/main.js")], path, "4.14");
  });

  it("installed globally, by its name on the PATH", async () => {
    link("prefix/lib/node_modules/secop-lab", repository);
    const program = link("prefix/bin/secop-lab", join(root, "prefix/lib/node_modules/secop-lab/dist/kernel/main.js"));
    const path = notebook("home/first.ipynb", engine);
    await expectOutput([process.execPath, program], path, "here idle\n");
  });
});

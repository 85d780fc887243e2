import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { JupyterHome, joined, notebookOf, readNotebook } from "../../peers/jupyter";
import { peer, runProgram } from "../../peers/peers";

describe("programs of Jupyter other than JupyterLab run notebooks on our kernel", function () {
  this.timeout(120_000);
  let home: JupyterHome;

  before(async () => {
    home = await JupyterHome.create();
  });

  after(() => home.close());

  function write(...sources: string[]): string {
    const path = join(home.workspace, "in.ipynb");
    const metadata = { kernelspec: { name: "secop-lab", display_name: "x", language: "typescript" } };
    writeFileSync(path, JSON.stringify({ ...notebookOf(...sources), metadata }));
    return path;
  }

  const run = (program: string, args: string[], input = "") =>
    runProgram(peer(program), args, { cwd: home.workspace, env: home.env, input, timeout: 100 });

  it("nbclient: all text of a burst arrives, and cells after an allowed error run", async () => {
    const cells = ["for (let i = 0; i < 600; i++) console.log(i);", "throw new Error('allowed')", "'ran'"];
    const { notebook } = await home.execute(notebookOf(...cells), { allowErrors: true });
    const [burst, failed, ran] = notebook.cells.map(({ outputs }) => outputs ?? []);
    expect(burst?.map(({ text }) => joined(text)).join("")).to.equal(
      Array.from({ length: 600 }, (_, i) => `${i}\n`).join(""),
    );
    expect(failed?.[0]).to.deep.include({ output_type: "error", ename: "Error", evalue: "allowed" });
    expect(joined(ran?.[0]?.data?.["text/plain"] as string)).to.equal("'ran'");
  });

  it("nbclient: a failing cell fails the run and says why", async () => {
    const { code, stderr } = await home.execute(notebookOf("throw new RangeError('too far')"));
    expect(code).to.not.equal(0);
    expect(stderr).to.contain("RangeError: too far");
  });

  it("nbconvert --execute", async () => {
    const args = ["nbconvert", "--execute", "--to", "notebook", "--output", "out.ipynb"];
    const good = await run("jupyter", [...args, write("6 * 7")]);
    expect(good.code, good.stderr).to.equal(0);
    const [cell] = readNotebook(join(home.workspace, "out.ipynb")).cells;
    expect(joined(cell?.outputs?.[0]?.data?.["text/plain"] as string)).to.equal("42");
    const bad = await run("jupyter", [...args, write("const wrong: number = 'text'")]);
    expect(bad.code).to.not.equal(0);
    expect(bad.stderr).to.contain("TypeScriptError: Type 'string' is not assignable to type 'number'.");
  });

  it("papermill, without parameters", async () => {
    const out = join(home.workspace, "papermill.ipynb");
    const good = await run("papermill", [write("console.log('mill')"), out]);
    expect(good.code, good.stderr).to.equal(0);
    expect(readNotebook(out).cells[0]?.outputs?.map(({ text }) => joined(text))).to.deep.equal(["mill\n"]);
    const bad = await run("papermill", [write("throw new Error('stop the mill')"), out]);
    expect(bad.code).to.not.equal(0);
    expect(bad.stderr).to.contain("Error: stop the mill");
  });

  it("papermill, with parameters from the command line or a YAML text, by our translator", async () => {
    const path = write(
      "let count: number = 5;\nlet names = ['a'];\nlet wait = 1;",
      "console.log(count * 2, names, wait)",
    );
    const notebook = JSON.parse(readFileSync(path, "utf8"));
    notebook.cells[0].metadata.tags = ["parameters"];
    writeFileSync(path, JSON.stringify(notebook));
    const out = join(home.workspace, "papermill.ipynb");
    const args = [
      "-k",
      "secop-lab",
      "-p",
      "count",
      "21",
      "-y",
      'names: ["b \\"quoted\\" ü", "c"]',
      "-p",
      "wait",
      "0.5",
    ];
    const { code, stderr } = await run("papermill", [path, out, ...args]);
    expect(code, stderr).to.equal(0);
    const { cells } = readNotebook(out);
    expect(cells.at(-1)?.outputs?.map(({ text }) => joined(text))).to.deep.equal([`42 [ 'b "quoted" ü', 'c' ] 0.5\n`]);
    expect(stderr).not.to.contain("unknown parameter");
  });

  it("papermill, which lists the parameters of a notebook and warns of misspelt ones", async () => {
    const code =
      "let count: number = 5; // how often\nconst names = ['a, b', \"let c = 1\"], wait = 1\nlet f = (x: number) => { let inner = 2; return x }\nlet none: number";
    const path = write(code);
    const notebook = JSON.parse(readFileSync(path, "utf8"));
    notebook.cells[0].metadata.tags = ["parameters"];
    writeFileSync(path, JSON.stringify(notebook));
    const { stdout } = await run("papermill", ["--help-notebook", path]);
    expect(
      stdout
        .split("\n")
        .slice(-5, -1)
        .map((line) => line.trim().replace(/\s+/g, " ")),
    ).to.deep.equal([
      "count: number (default 5) how often",
      `names: Unknown type (default ['a, b', "let c = 1"])`,
      "wait: Unknown type (default 1)",
      "f: Unknown type (default (x: number) => { let inner = 2; return x })",
    ]);
    const out = join(home.workspace, "papermill.ipynb");
    const { stderr } = await run("papermill", [path, out, "-k", "secop-lab", "-p", "cuont", "3", "-p", "wait", "2"]);
    expect(stderr.match(/Passed unknown parameter: .*/g)).to.deep.equal(["Passed unknown parameter: cuont"]);
  });

  it("papermill, with type-checked parameters for a cell that starts with %%parameters", async () => {
    const path = write("%%parameters\nlet count: number = 5, name = 'x';", "console.log(count * 2, name)");
    const out = join(home.workspace, "papermill.ipynb");
    const given = (...args: string[]) => run("papermill", [path, out, "-k", "secop-lab", ...args]);
    const good = await given("-p", "count", "21", "-p", "name", "two 'words' \"ü\"");
    expect(good.code, good.stderr).to.equal(0);
    const last = readNotebook(out).cells.at(-1);
    expect(last?.outputs?.map(({ text }) => joined(text))).to.deep.equal([`42 two 'words' "ü"\n`]);
    expect(good.stderr).not.to.contain("unknown parameter");
    const bad = await given("-p", "count", "many");
    expect(bad.code).to.not.equal(0);
    expect(bad.stderr).to.contain("Type 'string' is not assignable to type 'number'");
  });

  it("the console, which continues after an error", async () => {
    const { stdout, stderr, code } = await run(
      "jupyter",
      ["console", "--kernel", "secop-lab", "--simple-prompt"],
      "const a = 6\na * 7\nthrow new Error('shown')\n'still here'\nexit\n",
    );
    expect(code).to.equal(0);
    expect(stdout).to.match(/Out\[2\]: 42[\s\S]*Out\[4\]: 'still here'/);
    expect(stderr).to.contain("Error: shown");
  });

  it("the console, which prints a growing table line by line", async () => {
    const { stdout, stderr } = await run(
      "jupyter",
      ["console", "--kernel", "secop-lab", "--simple-prompt"],
      'const RE = createRunEngine({ store: false }), m = new SimMotor("m"), det = new SimDetector("det")\nawait RE(scan([det], m, 0, 2, 3))\nexit\n',
    );
    const rows = stdout.match(/^\| +[123] \|.*$/gm);
    expect(
      rows?.map((row) => row.split("|")[3]?.trim()),
      stdout + stderr,
    ).to.deep.equal(["0.000", "1.000", "2.000"]);
    expect(stdout).to.match(/scan · success · #1 · .* · 3 points in/);
    expect(stderr).to.not.contain("xdg-open");
  });

  it("and none of them leaves other files in the workspace than those requested", () => {
    expect(existsSync(join(home.workspace, "devices"))).to.equal(false);
    expect(readFileSync(join(home.workspace, "in.ipynb"), "utf8")).to.contain("nbformat");
  });
});

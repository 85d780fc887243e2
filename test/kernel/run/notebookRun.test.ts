import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { notebookOf, readNotebook } from "../../peers/jupyter";
import { repository, runProgram } from "../../peers/peers";

const main = join(repository, "dist/kernel/main.js");

describe("secop-lab run", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secop-lab run ü-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(cells: ReturnType<typeof notebookOf>["cells"]): string {
    const path = join(folder, "in.ipynb");
    writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { keep: 1 }, cells }));
    return path;
  }

  const run = (...args: string[]) => runProgram(process.execPath, [main, "run", ...args], { cwd: tmpdir() });

  it("executes a notebook beside itself, shows what it prints, and keeps the outputs", async () => {
    const { cells } = notebookOf(
      "console.log('printed'); 6 * 7",
      "",
      "import { writeFileSync } from 'node:fs'; writeFileSync('here.txt', '')",
    );
    const path = write(cells);
    const { code, stdout, stderr } = await run(path, "--html");
    expect(code, stderr + stdout).to.equal(0);
    expect(readFileSync(join(folder, "in.executed.html"), "utf8")).to.contain("printed\n");
    expect(stdout).to.match(/^\[1\/3\] console\.log.*\nprinted\n42\n\[3\/3\] import/);
    const executed = readNotebook(join(folder, "in.executed.ipynb"));
    expect(executed.cells[0]?.outputs).to.deep.equal([
      { output_type: "stream", name: "stdout", text: "printed\n" },
      { output_type: "execute_result", execution_count: 1, data: { "text/plain": "42" }, metadata: {} },
    ]);
    expect(executed.cells.map((cell) => cell.execution_count)).to.deep.equal([1, null, 2]);
    expect((executed as unknown as { metadata: object }).metadata).to.deep.include({ keep: 1 });
    expect(readFileSync(join(folder, "here.txt"), "utf8")).to.equal("");
    expect(readNotebook(path).cells[0]?.outputs).to.deep.equal([]);
  });

  it("ends with 1 at a cell that fails, unless it is tagged raises-exception", async () => {
    const [expected, failing, never] = notebookOf(
      "throw new Error('meant')",
      "throw new TypeError('broken')",
      "1",
    ).cells;
    const path = write([{ ...expected!, metadata: { tags: ["raises-exception"] } }, failing!, never!]);
    const { code, stdout } = await run(path, "-o", join(folder, "out.ipynb"));
    expect(code).to.equal(1);
    expect(stdout).to.contain("TypeError: broken\n    at In[2]:1:7");
    const { cells } = readNotebook(join(folder, "out.ipynb"));
    expect(cells.map(({ outputs }) => outputs?.[0]?.ename)).to.deep.equal(["Error", "TypeError", undefined]);
    expect(cells[2]?.execution_count).to.equal(null);
  });

  it("puts parameters in the place of the defaults, checked by their types", async () => {
    const [defaults, use] = notebookOf(
      "let count: number = 5;\nconst name = 'x';",
      "console.log(count * 2, name)",
    ).cells;
    const path = write([{ ...defaults!, metadata: { tags: ["parameters"] } }, use!]);
    const good = await run(path, "-p", "count=21", "-p", "name=two words");
    expect(good.stdout).to.contain("42 two words\n");
    expect(readNotebook(join(folder, "in.executed.ipynb")).cells[0]?.source).to.equal(
      'let count: number = 21;\nconst name = "two words";',
    );
    const wrongType = await run(path, "-p", "count=many");
    expect([wrongType.code, /is not assignable to type 'number'/.test(wrongType.stdout)]).to.deep.equal([1, true]);
    const unknown = await run(path, "-p", "cuont=1");
    expect([unknown.code, unknown.stderr]).to.deep.equal([
      1,
      "secop-lab: no parameter cuont: the cell of parameters declares count, name\n",
    ]);
  });

  it("prints of an updated display only the lines that are new", async () => {
    const { cells } = notebookOf(
      `const host = (globalThis as any)[Symbol.for("secop-lab.host")];
       for (let n = 1; n <= 3; n++) {
         const lines = ["head", ...Array.from({ length: n }, (_, i) => "row " + (i + 1)), "foot"];
         host.display({ "text/plain": lines.join("\\n") }, { id: "table", update: n > 1 });
         await null;
       }`,
    );
    const { stdout } = await run(write(cells));
    expect(stdout).to.contain("\nhead\nrow 1\nfoot\nrow 2\nrow 3\n");
    const [output] = readNotebook(join(folder, "in.executed.ipynb")).cells[0]?.outputs ?? [];
    expect(output?.data?.["text/plain"]).to.equal("head\nrow 1\nrow 2\nrow 3\nfoot");
  });

  it("leaves what it had in the file when it is killed", async () => {
    const path = write(
      notebookOf("console.log('first')", "console.log('second'); await new Promise(() => undefined)").cells,
    );
    const child: ChildProcess = spawn(process.execPath, [main, "run", path], { stdio: ["ignore", "pipe", "inherit"] });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    const out = join(folder, "in.executed.ipynb");
    const texts = (): unknown[] => {
      try {
        return readNotebook(out).cells.map(({ outputs }) => outputs?.[0]?.text);
      } catch {
        return [];
      }
    };
    while (texts()[1] === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGKILL");
    await gone;
    expect(texts()).to.deep.equal(["first\n", "second\n"]);
  });

  it("interrupts the running cell at Ctrl-C, and ends", async () => {
    const path = write(
      notebookOf("console.log('waiting'); await new Promise(() => undefined)", "console.log('never')").cells,
    );
    const child = spawn(process.execPath, [main, "run", path], { stdio: ["ignore", "pipe", "inherit"] });
    let stdout = "";
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    await new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        if (/^waiting$/m.test(stdout)) resolve();
      });
    });
    child.kill("SIGINT");
    expect(await ended).to.equal(1);
    expect(stdout).to.contain("KeyboardInterrupt: In[1] was interrupted").and.not.contain("never");
  });

  it("says what is wrong with a file that is no notebook", async () => {
    writeFileSync(join(folder, "bad.ipynb"), "{}");
    const bad = await run(join(folder, "bad.ipynb"));
    expect([bad.code, bad.stderr]).to.deep.equal([
      1,
      `secop-lab: ${join(folder, "bad.ipynb")} is not a notebook of format 4 (nbformat is undefined)\n`,
    ]);
    const missing = await run(join(folder, "missing.ipynb"));
    expect(missing.stderr).to.match(/^secop-lab: cannot read the notebook .*ENOENT.*\n$/);
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

  it("writes the executed notebook beside the original, and prints the outputs", async () => {
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

  it("ends with exit code 1 at a cell that fails, unless the cell is tagged raises-exception", async () => {
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

  it("replaces the default values of parameters, and checks their types", async () => {
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
      "secop-lab: no parameter cuont: the cell of parameters declares count, name; did you mean count?\n",
    ]);
  });

  it("passes each parameter to the %%parameters cell that declares it", async () => {
    const { cells } = notebookOf(
      "%%parameters\nlet first = 1, second: number = 2;",
      "%%parameters\nconst third: string = 'x'",
      "console.log(first, second, third)",
    );
    const path = write(cells);
    const good = await run(path, "-p", "second=7", "-p", "third=y");
    expect(good.stdout).to.contain("\n1 7 y\n");
    const unknown = await run(path, "-p", "secnod=7");
    expect([unknown.code, unknown.stderr]).to.deep.equal([
      1,
      "secop-lab: no parameter secnod: the cell of parameters declares first, second, third; did you mean second?\n",
    ]);
  });

  it("prints only the new lines of an updated display", async () => {
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

  it("shows the progress of a scan: its table with each point once, and how it ended", async () => {
    const { cells } = notebookOf(
      `const RE = createRunEngine({ store: false });
       const [m, det] = [new SimMotor("m", { velocity: 20 }), new SimDetector("det")];`,
      "await RE(scan([det], m, 0, 4, 5))",
    );
    const { code, stdout } = await run(write(cells));
    expect(code, stdout).to.equal(0);
    const scan = stdout.slice(stdout.indexOf("[2/2] await RE(scan"));
    expect(scan).to.match(/^\[2\/2\] .*\nscan · #1 · /);
    const points = [...scan.matchAll(/^\| +(\d+) \| +[\d:.]+ \| +([\d.]+) \|/gm)].map(([, n, at]) => [n, at]);
    expect(points).to.deep.equal([1, 2, 3, 4, 5].map((n) => [String(n), `${n - 1}.000`]));
    expect(scan).to.match(/scan · success · #1 · .* · 5 points in /);
  });

  it("keeps the outputs so far in the file when it is killed", async () => {
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

  /** Starts a run, and sends SIGINT each time its output matches the next pattern. */
  async function interrupted(path: string, ...patterns: RegExp[]): Promise<{ code: number | null; stdout: string }> {
    const child = spawn(process.execPath, [main, "run", path], { stdio: ["ignore", "pipe", "inherit"] });
    let stdout = "";
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (!patterns[0]?.test(stdout)) return;
      patterns.shift();
      child.kill("SIGINT");
    });
    return { code: await ended, stdout };
  }

  const outputsOf = (path: string) =>
    readNotebook(path.replace(".ipynb", ".executed.ipynb")).cells.map(({ outputs = [] }) =>
      outputs.map((o) => o.text ?? o.ename),
    );

  const patient = {
    "a cell that waits": "console.log('waiting'); await new Promise(() => undefined)",
    "an endless loop": "console.log('waiting'); await new Promise((r) => setTimeout(r, 50)); for (;;);",
  };

  for (const [what, code] of Object.entries(patient)) {
    it(`ends ${what} at Ctrl-C with exit code 130, and keeps the outputs`, async () => {
      const path = write(notebookOf("console.log('first')", code, "console.log('never')").cells);
      const { code: exitCode, stdout } = await interrupted(path, /^waiting$/m);
      expect(exitCode).to.equal(130);
      expect(stdout).to.contain("KeyboardInterrupt: In[2] was interrupted").and.not.contain("[3/3]");
      expect(outputsOf(path)).to.deep.equal([["first\n"], ["waiting\n", "KeyboardInterrupt"], []]);
    });
  }

  it("ends at once at a second Ctrl-C", async () => {
    const stubborn = `console.log("waiting");
      (globalThis as any)[Symbol.for("secop-lab.host")].currentSignal().addEventListener("abort", ({ target }: any) =>
        target.reason.serving(new Promise(() => undefined), () => true));
      await new Promise(() => undefined);`;
    const path = write(notebookOf(stubborn).cells);
    const { code, stdout } = await interrupted(path, /^waiting$/m, /once more/);
    expect(code).to.equal(130);
    expect(stdout).to.not.contain("KeyboardInterrupt");
    expect(outputsOf(path)).to.deep.equal([["waiting\n"]]);
  });

  it("aborts the running plan at Ctrl-C, the plan closes its run, and the code after it does not run", async () => {
    const cells = notebookOf(
      `import { createRunEngine, initDevices, scan, SecopNodeDevice, startSimNode } from "secop-lab";
       const sim = await startSimNode();
       const { cryo } = await initDevices({ cryo: new SecopNodeDevice(sim.uri) });
       const RE = createRunEngine();
       RE.subscribe((name, doc: any) => console.log(name, doc.exit_status ?? ""));`,
      `const temperature = cryo.modules.get("cryo") as any;
       const run = await RE(scan([temperature], temperature, 5, 20, 16));
       console.log("ended", run.exitStatus);`,
      "console.log('never')",
    ).cells;
    const { code, stdout } = await interrupted(write(cells), /^start/m);
    expect([code, /^stop abort$/m.test(stdout), /^ended/m.test(stdout)], stdout).to.deep.equal([130, true, false]);
    expect(stdout).to.match(/^KeyboardInterrupt: In\[2\] was interrupted\n(?!\{)/m);
    expect(stdout).to.not.contain("never");
  });

  const fatal: Readonly<Record<string, readonly [string, RegExp]>> = {
    "ends its process": ["process.exit(3)", /the code ended the process of the kernel with exit code 3/],
    "crashes its process": [
      "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => undefined)",
      /ended by SIGSEGV/,
    ],
    "is killed by the system": [
      "process.kill(process.pid, 'SIGKILL'); await new Promise(() => undefined)",
      /machine runs out of memory/,
    ],
  };

  for (const [what, [code, reason]] of Object.entries(fatal)) {
    it(`reports it in the cell that ${what}, and fails`, async () => {
      const path = write(
        notebookOf(`console.log('before'); await new Promise((r) => setTimeout(r, 50)); ${code}`, "1").cells,
      );
      const { code: exitCode, stdout } = await run(path);
      expect(exitCode).to.equal(1);
      expect(stdout)
        .to.match(/^before\nKernelDied: /m)
        .and.match(reason);
      expect(outputsOf(path)).to.deep.equal([["before\n", "KernelDied"], []]);
    });
  }

  it("says that it cannot write the notebook before any cell runs", async () => {
    mkdirSync(join(folder, "out.ipynb"));
    const path = write(notebookOf("console.log('ran')").cells);
    const { code, stdout, stderr } = await run(path, "-o", join(folder, "out.ipynb"));
    expect([code, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.match(/^secop-lab: cannot write the notebook .*out\.ipynb: EISDIR.*\n$/);
    expect(readdirSync(folder)).to.have.members(["in.ipynb", "out.ipynb"]);
  });

  it("ends after the cell whose outputs it could not save", async () => {
    const { cells } = notebookOf(
      `import { mkdirSync, rmSync } from 'node:fs'; rmSync('out.ipynb'); mkdirSync('out.ipynb'); console.log('begun');
       await new Promise((resolve) => setTimeout(resolve, 1500)); console.log('to its end')`,
      "console.log('not' + ' run')",
    );
    const { code, stdout, stderr } = await run(write(cells), "-o", join(folder, "out.ipynb"));
    expect(code).to.equal(1);
    expect(stdout).to.contain("\nto its end").and.not.contain("not run");
    expect(stderr).to.match(/^secop-lab: cannot write the notebook .*\n$/);
  });

  it("continues when the program that reads its output has ended", async () => {
    const path = write(notebookOf("console.log('first')", "console.log('second')", "'third'").cells);
    const program = spawn(process.execPath, [main, "run", path], { stdio: ["ignore", "pipe", "pipe"] });
    program.stdout.once("data", () => program.stdout.destroy());
    let stderr = "";
    program.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    expect([await once(program, "close"), stderr]).to.deep.equal([[0, null], ""]);
    expect(readNotebook(join(folder, "in.executed.ipynb")).cells.map((cell) => cell.execution_count)).to.deep.equal([
      1, 2, 3,
    ]);
  });

  it("says what is wrong with a file that is not a notebook", async () => {
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

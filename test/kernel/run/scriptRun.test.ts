import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SecopClient } from "../../../lib/secop/client";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { repository, runProgram } from "../../peers/peers";

const main = join(repository, "dist/kernel/main.js");

describe("secop-lab run of a script", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secop-lab skript ü-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(name: string, ...lines: string[]): string {
    const path = join(folder, name);
    writeFileSync(path, lines.join("\n"));
    return path;
  }

  const run = (...args: string[]) => runProgram(process.execPath, [main, "run", ...args], { cwd: tmpdir() });

  it("waits at the top level, knows the names of secop-lab, imports files of its folder, and gets its arguments", async () => {
    write("optics.ts", "export const wavelength: number = 1.54;");
    const path = write(
      "scan.ts",
      "#!/usr/bin/env -S npx secop-lab run",
      `import { wavelength } from "./optics";`,
      "const points = 5;",
      `const result = await createRunEngine({ live: false })(count([new SimDetector("det")], points));`,
      "console.log(JSON.stringify([result.exitStatus, result.table().length, wavelength, ...process.argv.slice(2)]));",
      "result",
    );
    const { code, stdout, stderr } = await run(path, "-p", "points=3", "sample 3", "--", "--fast", "-p");
    expect([code, stdout, stderr]).to.deep.equal([0, '["success",3,1.54,"sample 3","--fast","-p"]\n', ""]);
  });

  it("says how a run went before it says anything of the next one", async () => {
    const path = write(
      "two.ts",
      'const RE = createRunEngine({ live: { table: false }, store: false }), motor = new SimMotor("motor");',
      'const detector = new SimDetector("det", { motor });',
      "for (let i = 0; i < 2; i++) await RE(scan([detector], motor, -2, 2, 9));",
    );
    const { stdout, stderr } = await run(path);
    expect(stderr).to.equal("");
    const ends = stdout.split("\n").filter((line) => /success|, 9 points/.test(line));
    expect(ends.map((line) => line.replace(/ · [0-9a-f]{8}.*|, 9 points.*/, ""))).to.deep.equal([
      "scan · success · #1",
      "scan #1 · det (counts) against motor (mm)",
      "scan · success · #2",
      "scan #2 · det (counts) against motor (mm)",
    ]);
    expect(stdout.indexOf("scan #1 ·")).to.be.lessThan(stdout.indexOf("scan · #2 ·"));
  });

  it("is type-checked before it runs, and an error names the place in the file", async () => {
    const wrong = await run(write("wrong.ts", "console.log('never');", 'const x: number = "a";'));
    expect([wrong.code, wrong.stdout]).to.deep.equal([1, ""]);
    expect(wrong.stderr).to.match(
      /^TypeScriptError: Type 'string' is not assignable to type 'number'\.\nwrong\.ts:2:7\n/,
    );
    const thrown = await run(
      write("thrown.ts", "function f(): never {", "  throw new RangeError('far');", "}", "f();"),
    );
    expect([thrown.code, thrown.stderr]).to.deep.equal([
      1,
      "RangeError: far\n    at f (thrown.ts:2:9)\n    at thrown.ts:4:1\n",
    ]);
  });

  it("shows an error of the library as one message and the place in the file, and all of it by --verbose", async () => {
    const path = write("gone.ts", `await initDevices({ cryo: new SecopNodeDevice("localhost:1") });`);
    const { code, stdout, stderr } = await run(path);
    expect([code, stdout, stderr]).to.deep.equal([
      1,
      "",
      "NotConnectedError: 1 device could not be connected:\n" +
        "  cryo: cannot connect to localhost:1: connection refused: does the node run, is the port right?\n" +
        "    at async gone.ts:1:1\n",
    ]);
    const whole = await run(path, "--verbose");
    expect(whole.code).to.equal(1);
    expect(whole.stderr).to.contain("failures: Map(1)").and.contain("code: 'ECONNREFUSED'");
    const caught = await run(write("caught.ts", "try { throw new Error('mine') } catch (e) { console.log(e) }"));
    expect(caught.stdout).to.equal("Error: mine\n    at caught.ts:1:13\n");
  });

  it("ends with the exit code that it asks for, and with 1 after a promise that nobody awaited failed", async () => {
    const codes = [
      "process.exit(5)",
      "process.exitCode = 4; console.error('on stderr')",
      "void Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 50));",
    ];
    const ends = [];
    for (const code of codes) ends.push(await run(write("end.ts", code)));
    expect(ends.map(({ code }) => code)).to.deep.equal([5, 4, 1]);
    expect(ends.map(({ stdout }) => stdout)).to.deep.equal(["", "", ""]);
    expect(ends[1]?.stderr).to.equal("on stderr\n");
    expect(ends[2]?.stderr).to.contain("Error: lost");
  });

  it("refuses what is for notebooks, and arguments of a notebook", async () => {
    const path = write("s.ts", "1");
    expect((await run(path, "--html")).stderr).to.contain("s.ts is a script: --output and --html are for notebooks");
    expect((await run("a.ipynb", "b")).stderr).to.contain("a.ipynb is a notebook, which takes no arguments");
    expect((await run(path, "-p", "speed=1")).stderr).to.contain("no parameter speed: s.ts declares nothing");
    expect((await run(join(folder, "no.ts"))).stderr).to.match(/^secop-lab: cannot read the script .*no\.ts: ENOENT/);
  });

  it("is recorded, and replayed without the node", async () => {
    const node = await startSimNode({ speed: 100 });
    const path = write(
      "rec.ts",
      `const { lab } = await initDevices({ lab: new SecopNodeDevice("${node.uri}") });`,
      "const RE = createRunEngine({ live: false, store: false });",
      `const run = await RE(count([lab.modules.get("sensor") as ReadableDevice], 2));`,
      "console.log(run.table().length, run.exitStatus);",
    );
    const recorded = await run(path, "--record");
    await node.close();
    expect([recorded.code, recorded.stdout]).to.deep.equal([0, "2 success\n"]);
    const replayed = await run(path, "--replay");
    expect([replayed.code, replayed.stdout], replayed.stderr).to.deep.equal([0, "2 success\n"]);
    expect(replayed.stderr).to.contain("replayed");
  });

  it("is ended by Ctrl-C with code 130, and its plan stops the hardware", async () => {
    await using node = await startSimNode({ speed: 1 });
    const path = write(
      "move.ts",
      `const { cryo } = await initDevices({ cryo: new SecopNodeDevice("${node.uri}") });`,
      `console.log("moving");`,
      `await createRunEngine({ store: false })(mv(cryo.modules.get("cryo") as DrivableDevice, 300));`,
      `console.log("never");`,
    );
    const child = spawn(process.execPath, [main, "run", path], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const client = await SecopClient.connect(node.uri);
    const isBusy = async () => JSON.stringify((await client.read("cryo", "status")).value).includes("300");
    while (!output.includes("moving") || !(await isBusy())) await new Promise((again) => setTimeout(again, 50));
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    expect(code, output).to.equal(130);
    expect(await isBusy()).to.equal(false);
    expect(output).not.to.contain("never");
    await client.close();
  });
});

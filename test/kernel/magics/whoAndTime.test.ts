/** Tests of the magics for variables and times, and of `name?` and `help`, in a kernel. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

describe("variables, times and help in a notebook", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
  });

  after(() => kernel.close());

  const shown = async (code: string): Promise<string> => {
    const cell = await kernel.run(code);
    return cell.published.find(({ type }) => type === "display_data")?.content.data["text/plain"] ?? cell.error?.evalue;
  };

  it("lists the variables of the user with %who, by type too", async () => {
    expect((await kernel.run("%who")).text()).to.equal("no cell has declared a variable yet\n");
    await kernel.run(
      "const rate = 5; let text = 'a'; const seen = new Map([[1, 2]]); class Pump {}; function* ramp() {}\nconst motor = new SimMotor();",
    );
    const lines = (await kernel.run("%who")).result["text/plain"].split("\n").slice(2);
    expect(lines.map((line: string) => line.split(/\s+/).slice(0, 2).join(" "))).to.deep.equal([
      "rate number",
      "text string",
      "seen Map",
      "Pump class",
      "ramp function*",
      "motor SimMotor",
    ]);
    expect((await kernel.run("%whos number Map")).result["text/plain"].split("\n").slice(2)).to.deep.equal([
      "rate  number  5",
      "seen  Map     Map(1) { 1 => 2 }",
    ]);
    await kernel.run("import * as url from 'node:url'");
    const [, , module = ""] = (await kernel.run("%who module")).result["text/plain"].split("\n");
    expect(module).to.match(/^url {3}module {2}URL, .*URLSearchParams, /);
    expect((await kernel.run("%who Set")).text()).to.equal("no variable is of type Set\n");
  });

  it("removes variables with %reset", async () => {
    await kernel.run("const gone = 1, gone2 = 2, kept = 3;");
    expect((await kernel.run("%reset gone gone2")).text()).to.equal("removed gone, gone2\n");
    expect((await kernel.run("gone")).error.evalue).to.match(/Cannot find name 'gone'/);
    expect((await kernel.run("kept")).result["text/plain"]).to.equal("3");
    expect((await kernel.run("const gone = 'again'; gone")).result["text/plain"]).to.equal("'again'");
    expect((await kernel.run("%reset kepd")).error.evalue).to.equal("there is no variable kepd: did you mean kept?");
  });

  it("measures with %timeit and %%timeit, and can be interrupted", async () => {
    const pattern =
      /^[\d.]+ [nµm]?s ± [\d.]+ [nµm]?s per loop \(mean ± standard deviation of 2 runs, (\d+) loops each\)\n$/;
    expect((await kernel.run("%timeit -n 10 -r 2 Math.sqrt(rate)")).text()).to.match(pattern);
    const waited = (await kernel.run("%timeit -n 3 -r 2 await new Promise((r) => setTimeout(r, 20))")).text();
    expect(waited).to.match(pattern);
    expect(Number.parseFloat(waited)).to.be.within(19, 200);
    const cell = await kernel.run(
      "%%timeit -n 5 -r 2 const start = 1\nlet sum = start;\nfor (const x of [1, 2]) sum += x;",
    );
    expect(cell.text()).to.match(pattern);
    expect((await kernel.run("%timeit -n 0 1")).error.evalue).to.equal("-n takes a whole number of 1 or more, not 0");
    expect((await kernel.run("%timeit nosuch()")).error.evalue).to.match(/Cannot find name 'nosuch'/);
    const long = kernel.execute("%timeit await new Promise((r) => setTimeout(r, 50))");
    await kernel.message((m) => m.parent === long.id && m.type === "execute_input");
    await kernel.interrupt();
    expect((await long.done).content.ename).to.equal("KeyboardInterrupt");
  });

  it("times assignments, conditions and functions, and code with a comment behind it", async () => {
    await kernel.run(
      "let level = 0; const slow = async () => { await new Promise((r) => setTimeout(r, 30)); console.log('waited'); return 7; };",
    );
    const timed = async (code: string) => {
      const cell = await kernel.run(code);
      expect(cell.error, code).to.equal(undefined);
      expect(cell.text(), code).to.match(/^(?:waited\n)?took |per loop/);
      return [cell.result?.["text/plain"], cell.text()] as const;
    };
    expect((await timed("%time level = 5; // why"))[0]).to.equal("5");
    expect((await timed("%time (x: number) => x"))[0]).to.match(/^function/);
    const [value, printed] = await timed("%time level > 0 ? slow() : slow()");
    expect(value).to.equal("7");
    expect(printed).to.match(/^waited\ntook /);
    await timed("%%timeit -n 2 -r 2 const q = 1 // once\nq + 1; // often");
    await timed("%%timeit -n 2 -r 2\nq2() // often\nfunction q2() { return 1 } // last");
  });

  it("keeps names and the value of a cell with %%time, and times one that fails", async () => {
    const cell = await kernel.run("%%time\nconst late = 3\nlate + 1");
    expect([cell.text().replace(/[\d.]+ .*/, "T"), cell.result["text/plain"]]).to.deep.equal(["took T\n", "4"]);
    expect((await kernel.run("late")).result["text/plain"]).to.equal("3");
    const failed = await kernel.run("%%time\nthrow new Error('x')");
    expect(failed.text()).to.match(/^took /);
    expect(failed.error.traceback).to.deep.equal(["Error: x", `    at In[${failed.reply.execution_count}]:2:7`]);
  });

  it("shows type, docs, value and place with name?, ?name and help(name)", async () => {
    writeFileSync(
      join(kernel.folder, "pumps.ts"),
      "\n/** Starts the pump. */\nexport function startPump(rate: number): void {}\n",
    );
    await kernel.run('import { startPump } from "./pumps"\n/** How fast. */\nconst speed = 7');
    const place = `In[${(await kernel.run("0")).reply.execution_count - 1}]:3`;
    for (const code of [
      "speed?",
      "?speed",
      "speed??",
      "help(speed)",
      "help('speed')",
      "[0].forEach(() => help('speed'))",
    ]) {
      const text = await shown(code);
      expect(text, code).to.contain("speed · number").and.to.contain("How fast.").and.to.contain(`source  ${place}`);
      expect(text, code)
        .to.match(/const speed: (number|7)/)
        .and.to.match(/value +7/);
    }
    expect(await shown("startPump?"))
      .to.contain("function startPump(rate: number): void")
      .and.to.contain("Starts the pump.")
      .and.to.contain("source  pumps.ts:3");
    expect(await shown("scan?"))
      .to.contain("Moves motors along lines")
      .and.to.match(/source +secop-lab\/dist\/.*scan\.js:\d+/);
    expect(await shown("motor?"))
      .to.contain("const motor: SimMotor")
      .and.to.contain("readback");
    expect(await shown("motor.set?"))
      .to.contain("SimMotor.set(value: number")
      .and.to.contain("Done at the target");
    expect(await shown("ramp?")).to.contain("ramp · function*");
    await kernel.run("/** A sample. */ interface Sample { mass: number }");
    expect(await shown("Sample?")).to.contain("interface Sample");
  });

  it("shows how a function is called whose type has a name", async () => {
    const [moved] = (await kernel.run("mv?")).published.filter(({ type }) => type === "display_data");
    expect(moved?.content.data["text/plain"].split("\n\n").slice(0, 3)).to.deep.equal([
      "mv · function",
      "mv(device: Movable<unknown>, position: unknown, options?: MoveOptions | undefined): Plan<StatusLike<unknown>[]> (+4 overloads)",
      "Moves one or several devices together and waits until all have arrived: `mv(motor, 3, other, 5)`.",
    ]);
    expect(moved?.content.data["text/html"]).to.match(/<code[^>]*>mv\(motor, 3, other, 5\)<\/code>/);
  });

  it("shows the help of magics, and names the nearest for what does not exist", async () => {
    for (const code of ["%connect?", "connect?", "?%connect", 'help("%connect")']) {
      expect((await kernel.run(code)).text(), code).to.match(/^%connect URI as NAME/);
    }
    const unknown = await kernel.run("help('spede')\nhelp('Math.mx')");
    expect(unknown.text("stderr")).to.equal(
      "there is no spede: did you mean speed?\nMath has no mx: did you mean max?\n",
    );
    expect((await kernel.run("help()")).text()).to.match(/^NAME\? or \?NAME or help\(NAME\)/);
    expect((await kernel.run("spead?")).error.evalue).to.equal("there is no spead: did you mean speed?");
    expect((await kernel.run("motor.sett?")).error.evalue).to.equal("motor has no sett: did you mean set?");
    expect((await kernel.run("%whoo")).error.evalue).to.equal("there is no magic %whoo: did you mean %who?");
    const listed = (await kernel.run("%lsmagic")).result["text/plain"];
    for (const usage of [
      "!COMMAND",
      "%%bash",
      "%%sh",
      "%who",
      "%timeit",
      "%%timeit",
      "%%time",
      "%reset NAME",
      "%cd",
      "%pwd",
      "%env",
      "NAME?",
    ]) {
      expect(listed).to.contain(usage);
    }
  });

  it("leaves conditional expressions over several lines alone", async () => {
    expect((await kernel.run("const a1 = rate > 1\n? rate\n: 0\na1")).result["text/plain"]).to.equal("5");
    expect((await kernel.run("rate\n?\n1 : 2")).result["text/plain"]).to.equal("1");
    expect(
      (await kernel.run("const help2 = (help: (x: number) => number) =>\n  help(3)\nhelp2((x) => x)")).result[
        "text/plain"
      ],
    ).to.equal("3");
  });

  it("answers completion, inspection and is_complete in such lines", async () => {
    const ask = async (type: string, code: string) =>
      (await kernel.request(type, { code, cursor_pos: code.length, detail_level: 0 })).content;
    expect((await ask("complete_request", "?mot")).matches).to.include("motor");
    expect((await ask("complete_request", "%reset sp")).matches).to.deep.equal(["speed"]);
    expect((await ask("complete_request", "%ti")).matches).to.include.members(["%time", "%timeit", "%%time"]);
    for (const code of ["motor?", "!ls -l", "?motor"]) {
      expect((await ask("is_complete_request", code)).status, code).to.equal("complete");
    }
  });
});

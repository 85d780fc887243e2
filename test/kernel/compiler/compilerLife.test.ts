/**
 * Tests of the compiler process of a real kernel: what its death costs, and that it never outlives the
 * kernel.
 */

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

/** The process ids of the compilers that a process has started, by /proc. */
function compilersOf(kernel: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1]);
        return parent === kernel && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("--lsp");
      } catch {
        return false;
      }
    });
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

describe("the compiler of a kernel", function () {
  this.timeout(60_000);
  let kernel: KernelClient;
  let pid: number;

  before(function () {
    if (process.platform !== "linux") this.skip();
  });
  beforeEach(async () => {
    kernel = await KernelClient.start();
    pid = Number((await kernel.run("const before = { text: 'alive' }; process.pid")).result["text/plain"]);
  });
  afterEach(() => kernel?.close());

  const compiler = (): number => {
    const [found, ...others] = compilersOf(pid);
    expect(others).to.deep.equal([]);
    return found as number;
  };

  it("may be killed in the middle of a cell: nothing is lost", async () => {
    const first = compiler();
    const running = kernel.execute(
      "await new Promise((r) => setTimeout(r, 500)); const during = [1, 2]; during.length",
    );
    await kernel.message((m) => m.parent === running.id && m.type === "execute_input");
    await sleep(200);
    process.kill(first, "SIGKILL");
    expect((await running.done).content.status).to.equal("ok");
    expect((await kernel.run("`${before.text} ${during.map((n) => n + 1)}`")).result["text/plain"]).to.equal(
      "'alive 2,3'",
    );
    expect((await kernel.run("during.x")).error.evalue).to.match(/Property 'x' does not exist on type 'number\[\]'/);
    expect(compiler()).to.not.equal(first);
  });

  it("may be killed before and while it checks: the cell waits and runs", async () => {
    // A compiler that dies more often within a minute is not started again.
    for (const delay of [0, 5, 20]) {
      while (compilersOf(pid).length !== 1) await sleep(20);
      const running = kernel.execute("before.text + 1");
      await sleep(delay);
      process.kill(compiler(), "SIGKILL");
      await running.done;
      expect((await kernel.run("before.text + 2")).result["text/plain"]).to.equal("'alive2'");
      expect(running.outputs().find(({ type }) => type === "execute_result")?.content.data["text/plain"]).to.equal(
        "'alive1'",
      );
    }
  });

  it("does not outlive a kernel that is killed", async () => {
    const child = compiler();
    process.kill(pid, "SIGKILL");
    const begun = Date.now();
    while (isAlive(child) && Date.now() - begun < 5000) await sleep(20);
    expect(isAlive(child)).to.equal(false);
  });

  it("reports code that is too deep once, and goes on", async () => {
    const child = compiler();
    for (const code of [
      `"1"${"+1".repeat(50_000)}`,
      `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
      `${"a.".repeat(50_000)}a`,
      `${"if (true) ".repeat(50_000)}1`,
      `const deep = ${"(() => ".repeat(20_000)}1${")".repeat(20_000)}`,
    ]) {
      const { error } = await kernel.run(code);
      expect(error.evalue.length).to.be.below(300);
      expect(error.evalue).to.match(/nested too deep/);
      expect((await kernel.request("complete_request", { code, cursor_pos: code.length })).content.status).to.equal(
        "ok",
      );
      expect((await kernel.request("inspect_request", { code, cursor_pos: 1 })).content.status).to.equal("ok");
      expect((await kernel.request("is_complete_request", { code })).content.status).to.be.a("string");
      expect((await kernel.run("before.text")).result["text/plain"]).to.equal("'alive'");
    }
    expect(compiler()).to.equal(child);
  });
});

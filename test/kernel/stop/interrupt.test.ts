import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { type Execution, KernelClient } from "../../support/kernelClient";
import { until } from "../../support/until";

describe("an interrupt", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run("const before = 'alive'; setInterval(() => undefined, 7);");
  });

  after(() => kernel.close());

  /** Starts a cell; resolves when it runs. */
  async function started(code: string): Promise<Execution> {
    const execution = kernel.execute(code);
    await kernel.message((m) => m.parent === execution.id && m.type === "execute_input");
    return execution;
  }

  /** Resolves when the code of the cell runs: an interrupt while it is checked ends it before. */
  async function running(code: string): Promise<Execution> {
    const execution = kernel.execute(`console.log("begun"); await new Promise((r) => setTimeout(r, 10));\n${code}`);
    await kernel.message((m) => m.parent === execution.id && m.type === "stream");
    await new Promise((resolve) => setTimeout(resolve, 300));
    return execution;
  }

  async function expectInterrupted(execution: Execution): Promise<void> {
    await kernel.interrupt();
    const { content } = await execution.done;
    expect(content).to.deep.include({ status: "error", ename: "KeyboardInterrupt" });
    const next = await kernel.run("await new Promise((r) => setTimeout(r, 5)); console.log('printed'); before");
    expect([next.text(), next.result?.["text/plain"]]).to.deep.equal(["printed\n", "'alive'"]);
  }

  const blocking: Readonly<Record<string, string>> = {
    "a loop": "while (true) {}",
    "a loop after an await": "await new Promise((r) => setTimeout(r, 20)); while (true) {}",
    "a loop of microtasks": "for (;;) await null;",
    "a loop that prints":
      "await null; for (;;) { console.log('again'); const t = Date.now(); while (Date.now() - t < 20); }",
    "a loop in a timer": "setTimeout(() => { for (;;); }, 20); await new Promise(() => undefined);",
    "a loop in an immediate":
      "setImmediate(() => undefined); setImmediate(() => { for (;;); }); await new Promise(() => undefined);",
    "a loop in a tick": "process.nextTick(() => { for (;;); }); await new Promise(() => undefined);",
    "a loop of a server's connection":
      "const s = require('node:net').createServer(() => { s.close(); for (;;); }).listen(0, () => require('node:net').connect(s.address().port).unref()); await new Promise(() => undefined);",
    "an endless wait": "await new Promise(() => undefined)",
    "a wait for input": "await input('?')",
  };

  for (const [what, code] of Object.entries(blocking)) {
    it(`ends ${what}, and the kernel continues`, async () => {
      for (let round = 0; round < 2; round++) await expectInterrupted(await started(code));
    });
  }

  it("puts no warnings of Node into the cell, not even the first time", async () => {
    const fresh = await KernelClient.start();
    try {
      await fresh.run("1");
      const cell = fresh.execute("for (;;);");
      await fresh.message((m) => m.parent === cell.id && m.type === "execute_input");
      await fresh.interrupt();
      await cell.done;
      const next = await fresh.run("await new Promise((r) => setTimeout(r, 5)); console.log('next')");
      expect([...cell.outputs(), ...next.published].filter(({ content }) => content.name === "stderr")).to.deep.equal(
        [],
      );
      expect(next.text()).to.equal("next\n");
    } finally {
      await fresh.close();
    }
  });

  it("keeps what a blocking cell declared before it", async () => {
    await expectInterrupted(await running("const reached = 1; for (;;); const unreached = 2;"));
    expect((await kernel.run("reached")).result?.["text/plain"]).to.equal("1");
    expect((await kernel.run("unreached")).error?.evalue).to.match(
      /Cannot find name 'unreached'\. In\[\d+\] would have/,
    );
  });

  it("aborts the cell's signal, and lets the code decide how the cell ends", async () => {
    const cell = await started(
      `const { promise, stop } = (() => {
         const signal: AbortSignal = (globalThis as any)[Symbol.for("secop-lab.host")].currentSignal();
         return { promise: new Promise<string>((r) => signal.addEventListener("abort", () => r("stopped cleanly"))), stop: signal };
       })();
       console.log("listening");
       await promise`,
    );
    await kernel.message((m) => m.parent === cell.id && m.type === "stream");
    await kernel.interrupt();
    expect((await cell.done).content.status).to.equal("ok");
    const result = cell.outputs().find(({ type }) => type === "execute_result");
    expect(result?.content.data["text/plain"]).to.equal("'stopped cleanly'");
  });

  it("that pauses a plan ends the cell at once, with a notice instead of an error, and waiting cells do not run", async () => {
    await kernel.run(`
      import { bps, createRunEngine, SimMotor } from "secop-lab";
      const RE = createRunEngine({ store: false, live: false });
      function* forEver() {
        console.log("moving");
        for (;;) { yield* bps.checkpoint(); yield* bps.sleep(0.02); }
      }`);
    const cell = await started("await RE(forEver())");
    await kernel.message((m) => m.parent === cell.id && m.type === "stream");
    const waiting = kernel.execute("'never'");
    await kernel.request("kernel_info_request", {});
    await kernel.interrupt();
    expect((await cell.done).content).to.deep.include({ status: "error", ename: "KeyboardInterrupt" });
    expect((await waiting.done).content.status).to.equal("aborted");
    const [pausing, paused, ...more] = cell.outputs().filter(({ type }) => /display_data|error/.test(type));
    expect([pausing?.type, paused?.type, more]).to.deep.equal(["display_data", "update_display_data", []]);
    expect(paused?.content.transient).to.deep.equal(pausing?.content.transient);
    expect(paused?.content.data["text/plain"]).to.match(/^Paused at .*, by Interrupt\./);
    expect((await kernel.run("await RE.abort(); RE.state")).result["text/plain"]).to.equal("'idle'");
    expect(cell.outputs().filter(({ content }) => content.name === "stderr")).to.deep.equal([]);
  });

  describe("of a plan whose next checkpoint is far away", () => {
    before(() =>
      kernel.run(`
        let arrived: () => void = () => undefined;
        comms().registerTarget("arrive", () => arrived());
        function* longWay() {
          console.log("moving");
          yield* bps.waitFor([() => new Promise<void>((resolve) => { arrived = resolve; })]);
          yield* bps.checkpoint();
          yield* bps.sleep(60);
        }`),
    );

    async function pausing(): Promise<Execution> {
      const cell = await started("await RE(longWay()); console.log('after')");
      await kernel.message((m) => m.parent === cell.id && m.type === "stream");
      await kernel.interrupt();
      const notice = await kernel.message((m) => m.parent === cell.id && m.type === "display_data");
      expect(notice.content.data["text/plain"]).to.match(/^Pausing at the next checkpoint\. +Interrupt once more/);
      return cell;
    }

    async function expectPaused(cell: Execution): Promise<void> {
      expect((await cell.done).content).to.deep.include({ status: "error", ename: "KeyboardInterrupt" });
      expect(cell.outputs().filter(({ type }) => type === "error")).to.deep.equal([]);
      const paused = await kernel.message((m) => m.parent === cell.id && m.type === "update_display_data");
      expect(paused.content.data["text/plain"]).to.match(/^Paused at .*RE\.resume\(\)/s);
      expect(
        (await kernel.run("const stateThen = RE.state; await RE.abort(); stateThen")).result["text/plain"],
      ).to.equal("'paused'");
    }

    it("leaves the cell running until the checkpoint, and ends it without an error", async () => {
      const cell = await pausing();
      // This is longer than a cell without a plan may take to end.
      await Promise.race([cell.done, new Promise((resolve) => setTimeout(resolve, 1500))]);
      expect(cell.outputs().some(({ content }) => content.execution_state === "idle")).to.equal(false);
      kernel.send("shell", "comm_open", { comm_id: "go", target_name: "arrive", data: {} });
      await expectPaused(cell);
    });

    it("pauses at once if it is repeated", async () => {
      const cell = await pausing();
      await kernel.interrupt();
      await expectPaused(cell);
    });
  });

  it("of a cell that waits for a paused plan ends it without an error", async () => {
    await kernel.run("const paused = RE(forEver()); paused.pause(); 0");
    const cell = await running("await paused");
    await kernel.interrupt();
    expect((await cell.done).content.ename).to.equal("KeyboardInterrupt");
    expect(cell.outputs().filter(({ type }) => type === "error")).to.deep.equal([]);
    expect((await kernel.run("await RE.abort(); RE.state")).result["text/plain"]).to.equal("'idle'");
  });

  describe("that pauses a plan", () => {
    before(() =>
      kernel.run(`
        import { bps, createRunEngine, SimDetector } from "secop-lab";
        const RE = createRunEngine({ store: false, live: false });
        const counter = new SimDetector("counter");
        function* points(end = 3) {
          yield* bps.openRun();
          yield* bps.checkpoint();
          yield* bps.triggerAndRead([counter]);
          console.log("measured");
          for (let i = 0; i < 20; i += 1) { yield* bps.sleep(0.02); yield* bps.checkpoint(); }
          if (end > 3) throw new Error("the shutter is closed");
          if (end === 0) yield* bps.sleep(60);
          yield* bps.triggerAndRead([counter]);
          yield* bps.closeRun();
          return "all points";
        }`),
    );

    async function interrupted(code: string): Promise<Execution> {
      const cell = await started(code);
      await kernel.message((m) => m.parent === cell.id && m.type === "stream");
      await kernel.interrupt();
      await cell.done;
      return cell;
    }

    const resumes = "await RE.resume();";

    it("lets the names of its cell bind when the plan is resumed from another one", async () => {
      await kernel.run("const run = 'the run before';");
      await interrupted("const run = await RE(points()); const rows = run.table().length;");
      for (const name of ["run", "rows", "run.table()"])
        expect((await kernel.run(name)).error?.evalue).to.match(
          /^(run|rows) is there when the plan ends: it is paused, RE\.resume\(\)$/,
        );
      const { result, error } = await kernel.run(`${resumes} [run.planResult, rows, run.exitStatus].join()`);
      expect(error).to.equal(undefined);
      expect(result["text/plain"]).to.equal("'all points,2,success'");
      expect((await kernel.run("run.table().length")).result["text/plain"]).to.equal("2");
    });

    it("leaves a name alone that another cell has declared meanwhile", async () => {
      await interrupted("const both = await RE(points());");
      await kernel.run("const both = 'newer'");
      await kernel.run(resumes);
      expect((await kernel.run("both")).result["text/plain"]).to.equal("'newer'");
    });

    it("gives the result of a plan that is ended instead of resumed", async () => {
      await interrupted("const ended = await RE(points(0));");
      expect((await kernel.run("await RE.abort('enough'); ended.exitStatus")).result["text/plain"]).to.equal("'abort'");
    });

    it("shows the error of a cell that fails after the plan was resumed, and its names are lost", async () => {
      const cell = await interrupted("const failing = await RE(points(4));");
      expect((await kernel.run(resumes)).error?.evalue).to.equal("the shutter is closed");
      const late = await kernel.message((m) => m.parent === cell.id && m.type === "error");
      expect(late.content.evalue).to.equal("the shutter is closed");
      expect((await kernel.run("failing")).error?.evalue).to.match(/Cannot find name 'failing'\. In\[\d+\] would have/);
      expect((await kernel.run("RE.table().length")).result["text/plain"]).to.equal("1");
    });

    it("names the engine and the run as the notebook does in the lines to type", async () => {
      await kernel.run("const engine = createRunEngine({ store: false, live: false });");
      const cell = await interrupted("const first = await engine(points());");
      const paused = await kernel.message((m) => m.parent === cell.id && m.type === "update_display_data");
      expect(paused.content.data["text/plain"]).to.contain("engine.resume()").and.not.to.contain("RE.");
      expect((await kernel.run("await engine.resume()")).result["text/plain"]).to.match(/\nfirst\.table\(\)$/);
      expect((await kernel.run("await engine(points())")).result["text/plain"]).to.match(/\nengine\.table\(\)$/);
      expect((await kernel.run("engine.table().length")).result["text/plain"]).to.equal("2");
    });
  });

  it("pauses a plan that the interrupted cell starts afterwards", async () => {
    const cell = await started(
      `console.log("waiting");
       const signal: AbortSignal = (globalThis as any)[Symbol.for("secop-lab.host")].currentSignal();
       await new Promise((pressed) => signal.addEventListener("abort", pressed));
       await RE(forEver());`,
    );
    await kernel.message((m) => m.parent === cell.id && m.type === "stream");
    await kernel.interrupt();
    await cell.done;
    expect((await kernel.run("RE.state")).result["text/plain"]).to.equal("'paused'");
    await kernel.run("await RE.abort()");
  });

  it("marks what the interrupted cell prints later", async () => {
    const cell = await started(
      "console.log('now'); await new Promise((r) => setTimeout(r, 1500)); console.log('later')",
    );
    await kernel.message((m) => m.parent === cell.id && m.type === "stream");
    await expectInterrupted(cell);
    await kernel.message((m) => m.parent === cell.id && m.content.text === "later\n");
    const texts = cell.outputs().map(({ content }) => content.text ?? "");
    expect(texts.join("")).to.match(/^now\n\nIn\[\d+\] was interrupted, but its code continues:\nlater\n$/);
  });

  it("while a module is loaded lets the next import load it anew, as a half of it would be of no use", async () => {
    const inFolder = (name: string): string => join(kernel.folder, name);
    const [file, begun, marker] = [inFolder("slow.cjs"), inFolder("begun"), inFolder("fast")];
    writeFileSync(
      file,
      `const fs = require("node:fs");
       exports.first = 1;
       fs.writeFileSync(${JSON.stringify(begun)}, "");
       while (!fs.existsSync(${JSON.stringify(marker)}));
       exports.second = 2;`,
    );
    const cell = await started(`require(${JSON.stringify(file)})`);
    await until(() => existsSync(begun));
    await expectInterrupted(cell);
    writeFileSync(marker, "");
    const { result } = await kernel.run(`Object.keys(require(${JSON.stringify(file)})).join()`);
    expect(result["text/plain"]).to.equal("'first,second'");
  });

  for (const [kind, ending, first] of [
    ["a source of the workspace", ".ts", ""],
    ["a source that has awaited something", ".ts", "await null;"],
    ["an ES module", ".mjs", ""],
  ] as const) {
    it(`while ${kind} is imported lets the next import of the unchanged file load it anew`, async () => {
      const inFolder = (name: string): string => join(kernel.folder, name);
      const name = `slow${kind.length}`;
      const [begun, marker] = [inFolder(`${name}-begun`), inFolder(`${name}-fast`)];
      writeFileSync(
        inFolder(`${name}${ending}`),
        `import fs from "node:fs";
         ${first}
         fs.writeFileSync(${JSON.stringify(begun)}, "");
         while (!fs.existsSync(${JSON.stringify(marker)}));
         export const reached = "its end";`,
      );
      const module = `./${name}${ending === ".ts" ? "" : ending}`;
      const cell = await started(`import { reached } from "${module}"; reached`);
      await until(() => existsSync(begun));
      await expectInterrupted(cell);
      writeFileSync(marker, "");
      const { result } = await kernel.run(`import { reached as now } from "${module}"; now`);
      expect(result["text/plain"]).to.equal("'its end'");
    });
  }

  it("aborts the cells that wait", async () => {
    const first = await started("await new Promise(() => undefined)");
    const second = kernel.execute("'never'");
    await kernel.request("kernel_info_request", {});
    await kernel.interrupt();
    expect((await first.done).content.status).to.equal("error");
    expect((await second.done).content.status).to.equal("aborted");
  });

  it("may be a signal, even after a loop was stopped", async () => {
    await expectInterrupted(await started("for (;;);"));
    const cell = await started("console.log('waiting'); await new Promise(() => undefined)");
    await kernel.message((m) => m.parent === cell.id && m.type === "stream");
    kernel.signal(2);
    expect((await cell.done).content.ename).to.equal("KeyboardInterrupt");
    expect((await kernel.run("before")).result["text/plain"]).to.equal("'alive'");
  });

  it("with nothing to interrupt is answered and changes nothing", async () => {
    expect((await kernel.interrupt()).content).to.deep.equal({ status: "ok" });
    expect((await kernel.run("before")).result["text/plain"]).to.equal("'alive'");
  });

  it("does not stop code that runs after it", async () => {
    const cell = await started("await new Promise(() => undefined)");
    await expectInterrupted(cell);
    const busy = await kernel.run("{ const t = Date.now(); while (Date.now() - t < 800); } 'not stopped'");
    expect(busy.result["text/plain"]).to.equal("'not stopped'");
  });
});

describe("an interrupt of a cell that waits for a child process", function () {
  this.timeout(60_000);

  it("ends the child with its own children, and the cell, but no other child", async () => {
    const kernel = await KernelClient.start();
    try {
      await kernel.run(
        'import cp from "node:child_process"; const other = cp.spawn("sleep", ["30"]); await new Promise((r) => other.once("spawn", r));',
      );
      for (const call of ['cp.spawnSync("sleep", ["30"])', 'cp.execSync("sleep 30; echo never")']) {
        const running = kernel.execute(`console.log("begins"); await new Promise((r) => setTimeout(r, 50)); ${call};`);
        await kernel.message((m) => m.parent === running.id && m.type === "stream");
        await pause(300);
        await kernel.interrupt();
        expect((await running.done).content).to.deep.include({ status: "error", ename: "KeyboardInterrupt" });
      }
      expect((await kernel.run("[other.exitCode, other.signalCode]")).result["text/plain"]).to.equal("[ null, null ]");
      await kernel.run("other.kill()");
    } finally {
      await kernel.close();
    }
  });

  it("ends a child that ignores SIGINT, too", async () => {
    const kernel = await KernelClient.start();
    try {
      await kernel.run('import cp from "node:child_process";');
      const running = kernel.execute(
        `console.log("begins"); await new Promise((r) => setTimeout(r, 50)); cp.spawnSync("sh", ["-c", "trap '' INT TERM; while :; do sleep 1; done"]);`,
      );
      await kernel.message((m) => m.parent === running.id && m.type === "stream");
      await pause(300);
      await kernel.interrupt();
      expect((await running.done).content).to.deep.include({ status: "error", ename: "KeyboardInterrupt" });
    } finally {
      await kernel.close();
    }
  });
});

describe("SIGTERM and SIGHUP", function () {
  this.timeout(60_000);

  for (const [name, number] of [
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const) {
    for (const code of ["", "setTimeout(() => { for (;;); }, 100);"]) {
      it(`${name} stops what a shutdown request stops${code && ", also while code blocks"}`, async () => {
        const kernel = await KernelClient.start();
        try {
          await kernel.run(
            `import fs from "node:fs"; const host = (globalThis as any)[Symbol.for("secop-lab.host")];
             host.onShutdown(() => fs.writeFileSync("closed.txt", "yes")); ${code}`,
          );
          await pause(300);
          kernel.signal(number);
          while (!kernel.ended) await pause(20);
          expect(kernel.ended.code).to.equal(0);
          expect(readFileSync(join(kernel.folder, "closed.txt"), "utf8")).to.equal("yes");
        } finally {
          await kernel.close();
        }
      });
    }
  }
});

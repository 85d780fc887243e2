import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { type Execution, KernelClient } from "../../support/kernelClient";

describe("an interrupt of a plan whose code blocks", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    const { error } = await kernel.run(`
      import { writeFileSync } from "node:fs";
      import { bps, count, createRunEngine, SimDetector, SimMotor } from "secop-lab";
      const RE = createRunEngine({ store: false });
      const det = new SimDetector("det");
      const motor = new SimMotor("motor", { velocity: 0.001 });
      const block = (): void => { writeFileSync("blocks", ""); for (;;); };`);
    expect(error).to.equal(undefined);
  });

  after(() => kernel.close());

  /**
   * Resolves when the kernel's main thread is in the loop, which creates a file, since no message could be
   * sent.
   */
  async function blocked(): Promise<void> {
    const file = join(kernel.folder, "blocks");
    while (!existsSync(file)) await setTimeout(10);
    rmSync(file);
  }

  async function interrupted(code: string): Promise<Execution> {
    const cell = kernel.execute(code);
    await blocked();
    await kernel.interrupt();
    expect((await cell.done).content).to.deep.include({ status: "error", ename: "KeyboardInterrupt" });
    return cell;
  }

  async function expectReady(): Promise<void> {
    await kernel.run("await new Promise<void>((idle) => RE.state$.subscribe((state) => state === 'idle' && idle()))");
    const { result } = await kernel.run("(await RE(count([det], 2))).exitStatus");
    expect(result?.["text/plain"]).to.equal("'success'");
  }

  const shown = (cell: Execution): string =>
    cell
      .outputs()
      .map(({ content }) => content.data?.["text/plain"] ?? content.text ?? "")
      .join("\n");

  const plans: Readonly<Record<string, string>> = {
    "between messages": "function* () { yield* bps.openRun(); block(); }",
    "after a wait": "function* () { yield* bps.openRun(); yield* bps.sleep(0.01); block(); }",
    "as it cleans up":
      "function* () { try { yield* bps.openRun(); yield* bps.rd(null as any); } finally { block(); } }",
  };

  for (const [where, plan] of Object.entries(plans)) {
    it(`${where} ends the plan with one notice, aborts its run, and leaves the engine ready`, async () => {
      const cell = await interrupted(`await RE((${plan})()); console.log("went on");`);
      await expectReady();
      expect(shown(cell)).to.match(/Stopped by force: the plan's code blocked the notebook/);
      expect(shown(cell)).to.match(
        /aborted · #\d+ · .* · the plan's code blocked the process and was stopped by force/,
      );
      expect(shown(cell)).to.not.match(/went on|but its code continues/);
      expect(cell.outputs().filter(({ type }) => type === "error")).to.deep.equal([]);
    });
  }

  it("stops devices that still move, and rejects the handle of the plan", async () => {
    const code =
      "const handle = RE((function* () { yield* bps.absSet(motor, 5); yield* bps.sleep(0.01); block(); })());";
    await interrupted(`${code} await handle;`);
    await expectReady();
    const { result, error } = await kernel.run(
      `const { readback } = await motor.locate();
       await new Promise((r) => setTimeout(r, 20));
       [(await motor.locate()).readback === readback, await handle.then(() => "went on", (e: any) => e.name)]`,
    );
    expect(result?.["text/plain"], error?.evalue).to.equal("[ true, 'PlanStoppedByForce' ]");
  });

  for (const name of ["event", "stop"]) {
    it(`in a consumer of its ${name} documents ends the plan`, async () => {
      await kernel.run(
        `{ let blocks = 1; RE.subscribe((name) => { if (name === "${name}" && blocks-- > 0) block(); }); }`,
      );
      await interrupted("await RE(count([det], 2))");
      await expectReady();
    });
  }

  it("also ends a plan that another cell started", async () => {
    await kernel.run("const own = RE((function* () { yield* bps.sleep(0.3); block(); })());");
    const cell = kernel.execute("await new Promise(() => undefined)");
    await blocked();
    await kernel.interrupt();
    await cell.done;
    await expectReady();
  });

  it("leaves the plan alone if other code blocked", async () => {
    const cell = kernel.execute(
      "setTimeout(block, 50); await RE((function* () { for (;;) { yield* bps.checkpoint(); yield* bps.sleep(0.02); } })());",
    );
    await blocked();
    await kernel.interrupt();
    await cell.done;
    const { result } = await kernel.run(
      "await new Promise<void>((p) => RE.state$.subscribe((s) => s === 'paused' && p())); const then = RE.state; await RE.abort(); then",
    );
    expect(result["text/plain"]).to.equal("'paused'");
    await expectReady();
  });
});

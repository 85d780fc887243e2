/** Moves without a plan in cells: their progress, their interrupt, and failures that nobody awaited. */

import { expect } from "chai";
import { type Execution, KernelClient } from "../../support/kernelClient";

describe("a move that a cell makes without a plan", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    const { error } = await kernel.run(`
      import { createRunEngine, initDevices, scan, SecopNodeDevice, SimDetector, SimMotor, startSimNode } from "secop-lab";
      const RE = createRunEngine({ live: false, store: false });
      const motor = new SimMotor("motor", { velocity: 1, acceleration: 0, limits: [0, 100] });
      const quick = new SimMotor("quick");
      const sim = await startSimNode({ modules: ["cryo", "heater", "sensor"] });
      const { lab } = await initDevices({ lab: new SecopNodeDevice(sim.uri) });
      const { cryo } = lab;`);
    expect(error).to.equal(undefined);
  });

  after(() => kernel.close());

  const shown = (cell: Execution): string =>
    cell
      .outputs()
      .map(({ content }) => content.data?.["text/plain"] ?? content.text ?? "")
      .join("\n");

  /** Interrupts the code as soon as it shows a device's line of progress with its way. */
  async function interrupted(
    code: string,
    device: string,
  ): Promise<{ readonly evalue: string; readonly text: string; readonly cell: Execution }> {
    const cell = kernel.execute(code);
    const line = new RegExp(`${device} +\\[.*→`);
    await kernel.message(({ parent, content }) => parent === cell.id && line.test(content.data?.["text/plain"] ?? ""));
    await kernel.interrupt();
    const { content } = await cell.done;
    expect(content).to.deep.include({ status: "error", ename: "KeyboardInterrupt" });
    return { evalue: String(content.evalue), text: shown(cell), cell };
  }

  it("shows its progress, and an interrupt says that it goes on and what ends it", async () => {
    const { evalue, text } = await interrupted("await cryo.set(80); console.log('later');", "cryo");
    expect(evalue).to.match(/^In\[\d+\] was interrupted: cryo goes on to 80(\.0*)? K; cryo\.stop\(\) ends it$/);
    expect(text).to.match(/cryo +\[[#-]+\].*→ 80.*K/);
    const { result } = await kernel.run("await cryo.stop(); (await lab.cryo.locate()).setpoint < 80");
    expect(result?.["text/plain"]).to.equal("true");
    const moving = await interrupted("await Promise.all([motor.set(50), quick.set(2)])", "motor");
    expect(moving.evalue).to.match(/: motor goes on to 50(\.0*)? mm; motor\.stop\(\) ends it$/);
    expect(moving.text).to.not.contain("later");
    await kernel.run("await new Promise((resolve) => setTimeout(resolve, 500))");
    expect(shown(moving.cell)).to.not.contain("continues");
    await kernel.run("motor.stop()");
  });

  it("is left to the plan while a plan runs", async () => {
    const cell = kernel.execute(`
      const left = RE(scan([], motor, 0, 50, 2));
      await new Promise((resolve) => motor.readback.subscribe((readings) => { if (Object.values(readings)[0].value > 0) resolve(undefined); }));
      console.log("under way");
      await left;
      console.log("whole");`);
    await kernel.message(({ parent, content }) => parent === cell.id && String(content.text).includes("under way"));
    await kernel.interrupt();
    await cell.done;
    const { result } = await kernel.run("RE.state");
    expect(result?.["text/plain"]).to.equal("'paused'");
    await kernel.run("await RE.abort()");
  });

  it("is reported in its cell if it fails and nobody awaits it", async () => {
    const failing = "cryo.set(-5); await RE(scan([new SimDetector('det')], quick, 0, 1, 2)); 'done'";
    const cell = kernel.execute(failing);
    expect((await cell.done).content).to.include({ status: "ok" });
    expect(shown(cell)).to.contain("an action that nobody awaited has failed: cannot set cryo:target to -5 K");
    const plain = kernel.execute("motor.set(500); 1");
    await plain.done;
    expect(shown(plain)).to.contain("nobody awaited has failed: cannot set motor to 500 mm");
  });

  it("stays quiet if somebody awaits it, watches it, shows it or stops it", async () => {
    for (const code of [
      "const s = motor.set(500); await quick.set(1); await s.catch(() => {}); 1",
      "const t = motor.set(500); t.addCallback(() => {}); 1",
      "const u = motor.set(500); await quick.set(1); u.exception() !== null",
      "motor.set(50); await new Promise((r) => setTimeout(r, 20)); motor.stop(); 1",
    ]) {
      const cell = kernel.execute(code);
      await cell.done;
      expect(shown(cell), code).to.not.contain("nobody awaited");
    }
    const last = kernel.execute("motor.set(500)");
    await last.done;
    expect(shown(last)).to.contain("failed").and.not.contain("nobody awaited");
  });
});

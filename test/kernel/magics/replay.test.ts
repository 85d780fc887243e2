/** Tests of `%replay` in a kernel: cells get what was recorded, also after an interrupt. */

import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { startSimNode } from "../../../lib/sim";
import { repository } from "../../peers/peers";
import { KernelClient } from "../../support/kernelClient";

describe("%replay", function () {
  this.timeout(90_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    cpSync(join(repository, "notebooks/06-again.rec"), join(kernel.folder, "again.rec"));
  });
  after(() => kernel.close());

  const run = async (code: string) => {
    const done = await kernel.run(code);
    expect(done.reply.status, JSON.stringify(done.error)).to.equal("ok");
    return done;
  };

  it("repeats a recording that began in the cell that connects", async () => {
    const sim = await startSimNode({ speed: 40 });
    const recorder = await KernelClient.start();
    const cells = [
      `%record inside.rec\n%connect ${sim.uri} as lab`,
      "const RE = createRunEngine({ live: false, store: false });",
      "const run = await RE(scan([lab.cryo], lab.cryo, 6, 8, 3)); run.table().numbers('lab-cryo-target').join()",
      "%record off",
    ];
    try {
      for (const cell of cells) {
        const done = await recorder.run(cell);
        expect(done.reply.status, JSON.stringify(done.error)).to.equal("ok");
      }
      // Only the code of cells makes a mark, and not what the kernel runs by itself in idle time.
      const recorded = readFileSync(join(recorder.folder, "inside.rec"), "utf8");
      expect(recorded.match(/ reached code$/gm)?.length).to.equal(3);
      cpSync(join(recorder.folder, "inside.rec"), join(kernel.folder, "inside.rec"));
    } finally {
      await recorder.close();
      await sim.close();
    }
    await run("%replay inside.rec");
    const replayed = [];
    for (const cell of cells) replayed.push(await run(cell));
    expect(replayed[2]?.result["text/plain"]).to.equal("'6,7,8'");
    expect((await run("%replay")).text()).to.match(/ 0 reads from the state, 0 refused/);
    await run("%replay off");
  });

  it("interrupts a scan where the user interrupted it, which pauses it, and goes on where the notebook does", async () => {
    const sim = await startSimNode({ speed: 40 });
    const recorder = await KernelClient.start();
    const cells = [
      `%record stopped.rec\n%connect ${sim.uri} as lab`,
      "const RE = createRunEngine({ live: false, store: false }); const names: string[] = [];",
      'RE.subscribe((name) => { names.push(name); if (name === "event") console.log("measured"); });',
      "await RE(scan([lab.sensor], lab.cryo, 10, 30, 3));",
      "void (await RE.resume());",
      "[names.join(), await lab.cryo.value.getValue()].join()",
    ];
    const results = async (kernel: KernelClient, interrupt?: () => Promise<unknown>) => {
      const found = [];
      for (const cell of cells) {
        const running = kernel.run(cell);
        if (cell === cells[3]) await interrupt?.();
        const { reply, result, error } = await running;
        found.push([reply.status, result?.["text/plain"], error?.ename]);
      }
      return found;
    };
    let original: Awaited<ReturnType<typeof results>>;
    try {
      original = await results(recorder, async () => {
        await recorder.message(({ type, content }) => type === "stream" && content.text === "measured\n");
        await recorder.interrupt();
      });
      await recorder.run("%record off");
      cpSync(join(recorder.folder, "stopped.rec"), join(kernel.folder, "stopped.rec"));
    } finally {
      await recorder.close();
      await sim.close();
    }
    await run("%replay stopped.rec");
    const replayed = await results(kernel);
    expect(replayed).to.deep.equal(original);
    expect(original.map(([status]) => status)).to.deep.equal(["ok", "ok", "ok", "error", "ok", "ok"]);
    expect(original.at(-1)?.[1]).to.match(/^'start,descriptor,event,event,event,stop,[\d.]+'$/);
    expect((await run("%replay")).text()).to.match(/ 0 reads from the state, 0 refused/);
    await run("%replay off");
  });

  it("goes on after a cell was interrupted that waits for what was not recorded", async () => {
    const begun = await run("%replay again.rec --simulate\n%connect localhost:10767 as lab");
    expect(begun.text()).to.match(/^replaying again\.rec, recorded .*\nlab: 8 modules at localhost:10767\n$/);
    await run("const RE = createRunEngine({ live: false, store: false });");
    const waiting = kernel.run('console.log("waits"); await new Promise(() => {})');
    await kernel.message((message) => message.type === "stream" && message.content.text === "waits\n");
    await kernel.interrupt();
    expect((await waiting).reply.status).to.equal("error");
    const scanned = await run(
      "const run = await RE(scan([lab.cryo], lab.cryo, 6, 8, 3)); run.table().numbers('lab-cryo-target').join()",
    );
    expect(scanned.result["text/plain"]).to.equal("'6,7,8'");
    const now = await run("%replay");
    expect(now.text()).to.match(/^replayed again\.rec: \d+ requests as recorded, 0 reads from the state, 0 refused/);
  });
});

/** Tests of `%replay` in a kernel: cells get what was recorded, also after an interrupt. */

import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
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

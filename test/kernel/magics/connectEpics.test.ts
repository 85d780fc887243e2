/** Tests of `%connect` with the prefix of EPICS PVs, in a kernel, against an IOC of softioc. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Ioc, startIoc } from "../../peers/epics";
import { KernelClient } from "../../support/kernelClient";

const DB = `
record(ao, "$(P)X") { field(DESC, "\`;process.exit()//") field(EGU, "mm") field(DRVL, "-10") field(DRVH, "10") }
record(ai, "$(P)T") { field(EGU, "K") }
record(mbbo, "$(P)MODE") { field(ZRST, "idle") field(ONST, "slow") field(TWST, "fast") }
`;

describe("%connect with the PVs of an IOC", function () {
  this.timeout(60_000);
  let kernel: KernelClient;
  let ioc: Ioc;
  before(async () => {
    ioc = await startIoc("records", { qsrv: true });
    kernel = await KernelClient.start();
    writeFileSync(join(kernel.folder, "lab.db"), DB);
  });
  after(async () => {
    await kernel.close();
    await ioc.stop();
  });

  for (const protocol of ["ca", "pva"])
    it(`declares a device with typed members from a database, over ${protocol}`, async () => {
      const connected = await kernel.run(`%connect ${protocol}://LAB: as bl --db lab.db`);
      expect(connected.reply.status, JSON.stringify(connected.error)).to.equal("ok");
      expect(connected.text()).to.equal(`bl: 3 PVs at ${protocol}://LAB:\n`);
      expect(readFileSync(join(kernel.folder, "devices/bl.ts"), "utf8")).to.contain("class BlNode extends EpicsDevice");
      const { content } = await kernel.request("complete_request", { code: "bl.MO", cursor_pos: 5 });
      expect(content.matches).to.include("MODE");
      const wrong = await kernel.run("await bl.MODE.set('never')");
      expect(wrong.error.ename).to.equal("TypeScriptError");
      const set = await kernel.run(
        "await bl.MODE.set('fast'); const mode: 'idle' | 'slow' | 'fast' = await bl.MODE.getValue(); mode",
      );
      expect(set.result["text/plain"]).to.equal("'fast'");
      const hinted = await kernel.run("bl.T.name + bl.T.units + bl.hints.fields");
      expect(hinted.result["text/plain"]).to.equal("'bl-TKbl-T'");
    });

  it("says what is missing", async () => {
    const noDatabase = await kernel.run("%connect ca://LAB: as bl");
    expect(noDatabase.error.evalue).to.equal(
      "the members of ca://LAB: are those of its database: name its file, for instance  %connect ca://LAB: as bl --db records.db",
    );
    const notEpics = await kernel.run("%connect localhost:1 as node --db lab.db");
    expect(notEpics.error.evalue).to.contain("--db is for EPICS, and localhost:1 is not");
  });
});

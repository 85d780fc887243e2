/** Tests of `%connect` with the address of a Tango device, in a kernel, against a PyTango server. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { startTangoFaults, type TangoServer } from "../../peers/tango";
import { KernelClient } from "../../support/kernelClient";

describe("%connect with a Tango device", function () {
  this.timeout(60_000);
  let kernel: KernelClient;
  let server: TangoServer;
  before(async () => {
    [kernel, server] = await Promise.all([KernelClient.start(), startTangoFaults()]);
  });
  after(async () => {
    await kernel.close();
    await server.stop();
  });

  it("declares the device with typed attributes and commands from a class file", async () => {
    const trl = server.trl("lab/slow/1");
    const connected = await kernel.run(`%connect ${trl} as psu`);
    expect(connected.reply.status, JSON.stringify(connected.error)).to.equal("ok");
    expect(connected.text()).to.equal(`psu: 9 attributes, 3 commands at ${trl}\n`);
    const text = readFileSync(join(kernel.folder, "devices/psu.ts"), "utf8");
    expect(text).to.contain("export class PsuNode extends TangoDevice");
    expect(text).to.contain('readonly mode = tangoSignalRw(["kleiner", "größer"], this.member("mode"));');
    expect(text).to.contain('new TangoCommand<number, undefined>(this.member("Sleep"), { argument: Number })');
    const { content } = await kernel.request("complete_request", { code: "psu.wa", cursor_pos: 6 });
    expect(content.matches).to.include("warmth");
    const wrong = await kernel.run("await psu.mode.set('warm')");
    expect(wrong.error.ename).to.equal("TypeScriptError");
    const set = await kernel.run(
      "await psu.mode.set('größer'); const mode: 'kleiner' | 'größer' = await psu.mode.getValue(); mode",
    );
    expect(set.result["text/plain"]).to.equal("'größer'");
    const executed = await kernel.run("await psu.Sleep.execute(0); psu.warmth.name + psu.warmth.units");
    expect(executed.result["text/plain"]).to.equal("'psu-warmth°C'");
    const hinted = await kernel.run("psu.hints.fields");
    expect(hinted.result["text/plain"]).to.contain("psu-warmth");
    const again = await kernel.run(`%connect ${trl} as psu --no-class`);
    expect(again.reply.status).to.equal("ok");
    expect((await kernel.run("(psu as any).Stop.place")).result["text/plain"]).to.equal("'lab/slow/1/Stop'");
  });

  it("writes class files by %%classes, and imports the classes", async () => {
    const trl = server.trl("lab/events/1");
    const written = await kernel.run(`%%classes\n${trl}   # a device with events`);
    expect(written.reply.status, JSON.stringify(written.error)).to.equal("ok");
    expect(written.text()).to.match(/^\S+Node in \.\/devices\/\S+\.ts\n$/);
    const [className = "", file = ""] = written.text().trim().split(" in ");
    expect(readFileSync(join(kernel.folder, file), "utf8")).to.contain("readonly changed = tangoSignalRw(Number");
    const used = await kernel.run(
      `import { initDevices } from "secop-lab"; const { ev } = await initDevices({ ev: new ${className}() }); await ev.kept.set(2); await ev.kept.getValue()`,
    );
    expect(used.result["text/plain"], JSON.stringify(used.error)).to.equal("2");
  });
});

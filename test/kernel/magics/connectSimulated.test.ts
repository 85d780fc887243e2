/** Tests of `--simulate`: notebooks of real nodes run in a kernel without them. */

import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { generateClasses } from "../../../lib/codegen/generateClasses";
import { writeNodeLock } from "../../../lib/rerun/lock/index";
import { parseDescription } from "../../../lib/secop/description/parseDescription";
import { realDescription } from "../../descriptions/descriptions";
import { repository } from "../../peers/peers";
import { KernelClient } from "../../support/kernelClient";

describe("%connect --simulate", function () {
  this.timeout(90_000);
  let kernel: KernelClient;
  const run = async (code: string) => {
    const done = await kernel.run(code);
    expect(done.reply.status, JSON.stringify(done.error)).to.equal("ok");
    return done;
  };

  before(async () => {
    kernel = await KernelClient.start();
    const cryo = parseDescription(realDescription("cryo"));
    await generateClasses(cryo, { dir: join(kernel.folder, "devices"), file: "cold.ts" });
    cpSync(join(repository, "notebooks/06-again.rec"), join(kernel.folder, "notebook.rec"));
  });
  after(() => kernel.close());

  it("makes the twin of a class file, typed as the node is, and moves it", async () => {
    const connected = await run("%connect devices/cold.ts --simulate as cold");
    expect(connected.text()).to.equal("cold is simulated of cold.ts\ncold: 1 module at cold.simulated:10767\n");
    const moved = await run("await cold.cryo.set(12); const kelvin: number = await cold.cryo.value.getValue(); kelvin");
    expect(moved.result["text/plain"]).to.equal("12");
    const refused = await kernel.run("await cold.cryo.set(-1)");
    expect(refused.error.evalue).to.match(/cannot set cryo:target to -1 K: the node allows/);
  });

  it("makes the twin of the recording beside the notebook at the address of the node", async () => {
    const connected = await run("%%devices\nlab = localhost:10767 --simulate");
    expect(connected.text()).to.equal("lab is simulated like notebook.rec\nlab: 8 modules at localhost:10767\n");
    expect(existsSync(join(kernel.folder, "devices/lab.ts"))).to.equal(true);
    const read = await run(
      "const target: number = await lab.cryo.target.getValue(); [target, (await lab.magnet.status.getValue())[0]]",
    );
    expect(read.result["text/plain"]).to.equal("[ 10, 'IDLE' ]");
    const rate = await run(
      `const from = Date.now(); await lab.cryo.ramp.set(2); await lab.cryo.set(6); (Date.now() - from) / 1000`,
    );
    // The simulated node ran 40 times faster than real time: 2 K at 2 K/min took 1.5 s.
    expect(Number(rate.result["text/plain"])).to.be.within(1, 5);
  });

  it("makes the twin of the lock beside the notebook, which alone is enough", async () => {
    const uri = "instrument.lab:10767";
    const description = parseDescription(realDescription("cryo"));
    writeNodeLock(join(kernel.folder, "notebook.lock/far.json"), { uri, description });
    await run('process.env.JPY_SESSION_NAME = process.cwd() + "/notebook.ipynb"');
    const connected = await run(`%connect ${uri} --simulate --no-class as far`);
    expect(connected.text()).to.equal(`far is simulated of its description\nfar: 1 module at ${uri}\n`);
    expect((await run("await far.cryo.set(7); await far.cryo.value.getValue()")).result["text/plain"]).to.equal("7");
    const other = await kernel.run(`%connect ${uri.replace("lab", "other")} --simulate --no-class as unlocked`);
    expect(other.error.evalue).to.contain("no class file or lock says what it is");
  });

  it("marks runs, and records nothing", async () => {
    await run(
      "let first: any; const RE = createRunEngine({ live: false, store: false }); RE.subscribe((name, doc) => { if (name === 'start') first = doc; });",
    );
    await run("await RE(count([lab.cryo], 1))");
    const mark = await run("first.provenance.sec_nodes.lab.simulated + ', ' + first.provenance.sec_nodes.lab.uri");
    expect(mark.result["text/plain"]).to.equal("'like notebook.rec, localhost:10767'");
    expect((await run("%record")).text()).to.equal("nodes are simulated: nothing is recorded\n");
  });

  it("says what is missing for a twin, and what has none", async () => {
    const unknown = await kernel.run("%connect localhost:1 --simulate as other");
    expect(unknown.error.evalue).to.contain(
      "cannot simulate localhost:1: no class file or lock says what it is, and notebook.rec does not hold it",
    );
    const missing = await kernel.run("%connect devices/nothing.ts --simulate as other");
    expect(missing.error.evalue).to.contain("cannot simulate devices/nothing.ts: there is no such file");
    const tango = await kernel.run("%connect tango://localhost:10000/a/b/c --simulate as other");
    expect(tango.error.evalue).to.contain("cannot be simulated: only SEC nodes have twins");
  });
});

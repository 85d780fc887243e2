import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

const NODE = Number(process.versions.node.split(".")[0]);

describe("an error that nobody catches is shown in the cell it came from, and the kernel goes on:", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run(`
      import { EventEmitter } from "node:events";
      const emitter = new EventEmitter();
      let reject: (error: Error) => void = () => undefined;`);
  });

  after(() => kernel.close());

  /** The first cell leaves something behind that fails when the second one, or time, sets it off. */
  const sources: Readonly<Record<string, readonly [string, string]>> = {
    "of a timer": ["setTimeout(() => { throw new Error('told') }, 30);", ""],
    "of a microtask of a timer": [
      "setTimeout(() => queueMicrotask(() => { throw new Error('told') }), 60);",
      "await new Promise((r) => setTimeout(r, 200))",
    ],
    "of a promise that nobody waits for": [
      "void new Promise<void>((_, no) => { reject = no; });",
      "reject(new Error('told'))",
    ],
    "of a stream": [
      "const { createReadStream } = await import('node:fs'); setTimeout(() => createReadStream('/no/such/told'), 30);",
      "",
    ],
  };

  for (const [what, [leave, setOff]] of Object.entries(sources)) {
    it(what, async () => {
      const first = kernel.execute(leave);
      expect((await first.done).content.status).to.equal("ok");
      const second = kernel.execute(setOff);
      await second.done;
      // From Node 24 on a rejection belongs to who rejected, before to who made the promise.
      const cause = setOff.startsWith("reject") && NODE >= 24 ? second : first;
      const shown = await kernel.message(
        ({ type, parent, content }) => type === "error" && parent === cause.id && content.evalue.includes("told"),
      );
      expect(shown.content.traceback[0]).to.contain("told");
      expect((await kernel.run("1 + 1")).result["text/plain"]).to.equal("2");
    });
  }

  it("a listener's error is that of the cell that emits", async () => {
    await kernel.run("emitter.on('x', () => { throw new Error('in a listener') });");
    const { error, reply } = await kernel.run("emitter.emit('x')");
    expect([error.evalue, reply.status]).to.deep.equal(["in a listener", "error"]);
  });
});

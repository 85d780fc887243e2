import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

const NODE = Number(process.versions.node.split(".")[0]);

describe("an uncaught error is shown in the cell it came from, and the kernel continues:", function () {
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

  /** Code of two cells: the first leaves something behind that fails later, or when the second cell runs. */
  const sources: Readonly<Record<string, readonly [string, string]>> = {
    "from a timer": ["setTimeout(() => { throw new Error('uncaught') }, 30);", ""],
    "from a microtask of a timer": [
      "setTimeout(() => queueMicrotask(() => { throw new Error('uncaught') }), 60);",
      "await new Promise((r) => setTimeout(r, 200))",
    ],
    "from a promise that nobody awaits": [
      "void new Promise<void>((_, no) => { reject = no; });",
      "reject(new Error('uncaught'))",
    ],
    "from a stream": [
      "const { createReadStream } = await import('node:fs'); setTimeout(() => createReadStream('/no/such/uncaught'), 30);",
      "",
    ],
  };

  for (const [what, [leave, setOff]] of Object.entries(sources)) {
    it(what, async () => {
      const first = kernel.execute(leave);
      expect((await first.done).content.status).to.equal("ok");
      const second = kernel.execute(setOff);
      await second.done;
      // Since Node 24 a rejection belongs to the code that rejects, and before that to the code that created
      // the promise.
      const cause = setOff.startsWith("reject") && NODE >= 24 ? second : first;
      const shown = await kernel.message(
        ({ type, parent, content }) => type === "error" && parent === cause.id && content.evalue.includes("uncaught"),
      );
      expect(shown.content.traceback[0]).to.contain("uncaught");
      expect((await kernel.run("1 + 1")).result["text/plain"]).to.equal("2");
    });
  }

  it("from a listener, in the cell that emits the event", async () => {
    await kernel.run("emitter.on('x', () => { throw new Error('in a listener') });");
    const { error, reply } = await kernel.run("emitter.emit('x')");
    expect([error.evalue, reply.status]).to.deep.equal(["in a listener", "error"]);
  });
});

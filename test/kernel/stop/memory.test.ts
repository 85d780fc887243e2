import { expect } from "chai";
import { KernelClient, ourKernel } from "../../support/kernelClient";

describe("a cell that fills the memory", function () {
  this.timeout(120_000);
  let kernel: KernelClient;

  before(async () => {
    const [node, ...rest] = ourKernel;
    kernel = await KernelClient.start([node!, "--max-old-space-size=500", ...rest]);
    await kernel.run("const before = 'alive'");
  });

  after(() => kernel.close());

  const greedy: Readonly<Record<string, string>> = {
    "in a loop": "const kept: object[] = []; for (let i = 0; ; i++) kept.push({ i, text: 'x' + i });",
    "in a loop of arrays": "{ const kept: number[][] = []; for (;;) kept.push(new Array(1000).fill(0.5)); }",
    "in one go": "{ const kept = Array.from({ length: 6e7 }, (_, i) => ({ i })); kept.length }",
    "in turns":
      "{ const kept: object[] = []; for (;;) { await new Promise(setImmediate); for (let i = 0; i < 1e5; i++) kept.push({ i }); } }",
  };

  // In Node 24, V8 handles no interrupt in optimized loops that only call `fill`. Nothing can stop such a
  // loop, so the process ends.
  const unstoppable = Number.parseInt(process.versions.node, 10) >= 24 ? ["in a loop of arrays"] : [];

  for (const [how, code] of Object.entries(greedy)) {
    it(`${how} is stopped with an error that says why, and the kernel continues`, async function () {
      if (unstoppable.includes(how)) this.skip();
      const { reply, error } = await kernel.run(code);
      expect(reply).to.deep.include({ status: "error", ename: "OutOfMemory" });
      expect(error.evalue).to.match(
        /^the code was stopped: the notebook holds \d\.\d GB, and this kernel may use 0\.\d GB\. Keep less data, or restart/,
      );
      await kernel.run("kept.length = 0");
      expect((await kernel.run("before")).result["text/plain"]).to.equal("'alive'");
    });
  }

  it("is left alone if it creates only garbage", async () => {
    const { result } = await kernel.run("let sum = 0; for (let i = 0; i < 3e7; i++) sum += [i, 'x' + i].length; sum");
    expect(result["text/plain"]).to.equal("60000000");
  });
});

describe("a cell that fills the machine with buffers", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    process.env.MEM_LIMIT = String(700e6);
    kernel = await KernelClient.start();
  });

  after(async () => {
    delete process.env.MEM_LIMIT;
    await kernel.close();
  });

  it("is stopped at the limit that JupyterHub sets, and the kernel continues", async () => {
    await kernel.run("const before = 'alive'; const kept: Buffer[] = [];");
    const { reply, error } = await kernel.run("for (let i = 0; i < 1000; i++) kept.push(Buffer.alloc(4e6, 1));");
    expect(reply).to.deep.include({ status: "error", ename: "OutOfMemory" });
    expect(error.evalue).to.match(
      /^the code was stopped: the notebook holds 0\.[67] GB, and this kernel may use 0\.7 GB\./,
    );
    const { result } = await kernel.run("kept.length = 0; before");
    expect(result["text/plain"]).to.equal("'alive'");
  });

  it("is left alone if it creates only garbage", async () => {
    const { result } = await kernel.run(
      "let sum = 0; for (let i = 0; i < 1000; i++) sum += Buffer.alloc(4e6, 1).length; sum",
    );
    expect(result["text/plain"]).to.equal("4000000000");
  });
});

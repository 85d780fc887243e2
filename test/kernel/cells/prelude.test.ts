import { expect } from "chai";
import { CellExecutor } from "../../../kernel/cells/cellExecutor";
import { type ExecuteReply, NotebookSession } from "../../../kernel/cells/notebookSession";
import { openNotebookLanguage } from "../../../kernel/compiler/index";
import { builtinMagics } from "../../../kernel/magics/builtinMagics";
import { MagicTranslator } from "../../../kernel/magics/magicTranslator";
import type { OutputSink } from "../../../kernel/output/cell";
import { KernelClient } from "../../support/kernelClient";

describe("the library in a notebook", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.close());

  it("has advice about its own plans, and none about a function of the user that is called like one", async () => {
    await kernel.run("const spiral = (a: number, b: number) => a + b; const own = { rd: spiral };");
    const evalue = async (code: string): Promise<string> => (await kernel.run(code)).error?.evalue;
    expect(await evalue("spiral(1)")).to.match(/^Expected 2 arguments, but got 1\./);
    expect(await evalue("own.rd(1)")).to.match(/^Expected 2 arguments, but got 1\./);
    expect(await evalue("rd()")).to.equal("rd is called like this:  rd(signal)");
    expect(await evalue("bps.sleep()")).to.equal("sleep is called like this:  sleep(1)");
  });

  it("gives a name back that the user declared anew and removed", async () => {
    await kernel.run("const logScan = 5;");
    expect((await kernel.run("logScan + 1")).result?.["text/plain"]).to.equal("6");
    await kernel.run("%reset logScan");
    expect((await kernel.run("logScan()")).error?.evalue).to.match(/^logScan is called like this: /);
    expect((await kernel.run("typeof logScan")).result?.["text/plain"]).to.equal("'function'");
    await kernel.run("const logScan = 7;");
    expect((await kernel.run("logScan + 1")).result?.["text/plain"]).to.equal("8");
    await kernel.run("%reset *");
    expect((await kernel.run("typeof logScan")).result?.["text/plain"]).to.equal("'function'");
  });

  it("needs no import, and neither do its types", async () => {
    const cell = await kernel.run(`
      function* wait(): Plan<number> { yield* bps.sleep(0.01); return 42 }
      const RE = createRunEngine({ live: false, store: false });
      const result: RunResult<number> = await RE(wait());
      result.planResult`);
    expect([cell.error?.evalue, cell.result?.["text/plain"]]).to.deep.equal([undefined, "42"]);
    expect((await kernel.run("typeof input + typeof clearOutput")).result?.["text/plain"]).to.equal(
      "'functionfunction'",
    );
  });

  it("is available to a cell that runs before the session was prepared", async () => {
    const executor = new CellExecutor(() => openNotebookLanguage());
    const magics = new MagicTranslator(builtinMagics, () => executor.values());
    const session = new NotebookSession(executor, magics, "const given = 42");
    const output: OutputSink = {
      stream: () => {},
      publish: () => {},
      ask: () => Promise.reject(new Error("nobody is there")),
    };
    const reply = await new Promise<ExecuteReply>((end) =>
      session.execute({ code: "", user_expressions: { given: "given" } }, { ...output, begin: () => {}, end }),
    );
    executor.close();
    const given = { status: "ok", data: { "text/plain": "42" }, metadata: {} };
    expect(reply).to.have.property("user_expressions").that.deep.equals({ given });
  });

  it("gives way to names that the user declares", async () => {
    await kernel.run("const scan = 5; interface Plan { mine: true }");
    const cell = await kernel.run("const plan: Plan = { mine: true }; [scan, plan.mine]");
    expect(cell.result?.["text/plain"]).to.equal("[ 5, true ]");
  });
});

/** Tests of subshells (JEP 91), whose cells run beside those of the main shell. */

import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

describe("a subshell", function () {
  this.timeout(60_000);
  let kernel: KernelClient;
  let id: string;

  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run("const door: any = {};");
    id = (await kernel.request("create_subshell_request", {}, "control")).content.subshell_id;
  });

  after(() => kernel.close());

  const beside = (code: string, subshell = id) => kernel.execute(code, {}, { subshell_id: subshell });
  const resultOf = (cell: ReturnType<KernelClient["execute"]>) =>
    cell.outputs().find(({ type }) => type === "execute_result")?.content.data["text/plain"];
  const open = () => kernel.run("door.wait = new Promise((r) => (door.open = r)); 0");

  it("is announced, and can be made, listed and deleted", async () => {
    expect((await kernel.request("kernel_info_request", {})).content.supported_features).to.include("kernel subshells");
    const second = (await kernel.request("create_subshell_request", {}, "control")).content;
    expect(second.status).to.equal("ok");
    expect((await kernel.request("list_subshell_request", {}, "control")).content.subshell_id).to.deep.equal([
      id,
      second.subshell_id,
    ]);
    const deleted = { subshell_id: second.subshell_id };
    expect((await kernel.request("delete_subshell_request", deleted, "control")).content.status).to.equal("ok");
    expect((await kernel.request("delete_subshell_request", deleted, "control")).content.evalue).to.match(
      /there is no subshell/,
    );
    const gone = beside("1", second.subshell_id);
    expect((await gone.done).content).to.deep.include({ status: "error", ename: "UnknownSubshell" });
  });

  it("runs cells while one of the main shell waits, with the names that this one has by then", async () => {
    await open();
    const main = kernel.execute("const before = 1; await door.wait; const after = 5; 'main'");
    await kernel.message((m) => m.parent === main.id && m.type === "execute_input");
    const cells = ["before + 1", "const fromSub = 3; fromSub * 2", "console.log('printed')"].map((code) =>
      beside(code),
    );
    for (const cell of cells) expect((await cell.done).content.status).to.equal("ok");
    expect(cells.map(resultOf)).to.deep.equal(["2", "6", undefined]);
    expect(cells[2]?.outputs().find(({ type }) => type === "stream")?.content.text).to.equal("printed\n");
    const early = beside("after");
    expect((await early.done).content.evalue).to.match(/^after is there when In\[\d+\] comes to it$/);
    await beside("door.open()").done;
    expect((await main.done).content.status).to.equal("ok");
    expect(resultOf(main)).to.equal("'main'");
    expect((await kernel.run("[before, after, fromSub]")).result["text/plain"]).to.equal("[ 1, 5, 3 ]");
  });

  it("keeps its own order, and aborts only its own cells when one fails", async () => {
    await open();
    const main = kernel.execute("await door.wait; 'done'");
    const later = kernel.execute("'later'");
    await kernel.message((m) => m.parent === main.id && m.type === "execute_input");
    const failing = kernel.failing("x", {}, { subshell_id: id });
    const aborted = beside("1");
    await failing.fail();
    expect((await failing.done).content.evalue).to.equal("x");
    expect((await aborted.done).content.status).to.equal("aborted");
    await beside("door.open()").done;
    expect((await main.done).content.status).to.equal("ok");
    expect((await later.done).content.status).to.equal("ok");
    expect([resultOf(main), resultOf(later)]).to.deep.equal(["'done'", "'later'"]);
  });

  it("reports the error of a cell once, although another one ran beside it", async () => {
    await open();
    const main = kernel.execute("await door.wait; throw new Error('late')");
    await kernel.message((m) => m.parent === main.id && m.type === "execute_input");
    await beside("0").done;
    await beside("door.open()").done;
    expect((await main.done).content.evalue).to.equal("late");
    await kernel.run("await new Promise((r) => setTimeout(r, 50))");
    expect(main.outputs().filter(({ type }) => type === "error")).to.have.length(1);
  });

  it("runs a cell of the main shell while one of its own waits, and both values come where they belong", async () => {
    await open();
    const sub = beside("await door.wait; const fromLong = 7; 'sub'");
    await kernel.message((m) => m.parent === sub.id && m.type === "execute_input");
    expect((await kernel.run("const meanwhile = 2; 'main'")).result["text/plain"]).to.equal("'main'");
    const main = kernel.execute("await door.wait; 'a'");
    await kernel.message((m) => m.parent === main.id && m.type === "execute_input");
    const second = (await kernel.request("create_subshell_request", {}, "control")).content.subshell_id;
    await beside("door.open()", second).done;
    expect((await sub.done).content.status).to.equal("ok");
    expect((await main.done).content.status).to.equal("ok");
    expect([resultOf(sub), resultOf(main)]).to.deep.equal(["'sub'", "'a'"]);
    expect((await kernel.run("[meanwhile, fromLong]")).result["text/plain"]).to.equal("[ 2, 7 ]");
  });

  it("is interrupted together with the main shell, also if its code blocks", async () => {
    await open();
    const main = kernel.execute("await door.wait");
    await kernel.message((m) => m.parent === main.id && m.type === "execute_input");
    const sub = beside("for (;;);");
    await kernel.message((m) => m.parent === sub.id && m.type === "execute_input");
    await kernel.interrupt();
    expect((await sub.done).content.ename).to.equal("KeyboardInterrupt");
    expect((await main.done).content.ename).to.equal("KeyboardInterrupt");
    expect((await kernel.run("1 + 1")).result["text/plain"]).to.equal("2");
    const again = beside("2 + 2");
    await again.done;
    expect(resultOf(again)).to.equal("4");
  });
});

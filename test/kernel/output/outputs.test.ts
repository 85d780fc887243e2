import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

describe("what a cell publishes", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
  });

  after(() => kernel.close());

  it("begins with busy and its input, and ends with idle", async () => {
    const { types, reply, result } = await kernel.run("6 * 7");
    expect(types).to.deep.equal(["busy", "execute_input", "execute_result", "idle"]);
    expect(reply).to.deep.include({ status: "ok", payload: [], user_expressions: {} });
    expect(result["text/plain"]).to.equal("42");
  });

  it("contains all of 20,000 lines of console.log, then idle", async () => {
    const cell = await kernel.run("for (let i = 0; i < 20_000; i++) console.log(i);");
    expect(cell.text()).to.equal(`${Array.from({ length: 20_000 }, (_, i) => i).join("\n")}\n`);
    expect(cell.types.at(-1)).to.equal("idle");
    expect(cell.published.length).to.be.lessThan(100);
  });

  it("contains all lines if they are printed in many turns of the event loop", async () => {
    const cell = await kernel.run(
      "for (let i = 0; i < 2000; i++) { console.log(i); if (i % 10 === 0) await new Promise((r) => setImmediate(r)); }",
    );
    expect(cell.text()).to.equal(`${Array.from({ length: 2000 }, (_, i) => i).join("\n")}\n`);
  });

  it("contains the last state of a display after 5,000 updates", async () => {
    const cell = await kernel.run(
      `import * as tslab from "tslab";
       const shown = tslab.newDisplay();
       for (let i = 1; i <= 5000; i++) shown.text("frame " + i);`,
    );
    const frames = cell.published.filter(({ type }) => type.endsWith("display_data"));
    expect(frames[0]?.type).to.equal("display_data");
    expect(frames.at(-1)?.content.data["text/plain"]).to.equal("frame 5000");
    expect(cell.types.at(-1)).to.equal("idle");
  });

  it("keeps stdout and stderr in their order", async () => {
    const cell = await kernel.run(
      "for (let i = 0; i < 100; i++) { console.log('o' + i); process.stderr.write('e' + i + '\\n'); }",
    );
    const text = cell.published.map(({ content }) => content.text ?? "").join("");
    expect(text).to.equal(Array.from({ length: 100 }, (_, i) => `o${i}\ne${i}\n`).join(""));
  });

  it("includes later output of its timers and promises, even while another cell runs", async () => {
    const first = kernel.execute(
      `setTimeout(() => console.log("late 1"), 100);
       Promise.resolve().then(() => new Promise((r) => setTimeout(r, 150))).then(() => process.stdout.write("late 2"));`,
    );
    await first.done;
    await kernel.run("await new Promise((r) => setTimeout(r, 300)); console.log('second')");
    const texts = first.outputs().filter(({ type }) => type === "stream");
    expect(texts.map(({ content }) => content.text)).to.deep.equal(["late 1\n", "late 2"]);
  });

  it("shows objects by their own display method, or as text with the reason if that fails", async () => {
    const shown = await kernel.run(
      `({ [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "p", "text/html": "<b>h</b>" }) })`,
    );
    expect(shown.result).to.deep.equal({ "text/plain": "p", "text/html": "<b>h</b>" });
    const failed = await kernel.run(`({ a: 1, [Symbol.for("Jupyter.display")]() { throw new Error("no") } })`);
    expect(failed.reply.status).to.equal("ok");
    expect(failed.result["text/plain"]).to.match(/a: 1[\s\S]*failed: no/);
    const bad = await kernel.run(`({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "x", "a/b": 1n }) })`);
    expect(bad.result["text/plain"]).to.match(/BigInt/);
  });

  it("explains how to get the value of a promise", async () => {
    const { result } = await kernel.run("Promise.resolve(1)");
    expect(result["text/plain"]).to.equal("a Promise: write await before it to get its value");
  });

  it("has no result for undefined, null and declarations", async () => {
    for (const code of ["undefined", "null", "void 1", "const unused = 5", "// nothing", ""]) {
      expect((await kernel.run(code)).result, code).to.equal(undefined);
    }
  });

  it("is empty for a silent request, which is not counted either", async () => {
    const { reply: before } = await kernel.run("1");
    const silent = await kernel.run("console.log('x'); 5", { silent: true });
    expect(silent.types).to.deep.equal(["busy", "idle"]);
    const unstored = await kernel.run("5", { store_history: false });
    expect(unstored.result["text/plain"]).to.equal("5");
    const { reply } = await kernel.run("1");
    expect(reply.execution_count).to.equal(before.execution_count + 1);
  });

  it("comes with the values of user expressions in the reply", async () => {
    const { reply } = await kernel.run("const six = 6", {
      user_expressions: { a: "six * 7", b: "nonsense", c: "(() => { throw new Error('e') })()" },
    });
    expect(reply.user_expressions.a).to.deep.equal({ status: "ok", data: { "text/plain": "42" }, metadata: {} });
    expect(reply.user_expressions.b).to.deep.include({ status: "error", ename: "TypeScriptError" });
    expect(reply.user_expressions.c).to.deep.include({ status: "error", ename: "Error", evalue: "e" });
  });

  it("can be cleared", async () => {
    const cell = await kernel.run("console.log(1); clearOutput(true); console.log(2)");
    expect(cell.types).to.deep.equal(["busy", "execute_input", "stream", "clear_output", "stream", "idle"]);
    expect(cell.published[3]?.content).to.deep.equal({ wait: true });
  });
});

describe("a cell that fails", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
  });

  after(() => kernel.close());

  it("gives name, value and the user's own frames, in the error and in the reply", async () => {
    const { error, reply, types } = await kernel.run("function f() {\n  throw new RangeError('too far');\n}\nf()");
    expect(types).to.deep.equal(["busy", "execute_input", "error", "idle"]);
    expect(error).to.deep.include({ ename: "RangeError", evalue: "too far" });
    expect(error.traceback[0]).to.equal("RangeError: too far");
    expect(error.traceback.slice(1).join("\n")).to.match(/^ +at f \(In\[1\]:2:9\)\n +at In\[1\]:4:1$/);
    expect(reply).to.deep.include({ status: "error", execution_count: 1, ...error });
  });

  it("shows the causes of an error and the parts of an AggregateError", async () => {
    const { error } = await kernel.run("throw new Error('outer', { cause: new TypeError('inner') })");
    expect(error.traceback.join("\n")).to.match(/^Error: outer\n[\s\S]*caused by TypeError: inner/);
    const many = await kernel.run(
      "await Promise.any([Promise.reject(new Error('a')), Promise.reject(new Error('b'))])",
    );
    expect(many.error.traceback.join("\n")).to.match(/^AggregateError[\s\S]*- Error: a[\s\S]*- Error: b/);
  });

  it("may throw a value that is not an Error", async () => {
    expect((await kernel.run("throw { code: 5 }")).error).to.deep.include({ ename: "Thrown", evalue: "{ code: 5 }" });
    expect((await kernel.run("throw undefined")).reply.status).to.equal("error");
  });

  it("in the type check shows the line and the position", async () => {
    const { error } = await kernel.run("const fine = 1;\nconst wrong: number = 'text';");
    expect(error.ename).to.equal("TypeScriptError");
    const count = (await kernel.run("1")).reply.execution_count - 1;
    expect(error.traceback.slice(1)).to.deep.equal([
      `In[${count}]:2:7`,
      "    const wrong: number = 'text';",
      "          ~~~~~",
    ]);
  });

  it("shows names of earlier cells as they are written", async () => {
    await kernel.run('import { scan } from "secop-lab";\nconst own: any = { part: {} };');
    const { error } = await kernel.run("own.part.set(3)");
    expect(error.evalue).to.equal("own.part has no set");
    expect(error.traceback[0]).to.equal("TypeError: own.part has no set");
    expect((await kernel.run("(scan as any).part()")).error.evalue).to.equal("scan has no part");
  });

  it("aborts the requests that wait, but no later ones", async () => {
    const failing = kernel.failing("stop");
    const waiting = [kernel.execute("console.log('never')"), kernel.execute("console.log('never')")];
    await failing.fail();
    expect((await failing.done).content.status).to.equal("error");
    for (const execution of waiting) {
      expect((await execution.done).content).to.deep.equal({ status: "aborted" });
      expect(execution.outputs().map(({ type }) => type)).to.deep.equal(["status", "status"]);
    }
    expect((await kernel.run("'next'")).result["text/plain"]).to.equal("'next'");
  });

  it("aborts nothing if the front-end allows errors", async () => {
    const failing = kernel.execute("throw new Error('go on')", { stop_on_error: false });
    const next = kernel.execute("console.log('ran')");
    expect((await failing.done).content.status).to.equal("error");
    expect((await next.done).content.status).to.equal("ok");
  });

  it("later, in a timer or a promise that nobody awaits, shows the error in its own output, and the kernel continues", async () => {
    const timer = kernel.execute("setTimeout(() => { throw new Error('in a timer') }, 50); 1");
    await timer.done;
    const rejected = kernel.execute(
      "void (async () => { await new Promise((r) => setTimeout(r, 50)); throw new Error('nobody') })(); 1",
    );
    await rejected.done;
    const shown = await Promise.all([
      kernel.message((m) => m.type === "error" && m.content.evalue === "in a timer"),
      kernel.message((m) => m.type === "error" && m.content.evalue === "nobody"),
    ]);
    expect(shown.map(({ parent }) => parent)).to.deep.equal([timer.id, rejected.id]);
    expect((await kernel.run("1 + 1")).result["text/plain"]).to.equal("2");
  });
});

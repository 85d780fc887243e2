/** Tests of the stack traces of cells. */

import { expect } from "chai";
import { type Notebook, openNotebook } from "../compiler/notebook";

describe("stack traces of cells", () => {
  let notebook: Notebook;
  const thrown = async (code: string) => (await notebook.cell(code)).thrown as Error;
  const frames = async (code: string) =>
    ((await thrown(code)).stack ?? "").split("\n").filter((line) => /^ +at /.test(line));

  before(() => {
    notebook = openNotebook();
  });
  after(() => notebook.close());

  it("show cell, line and column of TypeScript, and only the user's frames", async () => {
    notebook.language.setCellNumber(3);
    const code =
      "interface Long {\n  a: number;\n}\nfunction bad(x: Long): never {\n    throw new Error('no ' + x.a);\n}\nbad({ a: 1 })";
    expect((await thrown(code)).stack).to.equal("Error: no 1\n    at bad (In[3]:5:11)\n    at In[3]:7:1");
  });

  it("include earlier cells and async functions", async () => {
    notebook.language.setCellNumber(10);
    await notebook.value("async function slow() { await null; throw new TypeError('late') }");
    expect(await frames("\nawait slow()")).to.deep.equal(["    at slow (In[10]:1:43)", "    at async In[11]:2:1"]);
  });

  it("are right in lines that the compiler has changed", async () => {
    notebook.language.setCellNumber(20);
    await notebook.value("let n = 1; const a = 5; export const fail = () => { throw new Error('f') }");
    expect(await frames("n += a; const { b } = { b: a }; { n, b, c: fail() }")).to.deep.equal([
      "    at fail (In[20]:1:59)",
      "    at In[21]:1:44",
    ]);
  });

  it("of workspace files show the file", async () => {
    notebook.write(
      "lib/tool.ts",
      "type A = number;\nexport class Tool {\n  run(x: A) {\n    return this.deep(x);\n  }\n  private deep(x: A) { throw new RangeError(String(x)); }\n}",
    );
    notebook.language.setCellNumber(30);
    await notebook.value("import { Tool } from './lib/tool'");
    expect(await frames("new Tool().run(5)")).to.deep.equal([
      "    at Tool.deep (lib/tool.ts:6:30)",
      "    at Tool.run (lib/tool.ts:4:17)",
      "    at In[31]:1:12",
    ]);
  });

  it("leave out the frames of libraries between the user's", async () => {
    notebook.language.setCellNumber(40);
    const got = await frames(
      "import { of, map } from 'rxjs';\nawait new Promise((_, no) => of(1).pipe(map(() => { throw new Error('p') })).subscribe({ error: no }))",
    );
    expect(got.every((line) => line.includes("In[40]"))).to.equal(true);
  });

  it("are right in timers, and for errors that a cell prints itself", async () => {
    notebook.language.setCellNumber(50);
    expect(await notebook.value("const e =\n  new Error('x'); e.stack")).to.equal("Error: x\n    at In[50]:2:3");
    const stack = await notebook.value(
      "await new Promise((resolve) => setTimeout(() => resolve(new Error('t').stack), 1))",
    );
    expect(stack).to.match(/^Error: t\n {4}at .*In\[51\]:1:57\)?$/);
  });

  it("include the cell below many frames of libraries", async () => {
    const got = await frames(
      "function down(n: number): number { return n === 0 ? JSON.parse('{') : down(n - 1) }\ndown(20)",
    );
    expect(got).to.have.length(22);
  });

  it("are complete for errors without frames of the user", () => {
    expect(new Error("ours").stack).to.contain("stackTraces.test");
  });

  it("are rewritten for a cause, too", async () => {
    const error = await thrown("throw new Error('outer', { cause: new Error('inner') })");
    expect((error.cause as Error).stack).to.match(/^Error: inner\n {4}at In\[\d+\]:1:35$/);
  });

  it("are Node's own again when the notebook is closed", async () => {
    const before = Error.prepareStackTrace;
    const second = openNotebook();
    expect(Error.prepareStackTrace).to.not.equal(before);
    second.close();
    expect(Error.prepareStackTrace).to.equal(before);
  });
});

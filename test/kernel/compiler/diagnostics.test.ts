/** Tests of the errors and warnings of cells. */

import { expect } from "chai";
import { type Notebook, openNotebook } from "./notebook";

describe("diagnostics of cells", () => {
  let notebook: Notebook;
  const errors = async (code: string) => (await notebook.cell(code)).errors;

  before(async () => {
    notebook = openNotebook();
    await notebook.value("const one = 1; let two = 2; class Thing { a = 1 }");
  });
  after(() => notebook.close());

  it("have the line and column of the cell, also with names of earlier cells", async () => {
    expect(await errors("one;\n  const s: string = two;")).to.deep.equal([
      "2:9 Type 'number' is not assignable to type 'string'.",
    ]);
    expect(await errors("two;\n{ one, missing }")).to.deep.equal([
      "2:8 No value exists in scope for the shorthand property 'missing'. Either declare one or provide an initializer.",
    ]);
  });

  it("name the argument that is missing", async () => {
    expect(await errors("function move(to: number) { return to }\nmove()")).to.deep.equal([
      "2:1 Expected 1 arguments, but got 0. An argument for 'to' was not provided.",
    ]);
  });

  it("name the kind of a name of an earlier cell that cannot be assigned to", async () => {
    await notebook.value("function act() {} enum Mode { On } namespace Space { export const x = 1 }");
    const assigned = await errors("one = 3;\nThing = Thing; act = () => {}; Mode = 1; Space = 2;");
    expect(assigned).to.deep.equal([
      "1:1 Cannot assign to 'one' because it is a constant.",
      "2:1 Cannot assign to 'Thing' because it is a class.",
      "2:16 Cannot assign to 'act' because it is a function.",
      "2:32 Cannot assign to 'Mode' because it is an enum.",
      "2:42 Cannot assign to 'Space' because it is a namespace.",
    ]);
  });

  it("are syntax errors alone if there are any", async () => {
    expect(await errors("const x: string = 5;\nfoo(")).to.deep.equal(["2:5 Argument expression expected."]);
    expect(await errors("5 +")).to.deep.equal(["1:4 Expression expected."]);
  });

  it("count lines that end with a carriage return and a line feed", async () => {
    expect(await errors("one;\r\n\r\n  const s: string = two;\r\n")).to.deep.equal([
      "3:9 Type 'number' is not assignable to type 'string'.",
    ]);
  });

  it("are reported once at each place, if the code cannot be parsed", async () => {
    expect(await errors("function g( { }")).to.deep.equal(["1:16 ',' expected."]);
  });

  it("have the right place after a carriage return alone, as in a text that was pasted", async () => {
    const found = await errors("const pasted = `a\rb`;\nconst s: string = two;");
    expect(found).to.deep.equal(["2:7 Type 'number' is not assignable to type 'string'."]);
  });

  it("stop the cell", async () => {
    const { ok, value } = await notebook.cell("(globalThis as any).ran = true; const x: string = 5; 'ran'");
    expect([ok, value]).to.deep.equal([false, undefined]);
    expect(await notebook.value("(globalThis as any).ran")).to.equal(undefined);
  });

  it("about implicit any are warnings, and the cell runs", async () => {
    const { value, warnings } = await notebook.cell("function twice(x) { return 2 * x }\ntwice(4)");
    expect(value).to.equal(8);
    expect(warnings).to.deep.equal(["1:16 Parameter 'x' implicitly has an 'any' type."]);
  });

  it("are strict, with the language level of this Node, which is at least that of Node 20", async () => {
    expect((await errors("const s: string = null"))[0]).to.match(/'null' is not assignable/);
    const grouped = await errors("Object.groupBy([1], (x) => x)");
    expect(grouped.join()).to.match("groupBy" in Object ? /^$/ : /'groupBy' does not exist/);
    const disposable = await errors("new DisposableStack()");
    if (!("DisposableStack" in globalThis))
      expect(disposable[0]).to.match(/'DisposableStack' only refers to a type|Cannot find name 'DisposableStack'/);
    expect(await errors("/[\\p{L}--[a-z]]/v.test('é')")).to.deep.equal([]);
    expect(await errors("[3, 1].toSorted(); try { 1 } catch (e) { e.message }")).to.deep.equal([]);
  });

  it("do not report what is harmless in a notebook", async () => {
    for (const code of ["1, 2", "function f() { const unused = 1 }", "if (false) { 1 }", "label: for (;;) break"]) {
      expect(await errors(code), code).to.deep.equal([]);
    }
  });

  it("never show generated file names", async () => {
    notebook.language.setCellNumber(7);
    await notebook.value("const thing = new Thing()");
    await notebook.value("class Thing { #own = 1; a = 1 }");
    expect(await errors("const other: Thing = thing")).to.deep.equal([
      "1:7 Property '#own' is missing in type 'Thing (In[1])' but required in type 'Thing (In[8])'.",
    ]);
  });

  it("suggest names of earlier cells", async () => {
    await notebook.value("const cryostat = 1; interface Sample { mass: number }");
    expect(await errors("cryostta")).to.deep.equal(["1:1 Cannot find name 'cryostta'. Did you mean 'cryostat'?"]);
    expect(await errors("let s: Smaple")).to.deep.equal(["1:8 Cannot find name 'Smaple'. Did you mean 'Sample'?"]);
    expect(await errors("xyz")).to.deep.equal(["1:1 Cannot find name 'xyz'."]);
    expect(await errors("consol.log(1)")).to.deep.equal(["1:1 Cannot find name 'consol'. Did you mean 'console'?"]);
  });

  it("call modules as the cell imports them, not by the paths of their files", async () => {
    notebook.write("tool.ts", "export const boom = 1;");
    expect(await errors("import { Boom } from './tool'")).to.deep.equal([
      "1:10 '\"./tool\"' has no exported member named 'Boom'. Did you mean 'boom'?",
    ]);
    expect(await errors("import { nothing } from './tool'")).to.deep.equal([
      "1:10 Module '\"./tool\"' has no exported member 'nothing'.",
    ]);
    expect(await errors("import { Subjekt } from 'rxjs'")).to.deep.equal([
      "1:10 '\"rxjs\"' has no exported member named 'Subjekt'. Did you mean 'Subject'?",
    ]);
  });

  it("suggest members, options and strings where TypeScript does not", async () => {
    const of = async (code: string) => (await errors(code)).map((text) => /Did you mean .*$/.exec(text)?.[0]);
    await notebook.value("declare function ask(a: 'start' | 'stop', o?: { speed: number }): { head: number }");
    await notebook.value("declare function ask2(a: 1): void; declare function ask2(a: 'event'): void");
    expect(await of("ask('start').haed")).to.deep.equal(["Did you mean 'head'?"]);
    expect(await of("const { haed } = ask('stop')")).to.deep.equal(["Did you mean 'head'?"]);
    expect(await of("ask('start', { sepde: 1 })")).to.deep.equal(["Did you mean 'speed'?"]);
    expect(await of("ask2('evnet')")).to.deep.equal(["Did you mean 'event'?"]);
    expect(await of("ask('start').zzzzz")).to.deep.equal([undefined]);
  });

  it("name the package to install", async () => {
    expect((await errors("import x from '@scope/nothing/deep'"))[0]).to.match(
      /^1:15 Cannot find module '@scope\/nothing\/deep'.* If it is a package: npm install @scope\/nothing$/,
    );
    expect((await errors("import x from './nothing'"))[0]).to.match(/^1:15 Cannot find module '.\/nothing'/);
  });

  it("explain that import = is for other modules, and return for functions", async () => {
    expect((await errors("import x = require('node:fs')"))[0]).to.match(/^1:1 Import assignment cannot be used/);
    expect((await errors("return 5"))[0]).to.match(/^1:1 A 'return' statement can only be used within a function body/);
  });

  it("obey the comments that switch them off", async () => {
    expect(await errors("// @ts-expect-error\nconst x: string = one;")).to.deep.equal([]);
    expect(await errors("// @ts-nocheck\nconst y: string = one;")).to.deep.equal([]);
  });

  it("of a cell that is a module suggest a file instead", () => {
    expect(notebook.language.addModule("tool", "export const a = 1")[0]?.messageText).to.equal(
      "cells that are modules are not supported: write the code to tool.ts and import it",
    );
  });
});

/** Tests that a cell is checked against the files that are on disk when it runs. */

import fs from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { type Notebook, openNotebook } from "../compiler/notebook";

describe("a cell that runs again is checked against what is on disk", () => {
  let notebook: Notebook;
  const write = (file: string, text: string) => notebook.write(file, text);
  const remove = (file: string) => fs.rmSync(path.join(notebook.folder, file), { recursive: true });

  beforeEach(() => {
    notebook = openNotebook();
  });
  afterEach(() => notebook.close());

  it("after a source with an error was mended", async () => {
    write("h.ts", "export const b: number = 'x';");
    const cell = "import { b } from './h'; b";
    expect((await notebook.cell(cell)).errors).to.deep.equal([
      "h.ts 1:14 Type 'string' is not assignable to type 'number'.",
    ]);
    write("h.ts", "export const b: number = 1;");
    expect(await notebook.value(cell)).to.equal(1);
  });

  it("and if it fails then, earlier values of its names stay", async () => {
    write("h.ts", "export const b = 1;");
    await notebook.value("import './h'; const x = 1; const f = (n: number) => n;");
    write("h.ts", "export const b = 2;");
    const { thrown } = await notebook.cell("import './h'; throw new Error('early'); const x = 2; const f = 3;");
    expect((thrown as Error).message).to.equal("early");
    expect(await notebook.value("x + f(2)")).to.equal(3);
  });

  it("after a function got another parameter", async () => {
    write("h.ts", "export const f = (a: number) => a + 1;");
    const cell = "import { f } from './h'; f(1)";
    expect(await notebook.value(cell)).to.equal(2);
    write("h.ts", "export const f = (a: number, b: string) => a + b.length;");
    const { ok, errors } = await notebook.cell(cell);
    expect(ok).to.equal(false);
    expect(errors).to.have.length(1);
    expect(errors[0]).to.match(/^1:26 Expected 2 arguments, but got 1\./);
    write("h.ts", "export const f = (a: number) => a + 2;");
    expect(await notebook.value(cell)).to.equal(3);
  });

  it("after a source that another source imports has changed", async () => {
    write("deep.ts", "export const unit = 'K' as string;");
    write("h.ts", "import { unit } from './deep'; export const length = (): number => unit.length;");
    const cell = "import { length } from './h'; length()";
    expect(await notebook.value(cell)).to.equal(1);
    write("deep.ts", "export const unit = 5;");
    expect((await notebook.cell(cell)).errors.join()).to.match(/^h\.ts 1:73 Property 'length' does not exist/);
    write("deep.ts", "export const unit = 'mK' as string;");
    expect(await notebook.value(cell)).to.equal(2);
  });

  it("after a source was renamed", async () => {
    write("a.ts", "export const n = 1;");
    write("h.ts", "export { n } from './a';");
    expect(await notebook.value("import { n } from './h'; n")).to.equal(1);
    fs.renameSync(path.join(notebook.folder, "a.ts"), path.join(notebook.folder, "b.ts"));
    expect((await notebook.cell("import { n } from './h'; n")).errors.join()).to.match(/Cannot find module '\.\/a'/);
    expect((await notebook.cell("import { n } from './b'; n")).value).to.equal(1);
    write("h.ts", "export { n } from './b';");
    expect(await notebook.value("import { n } from './h'; n")).to.equal(1);
    remove("b.ts");
    expect((await notebook.cell("import { n } from './h'; n")).errors.join()).to.match(/Cannot find module '\.\/b'/);
  });

  it("after types of an untyped package were installed", async () => {
    write("node_modules/tool/package.json", '{ "name": "tool", "version": "1.0.0", "main": "index.js" }');
    write("node_modules/tool/index.js", "exports.twice = (n) => 2 * n;");
    const cell = "import { twice } from 'tool'; twice('x')";
    const untyped = await notebook.cell(cell);
    expect([untyped.ok, untyped.warnings.length]).to.deep.equal([true, 1]);
    write(
      "node_modules/@types/tool/package.json",
      '{ "name": "@types/tool", "version": "1.0.0", "types": "index.d.ts" }',
    );
    write("node_modules/@types/tool/index.d.ts", "export function twice(n: number): number;");
    expect((await notebook.cell(cell)).errors).to.deep.equal([
      "1:37 Argument of type 'string' is not assignable to parameter of type 'number'.",
    ]);
  });

  it("after a package was upgraded, whose new code then runs, too", async () => {
    const install = (version: string, types: string, code: string): void => {
      write("node_modules/tool/package.json", `{ "name": "tool", "version": "${version}", "main": "index.js" }`);
      write("node_modules/tool/index.d.ts", types);
      write("node_modules/tool/index.js", code);
    };
    install("1.0.0", "export function f(n: number): number;", "exports.f = (n) => n;");
    const cell = "import { f } from 'tool'; f(4)";
    expect(await notebook.value(cell)).to.equal(4);
    install("2.0.0", "export function f(n: string): number;", "exports.f = (n) => n.length;");
    expect((await notebook.cell(cell)).errors).to.deep.equal([
      "1:29 Argument of type 'number' is not assignable to parameter of type 'string'.",
    ]);
    expect(await notebook.value("import { f } from 'tool'; f('four')")).to.equal(4);
  });

  it("after the tsconfig or one that it extends has changed", async () => {
    const cell = "const list: number[] = []; const first: number = list[0]; first";
    expect((await notebook.cell(cell)).ok).to.equal(true);
    write("tsconfig.json", '{ "extends": "./base.json" }');
    write("base.json", '{ "compilerOptions": { "noUncheckedIndexedAccess": true } }');
    expect((await notebook.cell(cell)).errors.join()).to.match(/'undefined' is not assignable to type 'number'/);
    write("base.json", '{ "compilerOptions": { "strict": false, "noUncheckedIndexedAccess": false } }');
    expect((await notebook.cell(cell)).ok).to.equal(true);
    expect((await notebook.cell("document.title")).ok).to.equal(false);
    write("base.json", '{ "compilerOptions": { "lib": ["es2023", "dom"] } }');
    expect((await notebook.cell("() => document.title")).errors).to.deep.equal([]);
  });

  it("after types were installed, also in later cells that only use the name", async () => {
    write("node_modules/tool/package.json", '{ "name": "tool", "version": "1.0.0", "main": "index.js" }');
    write("node_modules/tool/index.js", "exports.twice = (n) => 2 * n;");
    expect((await notebook.cell("import { twice } from 'tool'; twice(1)")).value).to.equal(2);
    expect((await notebook.cell("twice('x')")).ok).to.equal(true);
    write("node_modules/@types/tool/package.json", '{ "name": "@types/tool", "version": "1.0.0", "types": "i.d.ts" }');
    write("node_modules/@types/tool/i.d.ts", "export function twice(n: number): number;");
    write("node_modules/.package-lock.json", "{}");
    expect(await notebook.value("import { twice } from 'tool'; twice(1)")).to.equal(2);
    expect((await notebook.cell("twice('x')")).errors).to.deep.equal([
      "1:7 Argument of type 'string' is not assignable to parameter of type 'number'.",
    ]);
  });

  it("after a package was removed and came back", async () => {
    write("node_modules/tool/package.json", '{ "name": "tool", "version": "1.0.0", "main": "index.js" }');
    write("node_modules/tool/index.d.ts", "export const v: number;");
    write("node_modules/tool/index.js", "exports.v = 1;");
    const cell = "import { v } from 'tool'; v";
    expect(await notebook.value(cell)).to.equal(1);
    const [here, away] = ["node_modules/tool", "gone"].map((name) => path.join(notebook.folder, name));
    fs.renameSync(here as string, away as string);
    expect((await notebook.cell(cell)).errors.join()).to.match(/Cannot find module 'tool' .*npm install tool$/);
    fs.renameSync(away as string, here as string);
    expect(await notebook.value(cell)).to.equal(1);
  });

  it("without being blamed for packages that earlier cells tried, or used before they were removed", async () => {
    const tried = "const tried = await import('not-there' as string).catch(() => 'none'); tried";
    expect(await notebook.value(tried)).to.equal("none");
    expect(await notebook.value("1 + 1")).to.equal(2);
    expect(
      await notebook.value(`// @ts-ignore\nconst other = await import('nor-this').catch(() => 5); other`),
    ).to.equal(5);
    expect(await notebook.value("2 + 2")).to.equal(4);
    write("node_modules/tool/package.json", '{ "name": "tool", "version": "1.0.0", "main": "index.js" }');
    write("node_modules/tool/index.d.ts", "export const v: number;");
    write("node_modules/tool/index.js", "exports.v = 1;");
    expect(await notebook.value("import { v } from 'tool'; v")).to.equal(1);
    remove("node_modules/tool");
    expect(await notebook.value("import os from 'node:os'; typeof os.EOL")).to.equal("string");
    expect(await notebook.value("3 + 3")).to.equal(6);
    expect((await notebook.cell("import { v } from 'tool'; v")).errors.join()).to.match(/Cannot find module 'tool'/);
  });

  it("after a file came that an unchanged source's import now means", async () => {
    write("m.js", "exports.v = 1;");
    write("m.d.ts", "export const v: number;");
    write("h.ts", "export { v } from './m';");
    const cell = "import { v } from './h'; v";
    expect(await notebook.value(cell)).to.equal(1);
    write("m.ts", "export const v = 'two';");
    expect(await notebook.value(cell)).to.equal("two");
    for (const file of ["m.ts", "m.d.ts", "m.js"]) remove(file);
    write("m/index.ts", "export const v = true;");
    expect(await notebook.value(cell)).to.equal(true);
  });

  it("after paths of the tsconfig lead elsewhere, for cells and for sources", async () => {
    write("a/x.ts", "export const v = 'a';");
    write("b/x.ts", "export const v = 'b';");
    write("h.ts", "export { v } from '@/x';");
    for (const folder of ["a", "b"]) {
      write("tsconfig.json", `{ "compilerOptions": { "paths": { "@/*": ["./${folder}/*"] } } }`);
      expect(await notebook.value("import { v } from '@/x'; v")).to.equal(folder);
      expect(await notebook.value("import { v } from './h'; v")).to.equal(folder);
    }
    remove("tsconfig.json");
    expect((await notebook.cell("import { v } from '@/x'; v")).errors.join()).to.match(/Cannot find module '@\/x'/);
  });

  it("after the tsconfig got another way to compile, also sources that a failed cell imported", async () => {
    write(
      "h.ts",
      `let given = 0;
       const mark = (...values: any[]): any => { given = values.length; };
       class Marked { @mark method() {} }
       export const count = [Marked, given][1];`,
    );
    const wrong = await notebook.cell("import { count } from './h'; const text: string = 5; count");
    expect(wrong.errors).to.deep.equal(["1:36 Type 'number' is not assignable to type 'string'."]);
    write("tsconfig.json", '{ "compilerOptions": { "experimentalDecorators": true } }');
    expect(await notebook.value("import { count } from './h'; count")).to.equal(3);
  });

  it("after the tsconfig got options that concern sources, or only how others compile", async () => {
    write("h.ts", "export const first = (list: number[]): number => list[0];");
    const cell = "import { first } from './h'; first([1])";
    expect(await notebook.value(cell)).to.equal(1);
    write("tsconfig.json", '{ "compilerOptions": { "noUncheckedIndexedAccess": true } }');
    expect((await notebook.cell(cell)).errors.join()).to.match(/^h\.ts 1:\d+ Type 'number \| undefined'/);
    write(
      "tsconfig.json",
      '{ "compilerOptions": { "erasableSyntaxOnly": true, "verbatimModuleSyntax": true, "isolatedDeclarations": true, "declaration": true, "composite": true, "noUnusedLocals": true, "noEmit": false } }',
    );
    expect(await notebook.value(cell)).to.equal(1);
    expect(await notebook.value("enum E { A = 1 }\nnamespace N { export const x = E.A }\nN.x")).to.equal(1);
  });
});

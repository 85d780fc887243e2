/** Tests of files of the workspace in cells. */

import fs from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { markedRegion } from "../../../lib/generatedRegion";
import { type Notebook, openNotebook } from "../compiler/notebook";

describe("workspace files in cells", () => {
  let notebook: Notebook;
  const value = (code: string) => notebook.value(code);
  /** Editors may write twice within one tick of the clock, so that only the size or the text has changed. */
  const write = (file: string, text: string) => notebook.write(file, text);

  beforeEach(() => {
    notebook = openNotebook();
  });
  afterEach(() => notebook.close());

  it("are imported with types, by any spelling of their extension", async () => {
    write(
      "devices/cryo.ts",
      "import { unit } from '../unit'; export class Cryo { unit = unit; target = 5 }\nexport default 3; export type Kelvin = number",
    );
    write("unit.ts", "export const unit = await Promise.resolve('K')");
    expect(
      await value(
        "import three, { Cryo, type Kelvin } from './devices/cryo'; const t: Kelvin = new Cryo().target; [t, three]",
      ),
    ).to.deep.equal([5, 3]);
    expect(await value("import { Cryo as C2 } from './devices/cryo.ts'; C2 === Cryo && new C2().unit")).to.equal("K");
    expect(
      await value("import { Cryo as C3 } from './devices/cryo.js'; (await import('./devices/cryo')).Cryo === C3"),
    ).to.equal(true);
    expect((await notebook.cell("new Cryo().target = 'x'")).errors).to.deep.equal([
      "1:1 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it("may have any of TypeScript's extensions", async () => {
    write("a.mts", "export const a = await Promise.resolve(1)");
    write("b.cts", "export const b = 2");
    write("c.tsx", "export const c = <T,>(x: T) => x; export const d = 4");
    write("index.ts", "export * from './a.mjs'; export * from './b.cjs'; export * from './c'");
    expect(await value("import { a, b, c, d } from '.'; a + b + c(3) + d")).to.equal(10);
    write("odd~1.ts", "export const odd = 11");
    expect(await value("import { odd } from './odd~1'; odd")).to.equal(11);
  });

  it("may import each other in a circle", async () => {
    write(
      "a.ts",
      "import { half } from './b'; export const helper = () => 2; export const whole = () => half() * helper()",
    );
    write(
      "b.ts",
      "import { helper, whole } from './a'; export const half = () => helper() + 1; export type W = ReturnType<typeof whole>",
    );
    expect(await value("import { whole } from './a'; import { half } from './b'; whole() + half()")).to.equal(9);
  });

  it("are reloaded, types and values, when they are imported again after they or their imports have changed", async () => {
    write("base.ts", "export const base = 1");
    write("tool.ts", "import { base } from './base'; export const size = base; export class Tool { a = 1 }");
    await value("import { size, Tool } from './tool'; const before = new Tool(); const grab = () => size");
    write("base.ts", "export const base = 'changed'");
    expect(await value("import { size, Tool } from './tool'; size.length")).to.equal(7);
    expect(await value("grab()")).to.equal(1);
    write("tool.ts", "export const size = 3; export class Tool { b = 2 }");
    await value("import { size, Tool } from './tool'");
    expect(await value("new Tool().b + before.a + size")).to.equal(6);
    const { errors } = await notebook.cell("const same: Tool = before");
    expect(errors).to.deep.equal([
      "1:7 Property 'b' is missing in type 'Tool (before tool.ts changed)' but required in type 'Tool'.",
    ]);
  });

  it("may declare globals again", async () => {
    write("globals.ts", "declare global { var shared: number }\nexport const x = 1");
    await value("import { x } from './globals'; x");
    await value("const y = x");
    write("globals.ts", "declare global { var shared: string }\nexport const x = 2");
    await value("import { x } from './globals'; globalThis.shared = 'text'");
    expect(await value("globalThis.shared.length + x")).to.equal(6);
  });

  it("are not loaded again if nothing has changed", async () => {
    write(
      "once.ts",
      "globalThis.loads = ((globalThis as any).loads ?? 0) + 1; export const x = 1; declare global { var loads: number }",
    );
    await value("import { x } from './once'");
    fs.utimesSync(path.join(notebook.folder, "once.ts"), 1, 1);
    expect(await value("import { x } from './once'; globalThis.loads")).to.equal(1);
  });

  it("that have changed on disk give a warning in cells that use them", async () => {
    write("devices/x.ts", "export class X { a = 1 }");
    await value("import { X } from './devices/x'");
    expect((await notebook.cell("new X().a")).warnings).to.deep.equal([]);
    write("devices/x.ts", "export class X { a = 'text' }");
    const { value: seen, warnings } = await notebook.cell("new X().a");
    expect(seen).to.equal(1);
    expect(warnings).to.deep.equal(["1:1 devices/x.ts changed on disk, run its import again"]);
    expect((await notebook.cell("new X().a")).warnings).to.deep.equal([]);
    expect((await notebook.cell("import { X } from './devices/x'; new X().a")).value).to.equal("text");
  });

  it("with type errors are reported with their own lines, and do not run", async () => {
    write("bad.ts", "export const fine = 1;\nexport const v: string = 5;");
    write("user.ts", "export * from './bad'");
    const expected = ["bad.ts 2:14 Type 'number' is not assignable to type 'string'."];
    expect((await notebook.cell("import { v } from './user'")).errors).to.deep.equal(expected);
    expect((await notebook.cell("import { v } from './user'")).errors).to.deep.equal(expected);
    write("bad.ts", "export const fine = 1;\nexport const v: string = 'mended';");
    expect(await value("import { v } from './user'; v")).to.equal("mended");
  });

  it("that are generated are not checked, unless the user has added or edited code", async () => {
    write("used.ts", "export const five = 5;");
    const generated = markedRegion("import { five } from './used';\nexport const v: string = five;\n");
    write("generated.ts", `// cryo\n${generated}`);
    expect(await value("import { v } from './generated'; v")).to.equal(5);
    write("generated.ts", `// cryo\n${generated.replaceAll("\n", "\r\n")}`);
    expect(await value("import { v } from './generated'; v")).to.equal(5);
    write("generated.ts", `${generated}import { five as own } from './used';\nexport const w: string = own;`);
    expect((await notebook.cell("import { v } from './generated'")).errors).to.deep.equal([
      "generated.ts 3:14 Type 'number' is not assignable to type 'string'.",
      "generated.ts 6:14 Type 'number' is not assignable to type 'string'.",
    ]);
    write("generated.ts", generated.replace("= five", "= five + 1"));
    expect((await notebook.cell("import { v } from './generated'")).errors).to.have.length(1);
    write("generated.ts", `${generated}import { five as own } from './used';\nexport const w = own;`);
    expect((await notebook.cell("import { w } from './generated'; w")).errors).to.have.length(1);
    write("generated.ts", generated.replace("v: string", "v: number"));
    expect(await value("import { v } from './generated'; v")).to.equal(5);
  });

  it("run without members that are only declared, with the same line numbers", async () => {
    write(
      "declared.ts",
      "export class Base { a = 1 }\nexport class D extends Base {\n  /** The a\n   * of D. */\n  declare readonly a: number; own = 2;\n  declare b: string\n  fail() { throw new Error('here') }\n}",
    );
    expect(await value("import { D } from './declared'; const d = new D(); [d.a, d.own, 'b' in d]")).to.deep.equal([
      1,
      2,
      false,
    ]);
    const { thrown } = await notebook.cell("d.fail()");
    expect((thrown as Error).stack).to.match(/\n {4}at D\.fail \(declared\.ts:7:18\)\n/);
  });

  it("that are generated keep their line numbers, and the user's own declared members beside them", async () => {
    const generated = markedRegion(
      "export class Cryo {\n  /** value (K) */\n  declare readonly value: number;\n  declare readonly 'a-b': \"x;\"; // property\n  kind = 'cryo';\n}\n",
    );
    write(
      "cryo.ts",
      `${generated}export class Mine extends Cryo {\n  declare readonly mine: number;\n  fail() { throw new Error(this.kind + ('value' in this) + ('mine' in this)); }\n}`,
    );
    const { thrown } = await notebook.cell("import { Mine } from './cryo'; new Mine().fail()");
    expect((thrown as Error).stack).to.match(/^Error: cryofalsefalse\n {4}at Mine\.fail \(cryo\.ts:11:18\)\n/);
  });

  it("that throw can be corrected and imported again", async () => {
    write("fails.ts", "export const x = 1;\nthrow new Error('not ready')");
    const { thrown } = await notebook.cell("import { x } from './fails'");
    expect((thrown as Error).message).to.equal("not ready");
    expect((thrown as Error).stack?.split("\n")).to.deep.equal(["Error: not ready", "    at fails.ts:2:7"]);
    write("fails.ts", "export const x = 2;");
    expect(await value("import { x } from './fails'; x")).to.equal(2);
  });

  it("may be created after a failed import, and deleted", async () => {
    expect((await notebook.cell("import { x } from './soon'")).ok).to.equal(false);
    write("soon.ts", "export const x = 1");
    expect(await value("import { x } from './soon'; x")).to.equal(1);
    fs.rmSync(path.join(notebook.folder, "soon.ts"));
    expect((await notebook.cell("import { x } from './soon'")).errors[0]).to.match(
      /^1:19 Cannot find module '.\/soon'/,
    );
    write("soon.ts", "export const x = 22");
    expect(await value("import { x } from './soon'; x")).to.equal(22);
  });

  it("of JSON are values with types, with and without attribute", async () => {
    write("conf.json", '{"port": 10767, "names": ["a"]}');
    expect(
      await value(
        "import conf, { port } from './conf.json'; import again from './conf.json' with { type: 'json' }; port + again.names.length + conf.port",
      ),
    ).to.equal(21535);
    write("conf.json", '{"port": 1, "names": []}');
    expect(await value("import { port } from './conf.json'; port")).to.equal(1);
  });

  it("of JavaScript run unchanged", async () => {
    write("plain.mjs", "export const p = 5; export const fail = () => { throw new Error('plain') }");
    write("plain.d.mts", "export const p: number; export function fail(): never");
    expect(await value("import { p, fail } from './plain.mjs'; p")).to.equal(5);
    const stack = ((await notebook.cell("fail()")).thrown as Error).stack ?? "";
    expect(stack).to.match(/plain\.mjs:1:/);
    expect(stack).to.match(/In\[\d+\]:1:1$/);
  });

  it("of JavaScript are reloaded, types and values, when they are imported again after a change", async () => {
    for (const [kind, declared, text] of [
      ["js", "d.ts", (value: string) => `exports.p = ${value}`],
      ["mjs", "d.mts", (value: string) => `export const p = ${value}`],
    ] as const) {
      write(`a.${kind}`, text("5"));
      write(`a.${declared}`, "export const p: number");
      const from = kind === "js" ? "./a" : "./a.mjs";
      await value(`import { p } from '${from}'; const grab = () => p`);
      expect(await value("p + 1")).to.equal(6);
      write(`a.${kind}`, text("'text'"));
      write(`a.${declared}`, "export const p: string");
      expect((await notebook.cell("p")).warnings, kind).to.deep.equal([
        `1:1 a.${declared} changed on disk, run its import again`,
      ]);
      expect(await value(`import { p } from '${from}'; p.length + (await import('${from}')).p.length`)).to.equal(8);
      expect(await value("grab()")).to.equal(5);
    }
  });

  it("of a linked package with sources, as in a monorepo, are compiled", async () => {
    const packages = path.join(notebook.folder, "packages/tools");
    write("packages/tools/package.json", '{"name": "@lab/tools", "main": "src/index.ts"}');
    write("packages/tools/src/index.ts", "export * from './deep'");
    write("packages/tools/src/deep.ts", "export enum Mode { On = 'on' }");
    fs.mkdirSync(path.join(notebook.folder, "node_modules/@lab"), { recursive: true });
    fs.symlinkSync(packages, path.join(notebook.folder, "node_modules/@lab/tools"));
    expect(await value("import { Mode } from '@lab/tools'; Mode.On")).to.equal("on");
  });
});

describe("the workspace's tsconfig", () => {
  const errorsWith = async (files: Record<string, string>, code: string) => {
    const notebook = openNotebook({ files });
    try {
      return await notebook.cell(code);
    } finally {
      notebook.close();
    }
  };

  it("determines how strict the check is", async () => {
    const loose = {
      "tsconfig.json": '{ "compilerOptions": { "strict": false, "target": "es5", "outDir": "out", "noEmit": true } }',
    };
    expect((await errorsWith(loose, "const s: string = null; const f = (x) => x; 1n")).errors).to.deep.equal([]);
    const strict = { "tsconfig.json": '// comments\n{ "compilerOptions": { "noUncheckedIndexedAccess": true } }' };
    expect((await errorsWith(strict, "const first: number = [1][0]")).errors[0]).to.match(/'number \| undefined'/);
  });

  it("may add paths and libraries", async () => {
    const files = {
      "tsconfig.json":
        '{ "compilerOptions": { "paths": { "@devices/*": ["./src/devices/*"] }, "lib": ["es2022", "dom"] } }',
      "src/devices/a.ts": "export const a = 7",
    };
    expect(await errorsWith(files, "import { a } from '@devices/a'; type D = HTMLElement; a")).to.deep.include({
      value: 7,
      errors: [],
    });
  });

  it("counts only if it covers the notebook's folder", async () => {
    const around = openNotebook({
      files: {
        "tsconfig.json": '{ "compilerOptions": { "strict": false }, "include": ["src"] }',
        "notes/keep.txt": "",
      },
    });
    const inner = openNotebook({ folder: path.join(around.folder, "notes") });
    try {
      expect((await inner.cell("const s: string = null")).ok).to.equal(false);
    } finally {
      inner.close();
      around.close();
    }
  });

  it("is ignored if it cannot be read", async () => {
    expect((await errorsWith({ "tsconfig.json": "{{{" }, "const s: string = null")).ok).to.equal(false);
  });
});

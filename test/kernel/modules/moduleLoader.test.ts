/** Tests of the modules that cells import. */

import fs from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { type Notebook, openNotebook } from "../compiler/notebook";

/** Writes a package into a workspace, as npm would install it. */
function installed(name: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`node_modules/${name}/${file}`, text]));
}

const PACKAGES = {
  ...installed("cjs-pkg", {
    "package.json": '{"name": "cjs-pkg", "main": "index.js", "types": "index.d.ts"}',
    "index.js": "const names = { plain: 1 }; names['com' + 'puted'] = 2; module.exports = names",
    "index.d.ts":
      "export const plain: number; export const computed: number; declare const all: { plain: number }; export default all",
  }),
  ...installed("compiled-pkg", {
    "package.json": '{"name": "compiled-pkg", "main": "index.js", "types": "index.d.ts"}',
    "index.js":
      "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'its default'; exports.named = 'named'",
    "index.d.ts": "declare const text: string; export default text; export const named: string",
  }),
  ...installed("function-pkg", {
    "package.json": '{"name": "function-pkg", "main": "index.js", "types": "index.d.ts"}',
    "index.js": "module.exports = function call(x) { return x + 1 }; module.exports.extra = 5",
    "index.d.ts":
      "declare function call(x: number): number; declare namespace call { const extra: number } export = call",
  }),
  ...installed("esm-pkg", {
    "package.json":
      '{"name": "esm-pkg", "type": "module", "exports": {".": {"types": "./index.d.ts", "default": "./index.js"}, "./sub": {"types": "./sub.d.ts", "default": "./sub.js"}}}',
    "index.js":
      "export const ready = await Promise.resolve(3); export let live = 1; export const bump = () => { live++ }; export default 'esm'",
    "index.d.ts":
      "export const ready: number; export let live: number; export function bump(): void; declare const d: string; export default d",
    "sub.js": "globalThis.sideEffect = 1; export const sub = 4",
    "sub.d.ts": "export const sub: number",
  }),
  ...installed("untyped", { "package.json": '{"name": "untyped", "main": "i.js"}', "i.js": "exports.u = 3" }),
  ...installed("types-only", {
    "package.json": '{"name": "types-only", "types": "index.d.ts"}',
    "index.d.ts": "export interface Shape { a: number }",
  }),
};

describe("modules of cells", () => {
  let notebook: Notebook;
  const value = (code: string) => notebook.value(code);

  before(() => {
    notebook = openNotebook({ files: PACKAGES });
  });
  after(() => notebook.close());

  it("of Node can be imported with and without prefix", async () => {
    expect(
      await value(
        "import fs, { existsSync } from 'node:fs'; import * as path from 'path'; [fs.existsSync === existsSync, path.join('a', 'b')]",
      ),
    ).to.deep.equal([true, "a/b"]);
    expect(await value("const os = await import('node:os'); typeof os.tmpdir()")).to.equal("string");
  });

  it("of CommonJS may be imported by a subpath without its extension", async () => {
    notebook.write("node_modules/old/package.json", '{ "name": "old", "version": "1.0.0" }');
    notebook.write("node_modules/old/plugin/utc.js", "module.exports = () => 'utc';");
    notebook.write("node_modules/old/plugin/utc.d.ts", "declare const utc: () => string; export = utc;");
    notebook.write("node_modules/old/fp/index.js", "exports.one = 1;");
    notebook.write("node_modules/old/fp/index.d.ts", "export const one: number;");
    expect(await value("import utc from 'old/plugin/utc'; import { one } from 'old/fp'; [utc(), one]")).to.deep.equal([
      "utc",
      1,
    ]);
    notebook.write("helper.ts", "import utc from 'old/plugin/utc'; export const zone = utc();");
    expect(await value("import { zone } from './helper'; zone")).to.equal("utc");
  });

  it("of CommonJS have all names that their types declare", async () => {
    expect(
      await value(
        "import all, { plain, computed } from 'cjs-pkg'; import * as space from 'cjs-pkg'; [all.plain, plain, computed, space.computed]",
      ),
    ).to.deep.equal([1, 1, 2, 2]);
    expect(await value("import text, { named } from 'compiled-pkg'; [text, named]")).to.deep.equal([
      "its default",
      "named",
    ]);
    expect(await value("import call from 'function-pkg'; call(1) + call.extra")).to.equal(7);
    expect(await value("import log, { getLogger } from 'loglevel'; [typeof log.info, typeof getLogger]")).to.deep.equal(
      ["function", "function"],
    );
  });

  it("of ESM may await at their top level, and their bindings are live", async () => {
    expect(await value("import word, { ready, live, bump } from 'esm-pkg'; bump(); [word, ready, live]")).to.deep.equal(
      ["esm", 3, 2],
    );
    expect(await value("bump(); live")).to.equal(3);
    expect(
      await value("import { sub } from 'esm-pkg/sub'; import 'esm-pkg/sub'; sub + (globalThis as any).sideEffect"),
    ).to.equal(5);
    expect(
      await value(
        "import * as vega from 'vega'; import { compile } from 'vega-lite'; [typeof vega.parse, typeof compile]",
      ),
    ).to.deep.equal(["function", "function"]);
  });

  it("are one instance, however they are imported", async () => {
    await value("import { Observable, of } from 'rxjs'; import type { Subscription } from 'rxjs'");
    expect(
      await value("const rx = await import('rxjs'); rx.of(1) instanceof Observable && rx.Observable === Observable"),
    ).to.equal(true);
    expect(await value("require('rxjs').Observable === Observable")).to.equal(true);
  });

  it("without types are any, with a warning", async () => {
    const { value: seen, warnings } = await notebook.cell("import { u } from 'untyped'; u");
    expect(seen).to.equal(3);
    expect(warnings[0]).to.match(/^1:19 Could not find a declaration file for module 'untyped'/);
  });

  it("of types only are not loaded", async () => {
    expect(await value("import { Shape } from 'types-only'; const shape: Shape = { a: 1 }; shape.a")).to.equal(1);
    expect(await value("const more: Shape = { a: 2 }; more.a")).to.equal(2);
  });

  it("that are missing at run time give Node's error, and can be imported again", async () => {
    const { ok, thrown } = await notebook.cell("const id: string = './nowhere.js'; await import(id)");
    expect(ok).to.equal(false);
    expect((thrown as Error).message).to.match(/Cannot find module/);
  });

  it("that are installed after a failed import are found", async () => {
    expect((await notebook.cell("import { late } from 'late-pkg'")).ok).to.equal(false);
    const files = installed("late-pkg", {
      "package.json": '{"name": "late-pkg", "type": "module", "exports": {"types": "./i.d.ts", "default": "./i.js"}}',
      "i.js": "export const late = 1",
      "i.d.ts": "export const late: number",
    });
    for (const [file, text] of Object.entries(files)) notebook.write(file, text);
    expect(await value("import { late } from 'late-pkg'; late")).to.equal(1);
  });
});

describe("secop-lab in cells", () => {
  const importIt = "import { SecopError } from 'secop-lab'; import type { Observable } from 'rxjs'; SecopError.name";
  const typesFile = (notebook: Notebook) => notebook.inspect(importIt, importIt.indexOf("SecopError.name"));

  it("is found from a workspace that has no packages at all", async () => {
    const notebook = openNotebook();
    try {
      expect(await notebook.value(importIt)).to.equal("SecopError");
      expect(await notebook.value("import { Buffer } from 'node:buffer'; Buffer.from('a').length")).to.equal(1);
      expect(await typesFile(notebook)).to.not.equal(undefined);
    } finally {
      notebook.close();
    }
  });

  it("is this package inside its own repository", async () => {
    const folder = path.resolve("notebooks");
    const notebook = openNotebook({ folder });
    try {
      expect(await notebook.value(importIt)).to.equal("SecopError");
      const own = await notebook.value("require.resolve('secop-lab')");
      expect(own).to.equal(fs.realpathSync(path.resolve("dist/lib/index.js")));
    } finally {
      notebook.close();
    }
  });

  it("is the workspace's own copy if it has one", async () => {
    const files = installed("secop-lab", {
      "package.json": '{"name": "secop-lab", "main": "i.js", "types": "i.d.ts"}',
      "i.js": "exports.which = 'own'",
      "i.d.ts": "export const which: string",
    });
    const notebook = openNotebook({ files });
    try {
      expect(await notebook.value("import { which } from 'secop-lab'; which")).to.equal("own");
    } finally {
      notebook.close();
    }
  });
});

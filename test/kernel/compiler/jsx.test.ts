/** Tests of JSX in cells, and of globals that Node has. */

import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { isCompleteCell } from "../../../kernel/compiler/completeness";
import { type Notebook, openNotebook } from "./notebook";

const RUNTIME = {
  "node_modules/h/package.json":
    '{ "name": "h", "version": "1.0.0", "exports": { "./jsx-runtime": { "types": "./r.d.ts", "default": "./r.js" } } }',
  "node_modules/h/r.js":
    "exports.jsx = exports.jsxs = (type, props) => ({ type, props }); exports.Fragment = 'fragment';",
  "node_modules/h/r.d.ts": `export const Fragment: unique symbol;
    export function jsx(type: unknown, props: unknown): JSX.Element;
    export const jsxs: typeof jsx;
    export namespace JSX {
      interface Element { type: unknown; props: Record<string, unknown> }
      interface IntrinsicElements { div: { id?: string; children?: unknown }; p: { children?: unknown } }
      interface ElementChildrenAttribute { children: {} }
    }`,
};

describe("JSX in cells", () => {
  let notebook: Notebook;
  before(() => {
    const options = '{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "h" } }';
    notebook = openNotebook({ files: { ...RUNTIME, "tsconfig.json": options } });
  });
  after(() => notebook?.close());

  it("is an element of the library that the tsconfig names", async () => {
    expect(await notebook.value("<div id='b'>x</div>")).to.deep.equal({
      type: "div",
      props: { id: "b", children: "x" },
    });
    expect(await notebook.value("<><p>1</p><p>{2}</p></>")).to.have.nested.property(
      "props.children[1].props.children",
      2,
    );
  });

  it("leaves elements, components and their types to later cells, with and without JSX", async () => {
    await notebook.value(
      "const el = <div id='a'/>\nfunction Hello({ name }: { name: string }) { return <p>{name}</p> }",
    );
    await notebook.value("const Bold = (props: { text: string }) => <Hello name={props.text}/>");
    expect(await notebook.value("el.props.id")).to.equal("a");
    expect(await notebook.value("const hello = Hello({ name: 'n' }); hello.type")).to.equal("p");
    expect(await notebook.value("const b = <Bold text='t'/>; b.props.text")).to.equal("t");
    expect(await notebook.value("const id = <T>(x: T) => x; id<number>(<number>(hello.props.none ?? 3))")).to.equal(3);
    expect(await notebook.value("id(b).props.text")).to.equal("t");
  });

  it("is checked", async () => {
    expect((await notebook.cell("<Hello name={5}/>")).errors).to.deep.equal([
      "1:8 Type 'number' is not assignable to type 'string'.",
    ]);
    expect((await notebook.cell("<nope/>")).errors.join()).to.match(/^1:1 Property 'nope' does not exist/);
    expect((await notebook.cell("<div></p>")).errors).to.deep.equal([
      "1:8 Expected corresponding JSX closing tag for 'div'.",
    ]);
    expect((await notebook.cell("<div>")).errors.join()).to.match(/JSX element 'div' has no corresponding closing tag/);
    expect((await notebook.cell("const a = 1, c = 2; a < c")).value).to.equal(true);
  });

  it("is completed, also while it does not parse", async () => {
    for (const code of ["<Hello na", "<div>{el.props.x}<Hello na"]) {
      expect((await notebook.complete(code, code.length)).candidates).to.include("name");
    }
    const tag = "<Hel";
    expect((await notebook.complete(tag, tag.length)).candidates).to.include("Hello");
  });

  it("is complete when its tags are closed", () => {
    expect(isCompleteCell("<div>\n  <p>1</p>\n</div>").status).to.equal("complete");
    expect(isCompleteCell("<div>\n  <p>").status).to.equal("incomplete");
  });

  it("calls React where the tsconfig says so", async () => {
    const classic = openNotebook({ files: { "tsconfig.json": '{ "compilerOptions": { "jsx": "react" } }' } });
    try {
      await classic.value(`const React = { createElement: (...parts: unknown[]) => parts.slice(0, 2) }
        declare global { namespace JSX { interface IntrinsicElements { div: { id?: string } } } }`);
      expect(await classic.value("<div id='b'/>")).to.deep.equal(["div", { id: "b" }]);
    } finally {
      classic.close();
    }
  });

  it("calls the functions that the tsconfig names, also those of earlier cells", async () => {
    const options = { jsx: "react", jsxFactory: "dom.h", jsxFragmentFactory: "Part" };
    const own = openNotebook({ files: { "tsconfig.json": JSON.stringify({ compilerOptions: options }) } });
    try {
      await own.value(`const dom = { h: (...parts: unknown[]) => parts }; const Part = "part";
        declare global { namespace JSX { interface IntrinsicElements { div: { id?: string } } } }`);
      expect(await own.value("<div id='b'>x</div>")).to.deep.equal(["div", { id: "b" }, "x"]);
      expect(await own.value("<><div/></>")).to.deep.equal(["part", null, ["div", null]]);
      expect((await own.cell("<div nr={5}/>")).errors.join()).to.match(/^1:6 .*nr: number/);
    } finally {
      own.close();
    }
  });

  it("says what is missing without a library", async () => {
    const plain = openNotebook();
    try {
      expect((await plain.cell("<div id='b'/>")).errors[0]).to.match(/requires the module path 'react\/jsx-runtime'/);
    } finally {
      plain.close();
    }
  });
});

describe("globals in cells", () => {
  it("are those of Node, with types", async () => {
    // The process of the tests has more.
    const program = "console.log(Object.getOwnPropertyNames(globalThis).join())";
    const notebook = openNotebook({ files: { "globals.js": program } });
    try {
      const globals = execFileSync(process.execPath, [`${notebook.folder}/globals.js`], { encoding: "utf8" });
      const missing: string[] = [];
      for (const name of globals.trim().split(",")) if (!(await notebook.cell(`typeof ${name}`)).ok) missing.push(name);
      expect(missing).to.deep.equal([]);
      const code = "new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))";
      expect(await notebook.value(`const m = ${code}; WebAssembly.Module.exports(m)`)).to.deep.equal([]);
      if ("URLPattern" in globalThis) {
        const matched = "new URLPattern({ pathname: '/runs/:id' }).exec('http://x/runs/7')?.pathname.groups.id";
        expect(await notebook.value(matched)).to.equal("7");
      }
      if ("CloseEvent" in globalThis)
        expect(await notebook.value("new CloseEvent('close', { code: 1001 }).code")).to.equal(1001);
      expect((await notebook.cell("WebAssembly.validate('x')")).errors.join()).to.match(/not assignable/);
      expect(
        (await notebook.cell("const key: CryptoKey | undefined = undefined; Object.groupBy")).errors.join(),
      ).to.match("groupBy" in Object ? /^$/ : /Property 'groupBy' does not exist/);
    } finally {
      notebook.close();
    }
  });
});

/** Tests of the language of cells: await, the value of the last expression, and declarations. */

import { expect } from "chai";
import { type Notebook, openNotebook } from "./notebook";

describe("the language of cells", () => {
  let notebook: Notebook;
  const value = (code: string) => notebook.value(code);

  before(() => {
    notebook = openNotebook();
  });
  after(() => notebook.close());

  describe("await", () => {
    const cases: [string, unknown][] = [
      ["await Promise.resolve(1)", 1],
      ["await (Promise.resolve(2))", 2],
      ["await (async () => 3)()", 3],
      ["const awaited = await Promise.resolve(4); awaited", 4],
      ["let sum = 0; for await (const x of [Promise.resolve(1), 2]) sum += x; sum", 3],
      ["if (true) { await Promise.resolve() } 5", 5],
      ["try { await Promise.reject(new Error('no')) } catch (e) { e.message }\n'caught'", "caught"],
      [
        "async function* two() { yield 1; yield 2 }\nconst got: number[] = []; for await (const x of two()) got.push(x); got.length",
        2,
      ],
      ["// @ts-ignore\nawait 6", 6],
    ];
    for (const [code, expected] of cases) {
      it(`may be used as in ${code.replaceAll("\n", " ")}`, async () => {
        expect(await value(code)).to.equal(expected);
      });
    }
  });

  describe("the value of the last expression", () => {
    const cases: [string, unknown][] = [
      ["1 + 1", 2],
      ["'x';", "x"],
      ["`a` + 1", "a1"],
      ["let i = 1; i++", 1],
      ["5 as number", 5],
      ["const of3 = [1, 2, 3]; of3.at(-1) // last", 3],
      ["{ let k = 5 }\nk2()\nfunction k2() { return 7 }", undefined],
      ["1, 2", 2],
      ["void 0", undefined],
    ];
    for (const [code, expected] of cases) {
      it(`of ${code.replaceAll("\n", " ")} is ${String(expected)}`, async () => {
        expect(await value(code)).to.equal(expected);
      });
    }

    it("of a class expression is the class itself", async () => {
      expect(await value("(class A {})")).to.be.a("function");
    });

    it("is an object for names in braces, also of earlier cells", async () => {
      await value("const left = 1; let right = 2;");
      expect(await value("{ left, right }")).to.deep.equal({ left: 1, right: 2 });
      expect(await value("const between = { left };\n  { x: right, y: between }\n")).to.deep.equal({
        x: 2,
        y: { left: 1 },
      });
    });

    it("stays a promise if it is one", async () => {
      expect((await notebook.cell("Promise.resolve(1)")).value).to.be.instanceOf(Promise);
    });
  });

  describe("declarations", () => {
    it("of all kinds are available in later cells", async () => {
      await value(`
        const { a, b: [c, ...d], ...e } = { a: 1, b: [2, 3, 4], f: 5, g: 6 };
        function add(x: number, y: number): number; function add(x: string, y: string): string;
        function add(x: any, y: any): any { return x + y }
        class Counter { #n = 0; static made = 0; constructor() { Counter.made++ } get next() { return ++this.#n } }
        enum Colour { Red, Green = "g" }
        const enum Level { Low = 1 }
        namespace Geo { export const pi = 3; export interface Point { x: number } }
        abstract class Shape { abstract area(): number }`);
      expect(await value("({ a, c, d, e })")).to.deep.equal({ a: 1, c: 2, d: [3, 4], e: { f: 5, g: 6 } });
      expect(await value("add(1, 2) + add('a', 'b').length")).to.equal(5);
      expect(await value("const counter = new Counter(); counter.next + counter.next + Counter.made")).to.equal(4);
      expect(await value("[Colour.Red, Colour.Green, Level.Low, Geo.pi]")).to.deep.equal([0, "g", 1, 3]);
      expect(
        await value(
          "const point: Geo.Point = { x: 4 }; class Sq extends Shape { area() { return point.x } }; new Sq().area()",
        ),
      ).to.equal(4);
    });

    it("may be types only", async () => {
      await value("interface Named { name: string }\ntype Maybe<T> = T | undefined");
      expect(await value("const someone: Maybe<Named> = { name: 'x' }; someone.name")).to.equal("x");
      expect((await notebook.cell("const nobody: Named = {}")).errors[0]).to.match(/^1:7 Property 'name' is missing/);
    });

    it("may be exported by the user", async () => {
      await value(
        "export const shown = 1; export let moved = 2; export function f9() { return 9 }; export default 5; export type T9 = number",
      );
      expect(await value("moved += 1; const t9: T9 = f9(); shown + moved + t9")).to.equal(13);
    });

    it("may be exported under another name, or from another module", async () => {
      await value(
        "const inner = 4; export { inner as outer }; export { inner }; export { join as glue } from 'node:path'; export * from 'rxjs'",
      );
      expect(await value("[inner, outer, glue('a', 'b'), typeof of]")).to.deep.equal([4, 4, "a/b", "function"]);
      expect(await value("const many: Observable<number> = of(1); many instanceof Observable")).to.equal(true);
    });

    it("with var in a block are available in later cells", async () => {
      await value("if (true) { var nested = 1 } for (var turn = 0; turn < 3; turn++);");
      expect(await value("nested += 1; nested + turn")).to.equal(5);
    });

    it("in declare global apply to later cells, until they are declared again", async () => {
      await value(
        "declare global { interface Array<T> { second(): T } var shared: number }\nArray.prototype.second = function () { return this[1] }",
      );
      expect(await value("globalThis.shared = 5; [1, 2].second() + shared")).to.equal(7);
      await value(
        "declare global { interface Array<T> { second(): T } var shared: string }\nglobalThis.shared = 'text'",
      );
      expect(await value("shared.length")).to.equal(4);
    });

    it("with declare refer to existing values", async () => {
      await value("(globalThis as any).injected = 3");
      await value("declare const injected: number");
      expect(await value("injected + 1")).to.equal(4);
    });

    it("with using are disposed of when the cell ends, even if it throws", async () => {
      await value(
        "const disposed: string[] = []; const res = (name: string) => ({ name, [Symbol.dispose]() { disposed.push(name) } })",
      );
      expect(await value("using one = res('one'); const kept = one.name; disposed.length")).to.equal(0);
      expect(await value("[...disposed, kept]")).to.deep.equal(["one", "one"]);
      expect((await notebook.cell("await using two = res('two'); throw new Error('x')")).ok).to.equal(false);
      expect(await value("disposed")).to.deep.equal(["one", "two"]);
      expect((await notebook.cell("one")).errors).to.deep.equal(["1:1 Cannot find name 'one'."]);
    });

    it("may hide the names that Node gives to modules, but not those that the compiler needs", async () => {
      expect(await value("const __dirname = 'mine'; __dirname")).to.equal("mine");
      const { errors } = await notebook.cell("const require = 5; let exports = 6");
      expect(errors).to.deep.equal([
        '1:7 "require" exists in every cell and cannot be declared: choose another name',
        '1:24 "exports" exists in every cell and cannot be declared: choose another name',
      ]);
      expect((await notebook.cell("const __secopLabValue = 5; __secopLabValue")).errors).to.deep.equal([
        '1:7 "__secopLabValue" exists in every cell and cannot be declared: choose another name',
      ]);
    });

    it("may have decorators", async () => {
      expect(
        await value(`
          function twice(target: (this: object, x: number) => number, _: ClassMethodDecoratorContext) {
            return function (this: object, x: number) { return 2 * target.call(this, x) };
          }
          class D { @twice run(x: number) { return x } }
          new D().run(4)`),
      ).to.equal(8);
    });
  });

  it("has require, __dirname and import.meta", async () => {
    expect(await value("[__dirname, import.meta.dirname, typeof require('node:fs').readFileSync]")).to.deep.equal([
      notebook.folder,
      notebook.folder,
      "function",
    ]);
  });

  it("is strict JavaScript", async () => {
    expect(await value("(function (this: unknown) { return this })()")).to.equal(undefined);
  });

  it("accepts a cell without code", async () => {
    for (const code of ["", "  \n", "// nothing", "/* nothing */", ";"])
      expect((await notebook.cell(code)).ok).to.equal(true);
  });
});

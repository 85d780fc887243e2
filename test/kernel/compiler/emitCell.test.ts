/** Tests of the JavaScript of cells. */

import { expect } from "chai";
import { type Notebook, openNotebook } from "./notebook";

describe("names of other modules in the compiled cell", () => {
  let notebook: Notebook;
  const value = (code: string) => notebook.value(code);

  before(async () => {
    notebook = openNotebook();
    await value(`
      let n = 1; const obj = { n: 5 }; class Base { v = n } enum Colour { Red = 4 } const enum Level { Low = 7 }
      function self(this: unknown) { return this === undefined }
      const tag = (texts: TemplateStringsArray, ...values: unknown[]) => texts.join("|") + values.join();
      namespace Geo { export const pi = 3; export interface Point { x: number } }`);
    await value("import { basename } from 'node:path'; import * as os from 'node:os'");
  });
  after(() => notebook.close());

  it("are members of these modules, wherever JavaScript allows an expression", async () => {
    expect(await value("({ n } = { n: 7 }); ({ n = 3 } = {} as { n?: number }); ({ a: obj, n })")).to.deep.equal({
      a: { n: 5 },
      n: 3,
    });
    expect(await value("n++; for (n of [8, 9]); [n] = [n + 1]; n **= 2; [typeof n, `${n}`, { n }.n]")).to.deep.equal([
      "number",
      "100",
      100,
    ]);
    expect(
      await value(
        "class Derived extends Base { own = n } enum Sum { A = n, B = Colour.Red }; [new Derived(), Sum.A, Sum.B]",
      ),
    ).to.deep.equal([{ v: 100, own: 100 }, 100, 4]);
    expect(await value("[Level.Low, Colour[4], basename('/a/b'), typeof os.EOL]")).to.deep.equal([
      7,
      "Red",
      "b",
      "string",
    ]);
  });

  it("are called without a this, as in a file", async () => {
    expect(await value("[self(), (self)(), self!(), (self as () => boolean)(), self?.()]")).to.deep.equal(
      Array(5).fill(true),
    );
    expect(await value("tag`a${n}b`")).to.equal("a|b100");
  });

  it("are distinguished from local names that are the same", async () => {
    expect(await value("n: for (;;) { break n }\nobj.n + ((n: number) => n)(1)")).to.equal(6);
    expect(
      await value("const { n: renamed } = obj; { const n = 'inner'; (n as string) + renamed }\n[renamed, { n: 2 }.n]"),
    ).to.deep.equal([5, 2]);
    expect(
      await value("try { throw 4 } catch (n) { (globalThis as any).caught = n }\n(globalThis as any).caught"),
    ).to.equal(4);
  });

  it("may have aliases, in namespaces too", async () => {
    expect(
      await value(
        "import pi = Geo.pi; import Point = Geo.Point; const point: Point = { x: pi }; namespace Inner { import q = Geo.pi; export const r = q + point.x } Inner.r",
      ),
    ).to.equal(6);
    expect(await value("pi + Inner.r")).to.equal(9);
  });

  it("may be exported by the user, under any name", async () => {
    await value(
      "export { n as many, obj as 'odd name', basename as nameOf }; export * as rx from 'rxjs'; export default class Named { a = n }",
    );
    expect(await value("[many, nameOf('/a/b'), typeof rx.of, new Named().a]")).to.deep.equal([
      100,
      "b",
      "function",
      100,
    ]);
    expect(await value("n = 6; many")).to.equal(6);
    for (const code of ["export default function () {}", "export default class {}", "export default n"])
      expect(await notebook.cell(code)).to.deep.include({ ok: true });
  });
});

/** Tests of names that are declared in one cell and used in others. */

import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type Notebook, openNotebook } from "./notebook";

describe("names across cells", () => {
  let notebook: Notebook;
  const value = (code: string) => notebook.value(code);

  before(() => {
    notebook = openNotebook();
  });
  after(() => notebook.close());

  it("declared by let are live in both directions", async () => {
    await value("let n = 1; const bump = () => ++n; const seen = () => n");
    expect(await value("n = 10; bump(); n")).to.equal(11);
    expect(await value("n++; n += 2; n **= 2; [n] = [n + 1]; ({ n } = { n: n + 1 }); seen()")).to.equal(198);
    expect(await value("let maybe: number | undefined; maybe ??= 4; maybe")).to.equal(4);
    expect(await value("maybe &&= 5; for (n of [7, 8]); seen() + (maybe ?? 0)")).to.equal(13);
  });

  it("keep their type when assigned to", async () => {
    await value("let typed = 1; const fixed = 1; function fn() {}");
    expect((await notebook.cell("\n  typed = 'x'")).errors).to.deep.equal([
      "2:3 Type 'string' is not assignable to type 'number'.",
    ]);
    expect((await notebook.cell("fixed = 2")).errors[0]).to.match(/^1:1 Cannot assign to 'fixed'/);
    expect((await notebook.cell("fn = () => {}")).errors[0]).to.match(/^1:1 Cannot assign to 'fn'/);
  });

  it("may be declared again with another type; older closures keep the older one", async () => {
    await value("const again = 1; const old = () => again");
    await value("const again = 'text'; let later = 1");
    expect(await value("again.length + old()")).to.equal(5);
    await value("function later() { return 6 }");
    expect(await value("later()")).to.equal(6);
    await value("interface Shape { a: number }");
    await value("interface Shape { b: string }");
    expect((await notebook.cell("const shape: Shape = { a: 1 }")).ok).to.equal(false);
    expect((await notebook.cell("const shape: Shape = { b: 'x' }")).ok).to.equal(true);
  });

  it("of classes may be declared again, and instances of the old class are distinguished from the new", async () => {
    notebook.language.setCellNumber(21);
    await value("class Base { #secret = 1; a = 1 }\nconst instance = new Base()");
    await value("class Base { #secret = 1; b = 2 }");
    expect(await value("(instance as unknown) instanceof Base")).to.equal(false);
    expect((await notebook.cell("const base: Base = instance")).errors[0]).to.match(
      /^1:7 Type 'Base \(In\[21\]\)' is (not assignable to|missing the following properties from) type 'Base \(In\[22\]\)'/,
    );
    expect(await value("class Derived extends Base { c = 3 }; new Derived().b")).to.equal(2);
  });

  it("of types from several cells are distinguished by their cells in messages", async () => {
    notebook.language.setCellNumber(31);
    await value("interface Two { x: number; y: number }\nconst older: Two = { x: 1, y: 2 }");
    // There are so many cells that the older ones are frozen to declarations, as also happens in idle time.
    for (let i = 0; i < 10; i++) await value(`const filler${i} = ${i}`);
    await value("interface Two { a: number; b: number }");
    const expected = "Type 'Two (In[31])' is missing the following properties from type 'Two (In[42])': a, b";
    expect((await notebook.cell("const newer: Two = older")).errors).to.deep.equal([`1:7 ${expected}`]);
    expect((await notebook.cell("const list: Two[] = [\n  older]")).errors).to.deep.equal([`2:3 ${expected}`]);
    await value("interface Two { x: number; y: number; z: number }");
    expect((await notebook.cell("const newest: Two = older")).errors).to.deep.equal([
      "1:7 Property 'z' is missing in type 'Two (In[31])' but required in type 'Two (In[45])'.",
    ]);
  });

  it("may hide globals of the language", async () => {
    await value("const WeakSet = 5; const escape = 6");
    expect(await value("WeakSet + escape")).to.equal(11);
  });

  it("of a cell that does not compile are not declared, and others keep their meaning", async () => {
    await value("const stays = 1");
    expect((await notebook.cell("const stays = 2; const absent: string = 3")).ok).to.equal(false);
    expect(await value("stays")).to.equal(1);
    expect((await notebook.cell("absent")).errors[0]).to.match(
      /^1:1 Cannot find name 'absent'\. In\[\d+\] would have declared it, but failed\.$/,
    );
  });

  it("of a cell that throws are those that it declared before", async () => {
    const { ok } = await notebook.cell(
      "const before = 1; function hoisted() { return before }\nthrow new Error('x')\nconst after = 2; let unset: number;",
    );
    expect(ok).to.equal(false);
    expect(await value("before + hoisted()")).to.equal(2);
    expect((await notebook.cell("after")).errors[0]).to.match(/Cannot find name 'after'\. In\[\d+\]/);
    expect((await notebook.cell("unset")).ok).to.equal(false);
  });

  it("of an interrupted cell are those that it declared before the next cell, and never overwrite newer ones", async () => {
    await value("let release = () => {}; const gate = new Promise<void>((resolve) => { release = resolve })");
    const running = notebook.cell(
      "const early = 1; let shared = 'old';\nawait gate;\nshared = 'late'; const late = 2; release = () => {}; late",
    );
    await notebook.begun();
    notebook.interrupt();
    expect((await running).ok).to.equal(false);
    await value("let shared = 'new'");
    expect(await value("release(); early")).to.equal(1);
    while (String(await value("release")).includes("resolve")) await sleep(1);
    expect(await value("shared")).to.equal("new");
    expect((await notebook.cell("late")).ok).to.equal(false);
  });

  it("of a cell that is interrupted while its imports load do not exist, because it never starts", async () => {
    notebook.write(
      "slow.ts",
      "await new Promise<void>((resolve) => { globalThis.letGo = resolve });\nexport const slow = 1; declare global { var letGo: () => void }",
    );
    const running = notebook.cell(
      "import { slow } from './slow'; (globalThis as any).started = true; const mine = slow",
    );
    while (!("letGo" in globalThis)) await nextTurn();
    notebook.interrupt();
    expect((await running).ok).to.equal(false);
    await value("globalThis.letGo(); await import('./slow')");
    expect(await value("(globalThis as any).started")).to.equal(undefined);
    expect((await notebook.cell("mine")).ok).to.equal(false);
  });

  it("without a type give a warning", async () => {
    const { ok, warnings } = await notebook.cell(
      "let un;\nconst list = []; const fine = [] as number[]; let set; set = 5",
    );
    expect(ok).to.equal(true);
    expect(warnings).to.deep.equal([
      '1:5 later cells see "un" as any: give it a type where it is declared',
      '2:7 later cells see "list" as any: give it a type where it is declared',
      '2:51 later cells see "set" as any: give it a type where it is declared',
    ]);
    expect((await notebook.cell("un; set = 6; list.push(set)")).warnings).to.deep.equal([]);
  });
});

describe("names of the language in cells", () => {
  it("may be hidden although our own code around the cell uses them", async () => {
    const notebook = openNotebook();
    try {
      expect(await notebook.value("const Object = 1, Symbol = 2, Promise = 3; Object + Symbol + Promise")).to.equal(6);
      expect(await notebook.value("Object + Promise")).to.equal(4);
    } finally {
      notebook.close();
    }
  });
});

import { expect } from "chai";
import { withAdvice } from "../../../../kernel/output/advice/typeAdvice";
import type { Diagnostic } from "../../../../kernel/tslabAdapter";
import { type Notebook, openNotebook } from "../../compiler/notebook";

describe("the check of a cell", function () {
  this.timeout(60_000);
  let notebook: Notebook;

  /** The messages that a cell shows. */
  async function shown(code: string): Promise<string[]> {
    const diagnostics: Diagnostic[] = (await notebook.convert(code)).diagnostics;
    return withAdvice(diagnostics, code).map(({ messageText }) => messageText);
  }

  before(async () => {
    notebook = openNotebook();
    await notebook.value('export * from "secop-lab";');
    await notebook.value(
      `let det = {} as Readable; let motor = {} as ReadableMotor; let dets: Readable[] = [];
       let RE = {} as RunEngine; let soon: Promise<number> = Promise.resolve(1); let limit = 1;
       function* wrong() { yield mv(motor, 1); }
       const table = new DataTable({ columns: new Map() } as never); const row = table.rows()[0]!;`,
    );
  });

  after(() => {
    notebook.close();
  });

  const cases: Readonly<Record<string, string>> = {
    "x = 5": "declare the name first:  const x = 5  (let instead of const, if it changes later)",
    "print(1)": "print(...) is written  console.log(...)",
    "import numpy as np": 'an import is written  import * as np from "numpy"  (packages of Python cannot be imported)',
    'import fs = require("fs")':
      'an import is written  import * as fs from "fs",  or  import fs from "fs"  if fs itself is called',
    "for i in range(5):": "a loop is written  for (let i = 0; i < 5; i++) { ... }",
    "for k in range(1, len(dets)):": "a loop is written  for (let k = 1; k < dets.length; k++) { ... }",
    "for k in range(9, -1, -2):": "a loop is written  for (let k = 9; k > -1; k += -2) { ... }",
    "from bluesky.plans import scan": 'an import is written  import { scan } from "secop-lab"',
    "count([det], num=3)": "TypeScript has no arguments by name: give num in its place:  count([det], 3)",
    "wait_for_idle(motor)": "waiting is part of a move:  await motor.set(5),  in a plan  yield* mv(motor, 5)",
    "const t = True": "True is written  true",
    "const f = False": "False is written  false",
    "const n = None": "None is written  undefined",
    'f"at {x} K"': "a string with values is written  `at ${x} K`",
    "# a comment\n1": "a comment begins with //, not with #",
    "1 # a comment": "a comment begins with //, not with #",
    "soon + 1": "a promise is not a value yet: write await before it",
    "soon * 2": "a promise is not a value yet: write await before it",
    "RE(wrong())": "yield* is missing: in a plan, each step is written  yield* mv(motor, 1)  with the star",
    "scan(det, motor, -5, 5, 3)": "detectors are a list: [det]",
    "count(det)": "detectors are a list: [det]",
    "scan(motor, -5, 5, 3)": "the list of detectors is missing:  scan([det], motor, -5, 5, 3)",
    "scan(dets, motor, -5, 5, 3, 1)":
      "one number too many: after the list of detectors come motor, start, stop for each motor, and the number of points at the end",
    "(m: Movable) => scan(dets, m, 0, 1, 2)":
      "a scan also reads its motor: declare m as ReadableMotor instead of Movable",
    "function* g() { const v = await det.read(); }":
      "a plan does not await: in a plan, write  yield* rd(det.value)  to read,  yield* mv(motor, 5)  to move",
    "new Status(soon)": "a status of a promise is  Status.from(soon)",
    "function* p(): Plan<void> { yield mv(motor, 1); }":
      "yield* is missing: in a plan, each step is written  yield* mv(motor, 1)  with the star",
    "const n: number = soon": "a promise is not a value yet: write await before it",
    "((n: number) => n)(soon)": "a promise is not a value yet: write await before it",
    "soon.toFixed(1)": "a promise is not a value yet: write await before it",
    "if (soon > 3) 1": "a promise is not a value yet: write await before it",
    "relScan(\n  det, motor, -1, 1, 3)": "detectors are a list: [det]",
    "count(motor)": "detectors are a list: [motor]",
    "RE(count)": "call the plan:  count(...)",
    ...Object.fromEntries(
      [
        ["row.det / 2", "Number(row.det)"],
        ["3 < row.det", "Number(row.det)"],
        ["row.det - row.mon", "Number(row.det)"],
        ["let sum = 0; sum += row.det;", "Number(row.det)"],
        ["row.a * row.b", "Number(row.a)"],
        ["row.a + row.b", "Number(row.a)"],
        ["table.rows().sort((p, q) => p.det - q.det)", "Number(p.det)"],
        ["row.det.toFixed(2)", "Number(row.det)"],
        ["const first: number = row.det;", "Number(row.det)"],
        ['Math.sqrt(table.column("det")[0])', 'table.numbers("det")[0]'],
        ['Math.max(...table.column("det"))', 'table.numbers("det")'],
        ['table.column("det").map((v) => v * 2)', "Number(v)"],
        ['table.derive({ twice: (each) => each["det"] * 2 })', 'Number(each["det"])'],
        ['table.column("det").reduce((p, q) => p + q) / table.length', 'table.numbers("det").reduce((p, q) => p + q)'],
      ].map(([code, number]) => [
        code,
        `a recorded value may be a text or a list as well; as a number it is  ${number}`,
      ]),
    ),
    // The compiler's text about null has no types, so this advice only supposes a recorded value.
    ...Object.fromEntries(
      [
        ["row.a > row.b", "Number(row.a)"],
        ['row["a"] <= row["b"]', 'Number(row["a"])'],
        ["if (row.a >= limit) 1", "Number(row.a)"],
        ["table.rows().filter((r) => r.a < r.b)", "Number(r.a)"],
        ['table.column("a")[0] > table.column("b")[0]', 'table.numbers("a")[0]'],
      ].map(([code, number]) => [code, `this may be null; if it is a recorded value, as a number it is  ${number}`]),
    ),
  };
  for (const [code, advice] of Object.entries(cases)) {
    it(`says what to do about  ${code.replace("\n", " ")}`, async () => {
      expect(await shown(code)).to.deep.equal([advice]);
    });
  }

  it("keeps the compiler's text of what has no advice", async () => {
    expect(await shown("nowhere")).to.deep.equal(["Cannot find name 'nowhere'."]);
    expect(await shown("const list: readonly Readable[] = det"))
      .to.have.lengthOf(1)
      .and.not.include("detectors are a list: [list]");
    expect(await shown("const best = [1, null][limit] ?? null; best > limit")).to.deep.equal([
      "'best' is possibly 'null'.",
    ]);
    expect(await shown("const s: string = 5")).to.deep.equal(["Type 'number' is not assignable to type 'string'."]);
  });

  const ofOwn: readonly (readonly [code: string, text: RegExp])[] = [
    ["function count(a: number, b: number) { return a + b }\ncount(1)", /^Expected 2 arguments, but got 1\./],
    ["const sleep = (o: { ms?: number }) => o.ms;\nsleep(5)", /has no properties in common with type/],
    ["const radar = { scan: (a: number, b: number) => a + b };\nradar.scan(1)", /^Expected 2 arguments, but got 1\./],
  ];
  for (const [code, text] of ofOwn) {
    it(`keeps the compiler's text about the user's own function:  ${code.replaceAll("\n", " ⏎ ")}`, async () => {
      const [first, ...others] = await shown(code);
      expect(first).to.match(text);
      expect(others).to.deep.equal([]);
    });
  }

  it("keeps the compiler's text about the user's own function of an earlier cell", async () => {
    const { diagnostics } = await notebook.convert("scan(dets, motor, -5)");
    const texts = (own: string) =>
      withAdvice(diagnostics, "scan(dets, motor, -5)", (name) => name === own).map(({ messageText }) => messageText);
    expect(texts("scan").join()).to.match(/^Argument of type 'number' is not assignable/);
    expect(texts("count")).to.deep.equal(["scan is called like this:  scan([det], motor, start, stop, num)"]);
  });

  it("says which cell failed rather than what a name means in Python", async () => {
    expect((await notebook.cell("const sum = Math.sqrt(nowhere)")).ok).to.equal(false);
    expect((await shown("sum + 1")).join()).to.match(/^Cannot find name 'sum'\. In\[\d+\] would have declared it/);
  });

  const typescript = [
    'console.log("this is it"',
    "console.log('wait for x in list and go'",
    'console.log("it is not closed)',
    "const a = ; // this is why",
    'const b = { "b": "one" "c": 2 }',
    'const c = { "f": "one" "r": 2 }',
    'if (1 > 2) console.log(1 > 2 ? "a" : "b"',
    "if (true) {} else if (1 > ) {",
  ];
  for (const code of typescript) {
    it(`does not take it for Python:  ${code}`, async () => {
      const { diagnostics } = await notebook.convert(code);
      expect(diagnostics).to.not.have.lengthOf(0);
      expect(withAdvice(diagnostics, code)).to.deep.equal(diagnostics);
    });
  }

  it("has no advice about a very long line, which is data", async () => {
    const code = `const d = array([${"1.5, nan, ".repeat(300)}], dtype=float32)`;
    const { diagnostics } = await notebook.convert(code);
    expect(diagnostics).to.have.lengthOf(303);
    expect(withAdvice(diagnostics, code)).to.deep.equal(diagnostics);
  });
});

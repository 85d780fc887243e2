import { inspect } from "node:util";
import { expect } from "chai";
import { type CellResult, type Notebook, openNotebook } from "../converter/notebook";

/** Cells that declare, redeclare, assign to and use a few names in all kinds of ways; many fail in some orders. */
const CELLS = [
  "const a = 1",
  "const a = 'text'",
  "let a = 2; const readA = () => a",
  "a",
  "a = 7",
  "a += 1; a",
  "readA()",
  "function a(x: number): string { return `${x}` }",
  "a(1)",
  "class A { #own = 1; n = 2; get own() { return this.#own } static made = 0 }",
  "class A extends Array<number> { extra = 'x' }",
  "const made = new A(); made instanceof A",
  "const same: A = made; same",
  "made.n",
  "made.extra",
  "enum Mode { Off, On = 'on' }",
  "const enum Mode { Off = 4, On = 5 }",
  "Mode.On",
  "const mode: Mode = Mode.Off; [mode, typeof mode]",
  "namespace Geo { export const pi = 3; export interface Point { x: number } }",
  "namespace Geo { export const pi = '3'; export type Point = string }",
  "const point: Geo.Point = { x: Geo.pi }; point",
  "import pi = Geo.pi; pi",
  "interface Named { name: string }",
  "interface Named { title: string }",
  "type Named = { name: string } | undefined",
  "const named: Named = { name: 'n' }; named",
  "const list = [1, 2, 3].map((x) => x * 2); list.at(-1)",
  "const list: readonly string[] = ['x']; list.length",
  "list.push(1)",
  "const { a, ...rest } = { a: 5, b: 6, c: { d: 7 } }",
  "rest",
  "const [first, , third = 9, ...others] = [1, 2]; [first, third, others]",
  "others.concat(4)",
  "let u; u = 5",
  "let maybe: number | undefined; maybe ??= 3; maybe",
  "maybe = undefined; maybe ?? 'none'",
  "{ a, list }",
  "{ a: 1, b: 2 }",
  "var v = 1; if (v) { var nested = v + 1 }",
  "nested + v",
  "throw new Error('broken')",
  "const before = 1; throw new RangeError('late'); const after = 2",
  "before",
  "after",
  "await Promise.resolve(readA?.())",
  "for await (const x of [Promise.resolve(1)]) a = x",
  "async function* gen() { yield 1; yield 2 } const got: number[] = []; for await (const x of gen()) got.push(x); got",
  "import { basename as a } from 'node:path'; a('/x/y')",
  "import * as path from 'node:path'; path.sep",
  "path.join('a', 'b')",
  "export { list as shown }; export { join as glue } from 'node:path'",
  "glue('a', 'b')",
  "shown.length",
  "using res = { [Symbol.dispose]() { (globalThis as any).disposed = 'yes' } }; const kept = 4",
  "[(globalThis as any).disposed, kept]",
  "const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.join('|') + v.join(); tag`x${a}y`",
  "function twice(target: (this: object) => number, _: ClassMethodDecoratorContext) { return function (this: object) { return 2 * target.call(this) } }\nclass D { @twice run() { return 3 } }\nnew D().run()",
  "class D { accessor value = 5; constructor(readonly size = 1) {} static { (globalThis as any).seen = 1 } } new D().value + new D().size",
  "abstract class Shape { abstract area(): number } class Sq extends Shape { area() { return 4 } } new Sq().area()",
  "const generic = <T extends object, K extends keyof T>(from: T, key: K): T[K] => from[key]; generic({ q: 1 }, 'q')",
  "generic({ q: 1 }, 'z' as never)",
  "const assertion: unknown = 5; const isText = (x: unknown): x is string => typeof x === 'string'; isText(assertion)",
  "const frozen = { mode: 'fast', steps: [1, 2] } as const",
  "frozen.steps = []",
  "const satisfied = { r: 1 } satisfies Record<string, number>; satisfied.r",
  "label: for (const x of [1]) { continue label }",
  "(function (this: unknown) { return this })()",
  "new (class { z = 1 })().z",
  "const anonymous = class { private hidden = 1; shown = 2 }; new anonymous().shown",
  "new anonymous().hidden",
  "const unique: unique symbol = Symbol('u'); typeof unique",
  "typeof unique + String(unique in {})",
  "const big = 10n ** 3n; big",
  "const re = /(?<year>\\d+)/u.exec('in 2020'); re?.groups?.year",
  "const nestedFn = () => { const a = 'inner'; return (() => a)() }; nestedFn()",
  "((a: number) => a)(3) + [1].map((list) => list)[0]",
  "({ a = 3 } = {} as { a?: number }); a",
  "[a, maybe] = [1, 2] as [number, number]; [a, maybe]",
  "let counter = 0; const bump = () => ++counter",
  "bump(); bump(); counter",
  "counter = 'x'",
  "const s: string = 5",
  "const s: string = 'ok'; s.lenght",
  "unknownName",
  "lst.length",
  "5 +",
  "foo(",
  "const x: = 1",
  "return 5",
  "function over(x: number): number; function over(x: string): string; function over(x: any) { return x } over('s') + over(1)",
  "declare const readA: () => number",
  "declare global { var shared: number }\nglobalThis.shared = 1",
  "shared + 1",
  "function implicit(x) { return x } implicit(2)",
  "const fn2 = function named2() { return typeof named2 }; fn2()",
  "switch (a as unknown) { case 1: 'one'; break; default: 'other' }",
  "export default class Exported { e = 1 }",
  "new Exported().e",
  "Object.entries({ k: 1 }).flat()",
  "const Promise2 = Promise; await Promise2.all([1, Promise2.resolve(2)])",
];

/** The same sequence for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const MISSING_PRIVATE = /Property '#private' is missing in type ('.*?') but required in type ('.*?')\.$/;

/**
 * What must be the same: whether it ran, its value or exception, and its errors. Known differences: TypeScript 7 names the private
 * members that it misses and tells the last overload only; swc writes the text of a function anew. TypeScript 6 says that a class does
 * not fit an older one of its name in one of two ways, depending on whether the older cell was frozen while the kernel was idle.
 */
function outcome({ ok, value, thrown, errors }: CellResult): string {
  const lines = errors
    .map((line) => (line.split("\n")[0] as string).replace(/#own\b/, "#private"))
    .map((line) => line.replace(MISSING_PRIVATE, "Type $1 is not assignable to type $2."));
  const shown = typeof value === "string" && value.includes("function") ? value.replace(/\s+/g, "") : value;
  return inspect({ ok, value: shown, thrown: thrown && String(thrown), errors: lines }, { depth: 4, breakLength: 200 });
}

async function run(compiler: "6" | "7", codes: readonly string[]): Promise<string[]> {
  for (const name of ["shared", "disposed", "seen"]) Reflect.deleteProperty(globalThis, name);
  const notebook = openOn(compiler);
  const outcomes: string[] = [];
  try {
    for (const code of codes) outcomes.push(outcome(await notebook.cell(code)));
  } finally {
    notebook.close();
  }
  return outcomes;
}

function openOn(compiler: "6" | "7"): Notebook {
  const before = process.env.SECOP_LAB_TYPESCRIPT;
  process.env.SECOP_LAB_TYPESCRIPT = compiler;
  try {
    return openNotebook();
  } finally {
    if (before === undefined) delete process.env.SECOP_LAB_TYPESCRIPT;
    else process.env.SECOP_LAB_TYPESCRIPT = before;
  }
}

const NOTEBOOKS = Number(process.env.SECOP_LAB_NOTEBOOKS ?? 500);
const PER_PAIR = 50;
const PER_NOTEBOOK = 8;

describe("notebooks of random cells", function () {
  this.timeout(900_000);

  it("give the same under both compilers", async () => {
    const next = randomNumbers(7);
    const differences: string[] = [];
    for (let done = 0; done < NOTEBOOKS; done += PER_PAIR) {
      const codes = Array.from(
        { length: PER_PAIR * PER_NOTEBOOK },
        () => CELLS[Math.floor(next() * CELLS.length)] as string,
      );
      // One after the other: tslab's executor has one place for its results in a process.
      const [older, newer] = [await run("6", codes), await run("7", codes)];
      for (const [k, code] of codes.entries()) {
        if (older[k] !== newer[k]) differences.push(`${code}\n  6: ${older[k]}\n  7: ${newer[k]}`);
      }
    }
    expect([...new Set(differences)].join("\n")).to.equal("");
  });
});

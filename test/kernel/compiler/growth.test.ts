/** Tests of notebooks with many cells. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { type Notebook, openNotebook } from "./notebook";

describe("a notebook of many cells", function () {
  this.timeout(120_000);
  let notebook: Notebook;
  const value = (code: string) => notebook.value(code);

  beforeEach(() => {
    notebook = openNotebook();
  });
  afterEach(() => notebook.close());

  it("may have a chain of 1,000 cells that each use the one before", async () => {
    await value("const x0 = { n: 0, list: [1] }");
    for (let i = 1; i <= 1000; i++) await value(`const x${i} = { ...x${i - 1}, n: x${i - 1}.n + 1 }`);
    expect(await value("x1000")).to.deep.equal({ n: 1000, list: [1] });
    expect((await notebook.cell("const s: string = x1000.n")).errors).to.deep.equal([
      "1:7 Type 'number' is not assignable to type 'string'.",
    ]);
  });

  it("keeps types across cells whose source is no longer there", async () => {
    await value(`
      class Device { private secret = 1; #own = 2; protected base = 3; static count = 0; get own() { return this.#own } }
      const choice = { mode: 'fast', steps: [1, 2] } as const;
      const isText = (x: unknown): x is string => typeof x === 'string';
      function pick<T extends object, K extends keyof T>(from: T, key: K): T[K] { return from[key] }
      const anonymous = class { private hidden = 1; shown = 2 };
      const file = await import('node:path');
      let count = 0; enum Level { Low = 'low' }`);
    for (let i = 0; i < 60; i++) await value(`const filler${i} = ${i}`);
    expect(
      await value("class Motor extends Device { peek() { return this.base } }; new Motor().peek() + new Motor().own"),
    ).to.equal(5);
    expect((await notebook.cell("new Device().secret")).errors[0]).to.match(/'secret' is private/);
    expect((await notebook.cell("choice.mode = 'slow'")).errors[0]).to.match(/read-only/);
    expect(await value("const u: unknown = 'abc'; isText(u) ? u.length : 0")).to.equal(3);
    expect(await value("const got: readonly [1, 2] = pick(choice, 'steps'); got.length")).to.equal(2);
    expect(await value("new anonymous().shown + file.sep.length + ++count + Level.Low.length")).to.equal(7);
    expect((await notebook.cell("count = 'x'")).ok).to.equal(false);
  });

  it("releases the values of a cell when all its names are declared again", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    await value(
      "const held = { data: [1] }; const other = 1; (globalThis as any).watched = new WeakRef(held); undefined",
    );
    const alive = () => (globalThis as unknown as { watched: WeakRef<object> }).watched.deref() !== undefined;
    await value("const held = 1");
    await value("const other = 1");
    for (let turn = 0; turn < 20 && alive(); turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      gc();
    }
    expect(alive()).to.equal(false);
  });

  it("forgets the types of dead cells, except those that living cells need", async () => {
    await value("interface Needed { deep: { value: number } }");
    await value("function make(): Needed { return { deep: { value: 1 } } }");
    await value("interface Needed { other: string }");
    for (let i = 0; i < 200; i++) await value(`const again = { turn: ${i} }`);
    expect(await value("make().deep.value + again.turn")).to.equal(200);
  });
});

/** Our converter against tslab's own, both behind tslab's executor, without Jupyter. Both sides take turns cell by cell. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createNotebookConverter } from "../../kernel/converter/index";
import { createExecutor, type NotebookConverter, tslabConverter } from "../../kernel/tslabAdapter";
import type { BenchRow } from "./bench";

const CELLS = 60;
/** tslab types all earlier cells anew for each cell; it is compared where that is still bearable. */
const DECLARED = [300, 1000];

export async function benchConverter(): Promise<BenchRow[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "secop-lab-bench-"));
  const home = process.cwd();
  process.chdir(folder);
  const converter = createNotebookConverter({ workspace: folder });
  const ours = side(folder, converter);
  const peer = side(folder, tslabConverter());
  try {
    const warm = await timed(() => converter.warm());
    const first = await timed(() => ours.run("1 + 1"));
    await peer.run("1 + 1");
    const rows: BenchRow[] = [
      { what: "warm: first program, in idle time before the first cell", unit: "ms", ours: warm },
      { what: "first cell after warm", unit: "ms", ours: first, target: "<= 30 ms" },
    ];
    const trivial = await compare("trivial cell, median", (i) => `${i} + 1`, ours, peer);
    rows.push({ ...trivial, target: "<= 0.6 x" });
    let declared = 0;
    for (const count of DECLARED) {
      for (; declared < count; declared++) {
        const code = `const v${declared} = ${declared}; function f${declared}(x: number) { return x + v${declared} }`;
        await ours.run(code);
        if (count === DECLARED[0]) await peer.run(code);
      }
      const name = (i: number): number => (i * 7) % declared;
      if (count === DECLARED[0]) {
        rows.push(await compare(`  after ${count} declaration cells`, (i) => `${i} + 1`, ours, peer));
        rows.push(
          await compare("  using a function and a value of them", (i) => `f${name(i)}(v${name(i)})`, ours, peer),
        );
        rows.push(await completion("completion of a member, median", "v1.", ours, peer));
        rows.push(await completion("completion of a name, median", "v1", ours, peer));
      }
      const grown = await medianOf(CELLS, (i) => ours.run(`${i} + 1`));
      const ratio = grown / trivial.ours;
      rows.push({
        what: `  after ${count}, against ours fresh`,
        unit: "ms",
        ours: grown,
        peer: trivial.ours,
        ratio,
        target: "<= 1.3 x",
      });
    }
    return rows;
  } finally {
    ours.close();
    peer.close();
    process.chdir(home);
    fs.rmSync(folder, { recursive: true });
  }
}

interface Side {
  run(code: string): Promise<unknown>;
  complete(code: string): unknown;
  close(): void;
}

function side(folder: string, converter: NotebookConverter): Side {
  const failures: unknown[] = [];
  const executor = createExecutor(folder, converter, { log: () => undefined, error: (...all) => failures.push(all) });
  const checked = async (code: string): Promise<void> => {
    if (!(await executor.execute(code))) throw new Error(`${code}: ${String(failures.at(-1))}`);
  };
  return { run: checked, complete: (code) => executor.complete(code, code.length), close: () => executor.close() };
}

async function compare(
  what: string,
  code: (i: number) => string,
  ours: Side,
  peer: Side,
): Promise<BenchRow & { ours: number }> {
  const mine: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < CELLS; i++) {
    mine.push(await timed(() => ours.run(code(i))));
    theirs.push(await timed(() => peer.run(code(i))));
  }
  return { what, unit: "ms", ours: median(mine), peer: median(theirs), ratio: median(mine) / median(theirs) };
}

async function completion(what: string, code: string, ours: Side, peer: Side): Promise<BenchRow> {
  const mine = await medianOf(CELLS, () => ours.complete(code));
  const theirs = await medianOf(CELLS, () => peer.complete(code));
  return { what, unit: "ms", ours: mine, peer: theirs, ratio: mine / theirs };
}

async function medianOf(count: number, run: (i: number) => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await timed(() => run(i)));
  return median(times);
}

async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

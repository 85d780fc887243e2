/**
 * Measures our language service and tslab's converter, both with tslab's executor and without Jupyter; they
 * alternate cell by cell.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createConverter } from "tslab/dist/converter";
import { type NotebookLanguage, openNotebookLanguage } from "../../kernel/compiler/index";
import { createExecutor, type TslabConverter } from "../../kernel/tslabAdapter";
import type { BenchRow } from "./bench";

const CELLS = 60;

export async function benchCompiler(): Promise<BenchRow[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "secop-lab-bench-"));
  const home = process.cwd();
  process.chdir(folder);
  const language = openNotebookLanguage({ workspace: folder });
  const ours = side(folder, language);
  const fresh = side(folder, openNotebookLanguage({ workspace: folder }));
  const peer = side(folder, createConverter() as unknown as TslabConverter);
  try {
    const warm = await timed(() => language.warm());
    const first = await timed(() => ours.run("1 + 1"));
    for (const other of [peer, fresh]) await other.run("1 + 1");
    const rows: BenchRow[] = [
      { what: "warm: what the first cell needs, in idle time before it", unit: "ms", ours: warm },
      { what: "first cell after warm", unit: "ms", ours: first, target: "<= 30 ms" },
    ];
    const trivial = (i: number): string => `${i} + 1`;
    rows.push({ ...(await compare("trivial cell, median", trivial, ours, peer)), target: "<= 0.6 x" });
    let declared = 0;
    const declareUpTo = async (count: number, sides: readonly Side[]): Promise<void> => {
      for (; declared < count; declared++) {
        const code = `const v${declared} = ${declared}; function f${declared}(x: number) { return x + v${declared} }`;
        for (const each of sides) await each.run(code);
      }
    };
    await declareUpTo(300, [ours, peer]);
    const use = (i: number): string => `f${(i * 7) % declared}(v${(i * 7) % declared})`;
    rows.push(
      await compare("  after 300 declaration cells", trivial, ours, peer),
      await compare("  using a function and a value of them", use, ours, peer),
      await completion("completion of a member, median", "v1.", ours, peer),
      await completion("completion of a name, median", "v1", ours, peer),
    );
    const againstFresh = async (what: string): Promise<void> => {
      rows.push({ ...(await compare(what, trivial, ours, fresh)), target: "<= 1.3 x" });
    };
    await againstFresh("trivial cell after 300, against ours fresh");
    await declareUpTo(1000, [ours]);
    await againstFresh("trivial cell after 1,000, against ours fresh");
    return rows;
  } finally {
    ours.close();
    peer.close();
    fresh.close();
    process.chdir(home);
    fs.rmSync(folder, { recursive: true });
  }
}

interface Side {
  run(code: string): Promise<unknown>;
  complete(code: string): unknown;
  close(): void;
}

type Load = NotebookLanguage["load"];

function side(folder: string, converter: TslabConverter & { readonly load?: Load }): Side {
  const failures: unknown[] = [];
  const executor = createExecutor(folder, converter, { log: () => undefined, error: (...all) => failures.push(all) });
  const checked = async (code: string): Promise<void> => {
    await converter.load?.(code);
    if (!(await executor.execute(code))) throw new Error(`${code}: ${String(failures.at(-1))}`);
  };
  const complete = async (code: string): Promise<unknown> => {
    const position = code.length;
    await converter.load?.(code, { about: "completion", position });
    return executor.complete(code, position);
  };
  return { run: checked, complete, close: () => executor.close() };
}

async function compare(what: string, code: (i: number) => string, ours: Side, peer: Side): Promise<BenchRow> {
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

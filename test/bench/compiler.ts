/**
 * Measures our language service and tslab's converter, both with tslab's executor and without Jupyter; they
 * alternate cell by cell.
 */

import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createConverter } from "tslab/dist/converter";
import type { NotebookLanguage } from "../../kernel/compiler/index";
import { createExecutor, type TslabConverter } from "../../kernel/tslabAdapter";
import { generateClasses } from "../../lib/codegen/generateClasses";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { repository } from "../peers/peers";
import { bigNode } from "../support/bigNode";
import type { BenchRow } from "./bench";

const CELLS = 60;

/** The built kernel, whose library of the language is one file. */
const { openNotebookLanguage } = createRequire(__filename)(
  path.join(repository, "dist/kernel/compiler/index"),
) as typeof import("../../kernel/compiler/index");

export async function benchCompiler(): Promise<BenchRow[]> {
  const folder = await workspace();
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
    const atFirst = await compare("trivial cell, median", trivial, ours, peer);
    rows.push({ ...atFirst, target: "<= 0.6 x" });
    rows.push(await alone("  not in turns with tslab", trivial, ours, "<= 0.9 ms"));
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
    rows.push(inMs(rows.at(-1) as BenchRow, "<= 0.9 ms"));
    const anew = (i: number): string => `const again = ${i}`;
    for (const each of [fresh, ours]) await each.run(anew(0));
    rows.push(
      await alone("a name declared anew, median", anew, fresh, "<= 1.5 ms"),
      await alone("  after 1,000 declarations", anew, ours),
      await alone("  whose type is not written", (i) => `const again = [${i}].map((n) => n + 1)`, fresh),
      await alone("an import that goes in or out, median", inAndOut, fresh, "<= 4 ms"),
      await alone("  after 1,000 declarations", inAndOut, ours, "<= 4 ms"),
    );
    const check = (code: string) => () => language.load(code);
    rows.push(
      await longestBlock("longest block: check of vega and vega-lite", check(LARGE_PACKAGES), "<= 15 ms"),
      await longestBlock("longest block: check of a class file of 60 x 80", check(CLASS_FILE), "<= 15 ms"),
      await longestBlock("  its whole import, the run of its code included", () => ours.run(CLASS_FILE)),
    );
    return rows;
  } finally {
    ours.close();
    peer.close();
    fresh.close();
    process.chdir(home);
    fs.rmSync(folder, { recursive: true });
  }
}

const LARGE_PACKAGES = 'import * as vega from "vega"; import * as vegaLite from "vega-lite"; [vega, vegaLite].length';
const CLASS_FILE = 'import { BigNode } from "./devices/big"; BigNode.name';
const inAndOut = (i: number): string => (i % 2 === 0 ? 'import { Subject } from "rxjs"; Subject.name' : `${i} + 1`);

/** Makes a folder with packages to import, and with the class file of a large node. */
async function workspace(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "secop-lab-bench-"));
  fs.mkdirSync(path.join(folder, "node_modules"));
  const link = (name: string, target: string): void => fs.symlinkSync(target, path.join(folder, "node_modules", name));
  link("secop-lab", repository);
  for (const name of ["rxjs", "vega", "vega-lite"]) link(name, path.join(repository, "node_modules", name));
  await generateClasses(parseDescription(bigNode(60, 80)), { dir: path.join(folder, "devices"), file: "big" });
  return folder;
}

/** The same row again, with a target in milliseconds. */
const inMs = ({ ours }: BenchRow, target: string): BenchRow => ({ what: "  in ms", unit: "ms", ours, target });

/** Measures cells that tslab has no counterpart of, or not within a useful time. */
async function alone(what: string, code: (i: number) => string, side: Side, target?: string): Promise<BenchRow> {
  return { what, unit: "ms", ours: await medianOf(CELLS, (i) => side.run(code(i))), ...(target && { target }) };
}

/** The longest time in which no timer, message or display of this process was served. */
async function longestBlock(what: string, work: () => Promise<unknown>, target?: string): Promise<BenchRow> {
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  await work();
  delay.disable();
  return { what, unit: "ms", ours: Math.max(0, delay.max / 1e6 - resolution), ...(target && { target }) };
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

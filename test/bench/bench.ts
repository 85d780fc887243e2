/** Runs the benchmarks that the command line names (default: all) and prints their results as a table. */

import { cpus } from "node:os";

/** A row of the table; `ratio` is ours / peer. */
export interface BenchRow {
  readonly what: string;
  /** The unit of `ours` and `peer`, for example `1/s`, `ms` or `MB`. */
  readonly unit: string;
  readonly ours: number;
  /** Absent if there is no peer; `target` is then a limit for `ours`. */
  readonly peer?: number;
  readonly ratio?: number;
  /** The target in docs/design.md §4, for example `>= 50 x`, `<= 0.6 x` or `<= 30 ms`. */
  readonly target?: string;
}

const suites: Record<string, () => Promise<() => Promise<BenchRow[]>>> = {
  secop: async () => (await import("./secop.js")).benchSecop,
  engine: async () => (await import("./engine.js")).benchEngine,
  live: async () => (await import("./live.js")).benchLive,
  classfile: async () => (await import("./classfile.js")).benchClassfile,
  kernel: async () => {
    const { benchKernel } = await import("./kernel.js");
    const { benchCompiler } = await import("./compiler.js");
    return async () => [...(await benchKernel()), ...(await benchCompiler())];
  },
  mixed: async () => (await import("./mixed.js")).benchMixed,
  keeping: async () => (await import("./keeping.js")).benchKeeping,
  rerun: async () => (await import("./rerun.js")).benchRerun,
};

const number = (x: number | undefined): string => {
  if (x === undefined) return "";
  if (Math.abs(x) >= 1000) return Math.round(x).toLocaleString("en");
  return x.toPrecision(3);
};

/** Whether a row reaches its target; undefined if it has none. */
function reached({ target, ratio, ours }: BenchRow): boolean | undefined {
  const match = /^(>=|<=|<|>)\s*([\d.,]+)\s*(x?)/.exec(target ?? "");
  if (!match) return undefined;
  const value = match[3] ? ratio : ours;
  const limit = Number(match[2]?.replaceAll(",", ""));
  if (value === undefined) return undefined;
  return match[1]?.startsWith(">") ? value >= limit : value <= limit;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const names = wanted.length > 0 ? wanted : Object.keys(suites);
  console.log(
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`,
  );
  for (const name of names) {
    const load = suites[name];
    if (!load) throw new Error(`there is no benchmark ${name}: use ${Object.keys(suites).join(", ")}`);
    console.log(name);
    for (const row of await (await load())()) {
      const mark = { true: "reached", false: "NOT REACHED", undefined: "" }[String(reached(row)) as "true"];
      const cells = [
        row.what.padEnd(62),
        `${number(row.ours)} ${row.unit}`.padStart(16),
        (row.peer === undefined ? "" : `${number(row.peer)} ${row.unit}`).padStart(16),
        (row.ratio === undefined ? "" : `${number(row.ratio)} x`).padStart(10),
        (row.target ?? "").padStart(12),
        mark,
      ];
      console.log(`  ${cells.join("  ")}`);
    }
    console.log();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

/** Runs the benchmarks named on the command line (default: all) and prints one table. */
import { cpus } from "node:os";

/** One line of the table. Rates: `ratio` = ours / peer, at least `target`. Times and memory: `ratio` = ours / peer, at most `target`. */
export interface BenchRow {
  readonly what: string;
  /** What `ours` and `peer` are counted in, e.g. `1/s`, `ms`, `MB`. */
  readonly unit: string;
  readonly ours: number;
  /** Absent where there is nothing to compare with; then `target` is a limit for `ours`. */
  readonly peer?: number;
  readonly ratio?: number;
  /** As in docs/design.md §4, e.g. `>= 50 x`, `<= 0.6 x`, `<= 30 ms`. */
  readonly target?: string;
}

const suites: Record<string, () => Promise<() => Promise<BenchRow[]>>> = {
  secop: async () => (await import("./secop.js")).benchSecop,
  engine: async () => (await import("./engine.js")).benchEngine,
  live: async () => (await import("./live.js")).benchLive,
  classfile: async () => (await import("./classfile.js")).benchClassfile,
  kernel: async () => (await import("./kernel.js")).benchKernel,
  converter: async () => (await import("./converter.js")).benchConverter,
};

const number = (x: number | undefined): string => {
  if (x === undefined) return "";
  if (Math.abs(x) >= 1000) return Math.round(x).toLocaleString("en");
  return x.toPrecision(3);
};

/** Whether a row reaches its target; undefined where the target is no comparison. */
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
    if (!load) throw new Error(`no benchmark ${name}: there are ${Object.keys(suites).join(", ")}`);
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

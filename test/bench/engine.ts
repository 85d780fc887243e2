/** Measures our RunEngine and bluesky's, with the same soft devices. */

import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Msg, type Plan } from "../../lib/core/protocols/msg";
import { makeRunEngine } from "../../lib/engine";
import { count, scan } from "../../lib/plans";
import { runPython } from "../peers/peers";
import { Det, Motor } from "../support/softDevices";
import type { BenchRow } from "./bench";

function* nulls(n: number): Plan<void> {
  for (let i = 0; i < n; i += 1) yield Msg("null");
}

/** Items per second, the best of three runs. */
async function rate(n: number, make: (n: number) => Plan): Promise<number> {
  let best = 0;
  for (let i = 0; i < 3; i += 1) {
    const RE = makeRunEngine();
    const started = performance.now();
    await RE(make(n));
    best = Math.max(best, (1000 * n) / (performance.now() - started));
  }
  return best;
}

/** The growth of memory (heap and array buffers) in MB by a run of `n` events with its table. */
async function growth(n: number, make: (n: number) => Plan): Promise<number> {
  const RE = makeRunEngine();
  await RE(make(1000));
  const before = await used();
  const run = await RE(make(n));
  const after = await used();
  if (run.table().length !== n) throw new Error(`expected ${n} rows`);
  return (after - before) / 2 ** 20;
}

async function used(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let i = 0; i < 3; i += 1) {
    collect();
    await setTimeout(100);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export async function benchEngine(): Promise<BenchRow[]> {
  const motor = new Motor("motor");
  const det = new Det("det", motor);
  const peer = JSON.parse(await runPython("test/bench/engineRates.py", [], { timeout: 300 })) as Record<string, number>;
  const rows: BenchRow[] = [];
  const compare = async (what: string, key: string, target: string, n: number, make: (n: number) => Plan) => {
    const ours = await rate(n, make);
    const theirs = peer[key] ?? Number.NaN;
    rows.push({ what, unit: "1/s", ours, peer: theirs, ratio: ours / theirs, target });
  };
  await compare("null messages", "null", ">= 50 x", 5_000_000, nulls);
  await compare("count: events", "count", ">= 150 x", 300_000, (n) => count([det], n));
  await compare("scan: points (views off)", "scan", ">= 150 x", 200_000, (n) => scan([det], motor, 0, 10, n));
  rows.push({
    what: "memory after 1,000,000 events with their table (views off)",
    unit: "MB",
    ours: await growth(1_000_000, (n) => count([det], n)),
    target: "<= 50 MB",
  });
  return rows;
}

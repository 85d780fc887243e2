/**
 * Measures class files of large nodes: to write them, to import them and to complete a member, each in a
 * fresh process.
 */

import { join } from "node:path";
import { repository, runProgram } from "../peers/peers";
import type { BenchRow } from "./bench";

interface Times {
  readonly write: number;
  readonly load: number;
  readonly complete: number;
}

const RUNS = 5;

export async function benchClassfile(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [what, size] of [
    ["60 x 80, all different", ["60", "80", "60"]],
    ["60 x 80 of 12 shapes", ["60", "80", "12"]],
    ["6 x 12", ["6", "12", "6"]],
  ] as const) {
    const [ours, peer] = [await measure("ours", size), await measure("tslab", size)];
    const total = ({ write, load, complete }: Times) => write + load + complete;
    rows.push(
      {
        what: `class file ${what}: write, first import, first completion`,
        unit: "ms",
        ours: total(ours),
        peer: total(peer),
        ratio: total(ours) / total(peer),
        target: "<= 400 ms",
      },
      timeRow("  write", ours.write, peer.write),
      timeRow("  first import (peer: compiled only)", ours.load, peer.load),
      timeRow("  first completion", ours.complete, peer.complete),
    );
  }
  return rows;
}

const timeRow = (what: string, ours: number, peer: number): BenchRow => ({
  what,
  unit: "ms",
  ours,
  peer,
  ratio: ours / peer,
});

/** The run with the median of the total times. */
async function measure(who: "ours" | "tslab", size: readonly string[]): Promise<Times> {
  const runs: Times[] = [];
  for (let n = 0; n < RUNS; n += 1) {
    const script = join(repository, "test/bench/classFileRun.ts");
    const { code, stdout, stderr } = await runProgram(process.execPath, ["--import=tsx", script, who, ...size]);
    if (code !== 0) throw new Error(`${script} ${who}: ${stderr || stdout}`);
    runs.push(JSON.parse(stdout.split("\n").find((line) => line.startsWith("{")) ?? "") as Times);
  }
  const total = ({ write, load, complete }: Times) => write + load + complete;
  const median = runs.sort((a, b) => total(a) - total(b))[Math.floor(RUNS / 2)];
  if (!median) throw new Error("there is no measurement");
  return median;
}

/** Measures what a recording costs while it is made, and how fast an hour of it is replayed. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRecording } from "../../lib/rerun";
import { SecopClient } from "../../lib/secop/client";
import { startFrappy } from "../peers/frappy";
import { recordHour, replayHour } from "../rerun/recordedHour";
import type { BenchRow } from "./bench";

const TURNS = 7;
const READS = 5000;

export async function benchRerun(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-rerun-"));
  try {
    return [...(await benchRecorder(folder)), ...(await benchHour(folder))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads of a real node with and without a recording, in turns; the medians. */
async function benchRecorder(folder: string): Promise<BenchRow[]> {
  const server = await startFrappy("cryo");
  const rates = { recorded: [] as number[], plain: [] as number[] };
  try {
    for (let turn = 0; turn <= TURNS; turn += 1) {
      // The first turn warms up.
      const plain = await readRate(server.uri);
      const recording = startRecording(join(folder, "reads.rec"), { notice: () => {} });
      const recorded = await readRate(server.uri).finally(() => recording.close());
      if (turn > 0) rates.plain.push(plain);
      if (turn > 0) rates.recorded.push(recorded);
    }
  } finally {
    await server.stop();
  }
  const [ours, peer] = [median(rates.recorded), median(rates.plain)];
  const what = "reads/s while recorded (peer: the same, not recorded)";
  return [{ what, unit: "1/s", ours, peer, ratio: ours / peer, target: ">= 0.95 x" }];
}

async function readRate(uri: string): Promise<number> {
  const client = await SecopClient.connect(uri);
  try {
    const start = performance.now();
    for (let i = 0; i < READS; i += 1) await client.read("cryo", "value");
    return (READS * 1000) / (performance.now() - start);
  } finally {
    await client.close();
  }
}

/** An hour of a ramp with 60 parameters, each reported once a second and ten times a second. */
async function benchHour(folder: string): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [period, often] of [
    [1, "1 Hz"],
    [0.1, "10 Hz"],
  ] as const) {
    const hour = await recordHour(join(folder, `hour-${period}.rec`), period);
    const start = performance.now();
    await replayHour(hour.path);
    const seconds = (performance.now() - start) / 1000;
    const what = `an hour of 60 parameters at ${often}`;
    rows.push(
      { what: `${what}: replayed`, unit: "s", ours: seconds, target: "< 60" },
      {
        what: `${what}: packed (peer: as text)`,
        unit: "MB",
        ours: hour.packed / 1e6,
        peer: hour.bytes / 1e6,
        ratio: hour.packed / hour.bytes,
      },
    );
  }
  return rows;
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

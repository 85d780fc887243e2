/** Documents of runs as bluesky makes them, for tests of their consumers. */

import { randomUUID } from "node:crypto";
import type { DataValue } from "../../lib/core";
import type {
  DataKey,
  Document,
  DocumentName,
  DocumentTypes,
  Event,
  EventDescriptor,
  RunStart,
  RunStop,
} from "../../lib/engine/documents/documents";

/** The documents of a run, made one by one. */
export interface TestRun {
  readonly start: RunStart;
  readonly descriptor: EventDescriptor;
  event(seq_num: number, data: Record<string, unknown>): Event;
  stop(exit_status?: RunStop["exit_status"], reason?: string): RunStop;
}

/** A run with one stream `primary` of `keys`. Each key belongs to an object of its own. */
export function testRun(keys: Record<string, Partial<DataKey>>, md: Partial<RunStart> = {}): TestRun {
  const uid = randomUUID();
  const time = 1795000000;
  const start: RunStart = { uid, time, scan_id: 12, plan_name: "scan", plan_type: "generator", ...md };
  const names = Object.keys(keys);
  const descriptor: EventDescriptor = {
    uid: randomUUID(),
    time,
    run_start: uid,
    name: "primary",
    data_keys: Object.fromEntries(
      names.map((name) => [
        name,
        { source: `SIM:${name}`, dtype: "number", shape: [], object_name: name, ...keys[name] } as DataKey,
      ]),
    ),
    hints: Object.fromEntries(names.map((name) => [name, { fields: [name] }])),
    configuration: {},
    object_keys: Object.fromEntries(names.map((name) => [name, [name]])),
  };
  return {
    start,
    descriptor,
    event: (seq_num, data) => ({
      uid: randomUUID(),
      time: time + seq_num,
      descriptor: descriptor.uid,
      seq_num,
      data: data as Record<string, DataValue>,
      timestamps: Object.fromEntries(Object.keys(data).map((key) => [key, time + seq_num])),
      filled: {},
    }),
    stop: (exit_status = "success", reason = "") => ({
      uid: randomUUID(),
      time: time + 100,
      run_start: uid,
      exit_status,
      reason,
      num_events: { primary: 0 },
    }),
  };
}

/** A consumer of documents. A promise that it returns resolves after its last frame. */
export type Consumer = <N extends DocumentName>(name: N, doc: DocumentTypes[N]) => void | Promise<void>;

/** Passes a whole run to a consumer. Returns what the consumer returns for the stop document. */
export function play(consumer: Consumer, run: TestRun, rows: readonly Record<string, unknown>[]): void | Promise<void> {
  void consumer("start", run.start);
  void consumer("descriptor", run.descriptor);
  rows.forEach((row, i) => void consumer("event", run.event(i + 1, row)));
  return consumer("stop", run.stop());
}

/** The documents of a whole run as a list. */
export function documentsOf(run: TestRun, rows: readonly Record<string, unknown>[]): Document[] {
  const documents: Document[] = [];
  void play((name, doc) => void documents.push({ name, doc } as Document), run, rows);
  return documents;
}

/** A peak over 31 points of `motor`. */
export function peakRows(center = 12.4, noise = 0): { motor: number; det: number }[] {
  return Array.from({ length: 31 }, (_, i) => {
    const motor = 5 + i / 2;
    return { motor, det: 1 + noise * Math.sin(i * 7) + 9 * Math.exp(-(((motor - center) / 2.5) ** 2) / 2) };
  });
}

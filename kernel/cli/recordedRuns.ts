/** The documents of the runs in a folder, and of those that were measured during a recording. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NamedDocument, Recording } from "../../lib/index";

/** The documents in the run files below a folder, in the order of the runs. */
export function documentsIn(folder: string): NamedDocument[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n").map(parseDocument))
    .filter((documents) => documents[0]?.[0] === "start")
    .sort((a, b) => timeOf(a) - timeOf(b))
    .flat();
}

function parseDocument(line: string): NamedDocument {
  try {
    const { name, doc } = JSON.parse(line) as { name?: unknown; doc?: unknown };
    return [String(name), (doc ?? {}) as object];
  } catch {
    return ["", {}];
  }
}

function timeOf([first]: readonly NamedDocument[]): number {
  const { time = 0 } = (first?.[1] ?? {}) as { readonly time?: number };
  return time;
}

/**
 * The runs beside the notebook that were measured while it was recorded: their start times are in the
 * recording.
 */
export function measuredRuns(folder: string, { lines, start }: Recording): NamedDocument[] {
  const starts = lines.filter(({ sign, text }) => sign === "*" && text.startsWith("start @ "));
  const times = new Set(starts.map(({ text }) => Math.round(1000 * (start + Number(text.slice("start @ ".length))))));
  const all = documentsIn(join(folder, "runs"));
  const runStarts = all
    .filter(([name, doc]) => name === "start" && times.has(Math.round(1000 * (doc as { time: number }).time)))
    .map(([, doc]) => (doc as { uid: string }).uid);
  const runUids = new Set(runStarts);
  const descriptors = all.filter(
    ([name, doc]) => name === "descriptor" && runUids.has((doc as { run_start: string }).run_start),
  );
  const descriptorUids = new Set(descriptors.map(([, doc]) => (doc as { uid: string }).uid));
  return all.filter(([, doc]) => {
    const { uid = "", run_start = "", descriptor = "" } = doc as Partial<Record<string, string>>;
    return runUids.has(uid) || runUids.has(run_start) || descriptorUids.has(descriptor);
  });
}

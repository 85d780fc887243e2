/** The documents of the runs in a folder, and of those that were measured during a recording. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NamedDocument, Recording } from "../../lib/index";

/**
 * The documents in the run files below a folder, in the order of the runs.
 *
 * @param isWanted Says by the start time of a run (in seconds) whether its documents are returned. Default:
 * all.
 */
export function documentsIn(folder: string, isWanted: (time: number) => boolean = () => true): NamedDocument[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => readRun(join(folder, name), isWanted))
    .sort((a, b) => timeOf(a[0]) - timeOf(b[0]))
    .flat();
}

/** The documents of a run file; none if it is another file or the run is not wanted. */
function readRun(file: string, isWanted: (time: number) => boolean): NamedDocument[] {
  const [first = "", ...rest] = readFileSync(file, "utf8").trimEnd().split("\n");
  const start = parseDocument(first);
  return start[0] === "start" && isWanted(timeOf(start)) ? [start, ...rest.map(parseDocument)] : [];
}

function parseDocument(line: string): NamedDocument {
  try {
    const { name, doc } = JSON.parse(line) as { name?: unknown; doc?: unknown };
    return [String(name), (doc ?? {}) as object];
  } catch {
    return ["", {}];
  }
}

function timeOf(start: NamedDocument | undefined): number {
  const { time = 0 } = (start?.[1] ?? {}) as { readonly time?: number };
  return time;
}

/**
 * The runs beside the notebook that were measured while it was recorded: their start times are in the
 * recording.
 */
export function measuredRuns(folder: string, { lines, start }: Recording): NamedDocument[] {
  const starts = lines.filter(({ sign, text }) => sign === "*" && text.startsWith("start @ "));
  const times = new Set(starts.map(({ text }) => Math.round(1000 * (start + Number(text.slice("start @ ".length))))));
  return documentsIn(join(folder, "runs"), (time) => times.has(Math.round(1000 * time)));
}

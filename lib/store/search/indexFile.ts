/** The index of a folder of runs: a file of JSON lines that can be deleted at any time. */

import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { realClock } from "../../clock";
import type { RunStart, RunStop } from "../../engine/documents/documents";
import type { FileEnds } from "../reading/fileEnds";

const FILE = ".index.jsonl";
/** Raised when entries get other members, so that old files are made anew. */
const VERSION = 1;
/** Milliseconds after which a file without a stop document is assumed not to grow any more. */
const SETTLED_MS = 60_000;

/** The entry of a file in the index, also of one that is not a run. */
export interface IndexEntry extends FileEnds {
  /** The path below the folder, with `/`. */
  readonly file: string;
}

/** The entry of a run. */
export interface RunEntry extends IndexEntry {
  readonly start: RunStart;
  readonly stop?: RunStop;
}

export function isRun(entry: IndexEntry): entry is RunEntry {
  return entry.start !== undefined;
}

/** The entries in the file; `isStale` if it is missing, of another version or damaged. */
export function loadIndex(dir: string): { readonly entries: IndexEntry[]; readonly isStale: boolean } {
  const entries: IndexEntry[] = [];
  let isStale = false;
  let text: string;
  try {
    text = readFileSync(join(dir, FILE), "utf8");
  } catch {
    return { entries, isStale: true };
  }
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const entry = parseEntry(line);
    if (entry) entries.push(entry);
    else isStale = true;
  }
  return { entries, isStale };
}

function parseEntry(line: string): IndexEntry | undefined {
  try {
    const { v, ...entry } = JSON.parse(line) as { v: unknown } & IndexEntry;
    const { file, size, mtimeMs, start } = entry;
    const isValid =
      typeof file === "string" &&
      typeof size === "number" &&
      typeof mtimeMs === "number" &&
      (start === undefined || (typeof start.uid === "string" && typeof start.time === "number"));
    return v === VERSION && isValid ? entry : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Appends entries, or with `all` writes the file anew. Runs that still grow are left out. A folder that
 * cannot be written is searched without an index.
 */
export function saveIndex(dir: string, all: Iterable<IndexEntry> | undefined, fresh: readonly IndexEntry[]): void {
  const kept = [...(all ?? fresh)].filter(isSettled);
  if (all === undefined && kept.length === 0) return;
  const path = join(dir, FILE);
  const text = kept.map((entry) => `${JSON.stringify({ v: VERSION, ...entry })}\n`).join("");
  const temporary = `${path}.${process.pid}`;
  try {
    if (all === undefined) appendFileSync(path, text);
    else {
      writeFileSync(temporary, text);
      renameSync(temporary, path);
    }
  } catch {
    rmSync(temporary, { force: true });
  }
}

function isSettled({ stop, start, size, mtimeMs }: IndexEntry): boolean {
  // JSON has no NaN: such an entry could not be read again.
  if (size < 0 || (start && !Number.isFinite(start.time))) return false;
  return stop !== undefined || 1000 * realClock.now() - mtimeMs > SETTLED_MS;
}

/** Follows the run files of a folder while another process writes them. */

import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { realClock } from "../../clock";
import type { Document } from "../../engine/documents/documents";
import { delayFor } from "../../timeLimit";
import { readLine } from "../reading/readDocuments";
import { RunFolder } from "../search/runFolder";
import type { DocumentSource } from "./documentSource";

/** Seconds between two looks at the files. */
const INTERVAL = 0.3;
/** Bytes that are read at a time. */
const CHUNK = 1 << 18;

/**
 * The runs of a folder: the newest one from its beginning, then all that begin later, also several at a time.
 * A folder that does not exist yet is waited for.
 */
export function followedFolder(dir: string): DocumentSource {
  return { uri: dir, documents: (signal) => received(dir, signal) };
}

async function* received(dir: string, signal?: AbortSignal): AsyncGenerator<Document, void, undefined> {
  // Not the shared one, so that a folder that was made again is seen as it is.
  const folder = new RunFolder(dir);
  const known = new Set<string>();
  const tails = new Map<string, RunTail>();
  const since = realClock.now();
  let isFirst = true;
  while (!signal?.aborted) {
    const runs = runsOf(folder);
    const fresh = runs.filter(({ file }) => !known.has(file));
    for (const { file } of runs) known.add(file);
    const begun = isFirst ? shownFirst(fresh, since) : fresh;
    isFirst &&= runs.length === 0;
    // The oldest first, as they were made.
    for (const { file } of begun.reverse()) tails.set(file, new RunTail(join(dir, file)));
    for (const [file, tail] of tails) {
      for (const document of tail.read()) {
        yield document;
        if (signal?.aborted) return;
      }
      if (tail.ended) tails.delete(file);
    }
    await delayFor(INTERVAL, signal, { real: true });
  }
}

/**
 * Of the runs that are found first, newest first: the newest one, some without an end, and all that are new.
 */
function shownFirst<R extends ReturnType<typeof runsOf>[number]>(runs: readonly R[], since: number): R[] {
  const isNew = ({ start }: R) => start.time >= since;
  const older = runs.filter((run, i) => !isNew(run) && (i === 0 || run.stop === undefined));
  return [...runs.filter(isNew), ...older.slice(0, MOST_OPEN)];
}

/** Runs without an end that are followed beside the newest one when following begins. */
const MOST_OPEN = 4;

function runsOf(folder: RunFolder) {
  try {
    return folder.runs();
  } catch {
    // It does not exist yet, or a disk that was mounted is away.
    return [];
  }
}

/** Reads what a file has got since it was read last. */
class RunTail {
  readonly #path: string;
  #position = 0;
  #rest = "";
  readonly #decoder = new StringDecoder("utf8");
  /** Whether the stop document was read. */
  ended = false;

  constructor(path: string) {
    this.#path = path;
  }

  *read(): Generator<Document, void> {
    const bytes = Buffer.allocUnsafe(CHUNK);
    for (let got = this.#next(bytes); got > 0 && !this.ended; got = this.#next(bytes)) {
      this.#position += got;
      const lines = (this.#rest + this.#decoder.write(bytes.subarray(0, got))).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) {
        const { document } = readLine(line);
        if (!document) continue;
        this.ended ||= document.name === "stop";
        yield document;
      }
    }
  }

  #next(bytes: Buffer): number {
    let file: number | undefined;
    try {
      file = openSync(this.#path, "r");
      return readSync(file, bytes, 0, bytes.length, this.#position);
    } catch {
      return 0;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}

/** The start and the stop of a run file, without what lies between. */

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { diskErrorText } from "../../disk";
import type { RunStart, RunStop } from "../../engine/documents/documents";
import { readLine, replacedStart } from "./readDocuments";

/** Bytes at the beginning among which a start is searched. */
const HEAD = 1 << 14;
const HEAD_MOST = 1 << 22;
/** Bytes at the end among which a stop is searched. */
const TAIL = 1 << 12;
const TAIL_MOST = 1 << 20;

/** The ends of a run file. Without `start` it is not a run, and `problem` says why. */
export interface FileEnds {
  readonly start?: RunStart;
  readonly stop?: RunStop;
  readonly problem?: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** Reads the ends of a file; never throws. */
export function readEnds(path: string): FileEnds {
  let file: number;
  try {
    // Not waiting for a writer: opening a named pipe would hang. Windows does not know this flag.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return { problem: diskErrorText(error), size: -1, mtimeMs: 0 };
  }
  try {
    const stat = fstatSync(file);
    const { size, mtimeMs } = stat;
    if (!stat.isFile()) return { problem: "not a file", size, mtimeMs };
    if (size === 0) return { problem: "an empty file", size, mtimeMs };
    const { start, problem } = readStart(file, size);
    if (!start) return { problem: problem ?? "no start document", size, mtimeMs };
    const stop = readStop(file, size, start.uid);
    return { start, ...(stop && { stop }), ...(problem !== undefined && { problem }), size, mtimeMs };
  } catch (error) {
    return { problem: diskErrorText(error), size: -1, mtimeMs: 0 };
  } finally {
    closeSync(file);
  }
}

/** The first start document; else one with the uid that another document names. */
function readStart(file: number, size: number): { readonly start?: RunStart; readonly problem?: string } {
  for (let length = Math.min(HEAD, size); ; length = Math.min(length * 16, size, HEAD_MOST)) {
    const lines = textOf(file, 0, length).split("\n");
    const isAll = length === size || length === HEAD_MOST;
    if (!isAll) lines.pop();
    let first: string | undefined;
    let replaced: RunStart | undefined;
    for (const [i, line] of lines.entries()) {
      const { document, problem } = readLine(line);
      if (document?.name === "start") {
        const known = problem ?? first;
        return { start: document.doc, ...(known !== undefined && { problem: known }) };
      }
      first ??= problem && `line ${i + 1}: ${problem}`;
      replaced ??= document && replacedStart(document);
    }
    if (!isAll && replaced === undefined) continue;
    if (replaced) return { start: replaced, problem: "the start document is lost" };
    return first === undefined ? {} : { problem: first };
  }
}

/** The stop document: the last one among the last lines. */
function readStop(file: number, size: number, uid: string): RunStop | undefined {
  for (let length = Math.min(TAIL, size); ; length = Math.min(length * 16, size, TAIL_MOST)) {
    const lines = textOf(file, size - length, length).split("\n");
    const isAll = length === size || length === TAIL_MOST;
    // The first line is incomplete, unless it begins with the file.
    const whole = length === size ? lines : lines.slice(1);
    let isOther = false;
    for (const line of whole.reverse()) {
      const { document } = readLine(line);
      if (document?.name === "stop") return document.doc.run_start === uid ? document.doc : undefined;
      isOther ||= document !== undefined;
      if (isOther) return undefined;
    }
    if (isAll) return undefined;
  }
}

function textOf(file: number, position: number, length: number): string {
  const bytes = Buffer.allocUnsafe(length);
  let got = 0;
  while (got < length) {
    const n = readSync(file, bytes, got, length - got, position + got);
    if (n === 0) break;
    got += n;
  }
  return bytes.toString("utf8", 0, got);
}

/** The file of one run while it is written. */

import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DocumentName, DocumentTypes, Event, EventDescriptor, RunStart } from "../engine/documents/documents";
import { documentLine, floatKeys } from "./documentLine";

/**
 * Documents that are written one by one within a millisecond. More are written together, since a write costs
 * more than a document.
 */
const ONE_BY_ONE = 8;
/** Characters that wait to be written, at most. */
const MOST_WAITING = 1 << 16;

/**
 * Writes the documents of one run. Up to eight documents in a millisecond are in the file before `append`
 * returns. Further ones are written together before the event loop turns. So the file is complete to the last
 * moment, whatever kills the process.
 */
export class RunFile {
  readonly path: string;
  readonly #file: number;
  #waiting = "";
  #millisecond = 0;
  /** The number of documents in this millisecond. */
  #writes = 0;
  #closed = false;
  #flush: NodeJS.Immediate | undefined;
  /** The keys of floating-point numbers, by descriptor. */
  readonly #floats = new Map<string, ReadonlySet<string>>();
  readonly #onError: (error: unknown) => void;

  /**
   * Makes the file and its folders in `dir`. Throws if that fails. `onError` is called if lines cannot be
   * written later.
   */
  constructor(dir: string, start: RunStart, onError: (error: unknown) => void) {
    this.#onError = onError;
    [this.path, this.#file] = create(dir, start);
  }

  append<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    if (name === "descriptor") this.#floats.set((doc as EventDescriptor).uid, floatKeys(doc as EventDescriptor));
    this.#waiting += documentLine(name, doc, this.#floats.get((doc as Partial<Event>).descriptor ?? ""));
    const now = performance.now();
    if (now - this.#millisecond >= 1) {
      this.#millisecond = now;
      this.#writes = 0;
    }
    this.#writes += 1;
    if (this.#writes <= ONE_BY_ONE || this.#waiting.length > MOST_WAITING) this.flush();
    else this.#flush ??= setImmediate(() => this.#flushLater());
  }

  /** Writes all waiting documents. Throws if that fails. */
  flush(): void {
    clearImmediate(this.#flush);
    this.#flush = undefined;
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = "";
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }

  /** Writes all waiting documents and closes the file, even if writing fails. Further calls do nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.flush();
    } finally {
      closeSync(this.#file);
    }
  }

  #flushLater(): void {
    try {
      this.flush();
    } catch (error) {
      this.#onError(error);
    }
  }
}

/**
 * Makes `runs/2026/11/22/140321-12-3f9a2c41.jsonl`: names sort by time. An existing file is never changed.
 */
function create(dir: string, start: RunStart): [path: string, file: number] {
  const date = new Date(start.time * 1000);
  const digits = (n: number): string => String(n).padStart(2, "0");
  const day = [String(date.getFullYear()), digits(date.getMonth() + 1), digits(date.getDate())];
  const time = digits(date.getHours()) + digits(date.getMinutes()) + digits(date.getSeconds());
  const name = [time, safe(start.scan_id ?? "run"), safe(start.uid.slice(0, 8))].join("-");
  for (let attempt = 0; ; attempt++) {
    const path = join(dir, ...day, `${name}${attempt ? `-${attempt}` : ""}.jsonl`);
    mkdirSync(dirname(path), { recursive: true });
    try {
      return [path, openSync(path, "wx")];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 99) throw error;
    }
  }
}

/** Any metadata as part of a file name: characters that could be a path are replaced. */
function safe(part: unknown): string {
  return (
    String(part)
      .replace(/[^A-Za-z0-9_-]/g, "_")
      .slice(0, 32) || "_"
  );
}

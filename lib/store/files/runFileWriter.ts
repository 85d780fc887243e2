/** The file of one run while it is written. */

import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { realClock } from "../../clock";
import { makeFolder } from "../../disk";
import type { DocumentName, DocumentTypes, Event, EventDescriptor } from "../../engine/documents/documents";
import { documentLine, floatKeys } from "./documentLine";

/** Milliseconds between attempts to write the documents that wait. */
const RETRY_MS = 1000;
/** The most bytes of documents that wait in memory while the file cannot be written. */
const MOST_WAITING = 1 << 27;

/**
 * Writes the documents of one run. Each document is in the file before `append` returns, so the file is
 * complete up to the last event whatever kills the process. While the disk refuses, documents wait in memory,
 * and are written in their order as soon as it works again.
 */
export class RunFileWriter {
  readonly #makePath: (attempt: number) => string;
  #path: string;
  #file: number | undefined;
  /** The lines that could not be written yet. */
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #lost = 0;
  /** Whether the file was deleted and could not be made again. */
  #deleted = false;
  #nextTry = 0;
  #nextCheck = 1000 * realClock.monotonic() + RETRY_MS;
  #line = Buffer.allocUnsafe(4096);
  /** The keys of floating-point numbers, by descriptor. */
  readonly #floats = new Map<string, ReadonlySet<string>>();

  /**
   * @param makePath the path to try; a higher attempt gives another one. An existing file is never changed.
   */
  constructor(makePath: (attempt: number) => string) {
    this.#makePath = makePath;
    this.#path = makePath(0);
  }

  get path(): string {
    return this.#path;
  }

  /** Whether all documents are in the file. */
  get complete(): boolean {
    return this.#waitingBytes === 0 && !this.#deleted;
  }

  /** The number of documents for which there was no memory. */
  get lost(): number {
    return this.#lost;
  }

  /**
   * Writes a document. Throws the error of the disk if it now waits in memory, and a RangeError if it
   * cannot be written at all.
   */
  append<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    if (name === "descriptor") this.#floats.set((doc as EventDescriptor).uid, floatKeys(doc as EventDescriptor));
    const line = documentLine(name, doc, this.#floats.get((doc as Partial<Event>).descriptor ?? ""));
    const length = this.#encode(line);
    const now = 1000 * realClock.monotonic();
    if (this.#waitingBytes > 0 || this.#file === undefined) {
      this.#wait(Buffer.from(this.#line.subarray(0, length)));
      if (now >= this.#nextTry || name === "stop") this.retry();
      return;
    }
    this.#write(this.#line, length);
    if (now >= this.#nextCheck || name === "stop") this.#restoreDeleted(now);
  }

  /** Tries to write the documents that wait. Throws the error of the disk if that fails. */
  retry(): void {
    this.#nextTry = 1000 * realClock.monotonic() + RETRY_MS;
    this.#file ??= this.#open();
    while (this.#waiting[0]) {
      const bytes = this.#waiting.shift() as Buffer;
      this.#waitingBytes -= bytes.length;
      this.#write(bytes, bytes.length, true);
    }
    if (this.#deleted) this.#restoreDeleted(1000 * realClock.monotonic());
  }

  /** Closes the file. Further calls do nothing. */
  close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file);
  }

  /** Puts a line as bytes into `#line`. @returns the number of bytes */
  #encode(line: string): number {
    if (line.length * 3 > this.#line.length) this.#line = Buffer.allocUnsafe(line.length * 3);
    return this.#line.write(line, 0);
  }

  /** Writes bytes. Those that the disk does not take wait, and the error is thrown. */
  #write(bytes: Buffer, length: number, first = false): void {
    let at = 0;
    try {
      while (at < length) at += writeSync(this.#file as number, bytes, at, length - at);
    } catch (error) {
      this.#wait(Buffer.from(bytes.subarray(at, length)), first);
      this.#nextTry = 1000 * realClock.monotonic() + RETRY_MS;
      throw error;
    }
  }

  #wait(bytes: Buffer, first = false): void {
    if (this.#waitingBytes + bytes.length > MOST_WAITING && !first) {
      this.#lost += 1;
      return;
    }
    if (first) this.#waiting.unshift(bytes);
    else this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  /** A file that was deleted is still open: it is copied to its place again. */
  #restoreDeleted(now: number): void {
    this.#nextCheck = now + RETRY_MS;
    const old = this.#file as number;
    if (fstatSync(old).nlink > 0) return;
    this.#deleted = true;
    const copy = this.#open();
    const bytes = Buffer.allocUnsafe(1 << 20);
    try {
      for (let at = 0; ; ) {
        const got = readSync(old, bytes, 0, bytes.length, at);
        if (got === 0) break;
        for (let done = 0; done < got; ) done += writeSync(copy, bytes, done, got - done);
        at += got;
      }
    } catch (error) {
      closeSync(copy);
      throw error;
    }
    closeSync(old);
    this.#file = copy;
    this.#deleted = false;
  }

  #open(): number {
    for (let attempt = 0; ; attempt += 1) {
      const path = this.#makePath(attempt);
      try {
        makeFolder(dirname(path));
        const file = openSync(path, "wx+");
        this.#path = path;
        return file;
      } catch (error) {
        const { code, syscall } = error as NodeJS.ErrnoException;
        if (code !== "EEXIST" || syscall !== "open" || attempt > 9999) throw error;
      }
    }
  }
}

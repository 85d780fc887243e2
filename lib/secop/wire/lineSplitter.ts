/** Splits a byte stream into lines, however it is cut into chunks. */

import { Buffer, isUtf8 } from "node:buffer";

const LF = 10;
const CR = 13;
/** The character to which bytes that are not UTF-8 are decoded. */
const REPLACEMENT = "\ufffd";

/** The longest line in bytes, which fits into a JavaScript string. */
const MAX_LINE = 2 ** 28;

/**
 * Splits bytes into lines: LF ends a line, one CR before it is dropped, and empty lines count. UTF-8 is
 * decoded per line, so that code points stay whole across chunks; a line that is not UTF-8 is read as ISO
 * 8859-1. A line of n bytes costs O(n), however many chunks it has. A line of more than `maxLine` bytes is
 * skipped, and `onTooLong` is called once for it. The bytes of a chunk may change after `push`.
 */
export class LineSplitter {
  readonly #maxLine: number;
  readonly #onTooLong: (limit: number) => void;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #skipping = false;

  constructor(onTooLong: (limit: number) => void = () => {}, maxLine = MAX_LINE) {
    this.#onTooLong = onTooLong;
    this.#maxLine = maxLine;
  }

  /** Takes a chunk, and calls `onLine` for each line that it ends. */
  push(chunk: Uint8Array, onLine: (line: string) => void): void {
    const end = chunk.lastIndexOf(LF);
    if (end < 0) {
      this.#keep(chunk);
      return;
    }
    let start = 0;
    if (this.#pendingBytes > 0 || this.#skipping) {
      start = chunk.indexOf(LF) + 1;
      this.#keep(chunk.subarray(0, start - 1));
      const line = this.#takePending();
      if (line !== undefined) onLine(line);
    }
    if (start <= end) this.#lines(chunk.subarray(start, end), onLine);
    if (end + 1 < chunk.length) this.#keep(chunk.subarray(end + 1));
  }

  /** Decodes all lines at once, or each by itself if one of them may not be UTF-8. */
  #lines(bytes: Uint8Array, onLine: (line: string) => void): void {
    const text = decode(bytes);
    if (!text.includes(REPLACEMENT)) eachLine(text, onLine);
    else for (const line of linesOf(bytes)) onLine(withoutCr(decodeLine(line)));
  }

  #keep(part: Uint8Array): void {
    if (this.#skipping || part.length === 0) return;
    this.#pendingBytes += part.length;
    if (this.#pendingBytes > this.#maxLine) {
      this.#skipping = true;
      this.#pending = [];
      this.#onTooLong(this.#maxLine);
      return;
    }
    this.#pending.push(new Uint8Array(part));
  }

  #takePending(): string | undefined {
    const parts = this.#pending;
    const skipped = this.#skipping;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#skipping = false;
    if (skipped) return undefined;
    const [only] = parts;
    return withoutCr(decodeLine(parts.length === 1 && only ? only : Buffer.concat(parts)));
  }
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** A line that is not UTF-8 is read as ISO 8859-1, in which some nodes send "°" and "µ". */
function decodeLine(bytes: Uint8Array): string {
  const text = decode(bytes);
  return text.includes(REPLACEMENT) && !isUtf8(bytes) ? Buffer.from(bytes).toString("latin1") : text;
}

function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  let from = 0;
  for (let to = bytes.indexOf(LF); to >= 0; to = bytes.indexOf(LF, from)) {
    yield bytes.subarray(from, to);
    from = to + 1;
  }
  yield bytes.subarray(from);
}

function eachLine(text: string, onLine: (line: string) => void): void {
  let from = 0;
  let to = text.indexOf("\n");
  while (to >= 0) {
    onLine(text.slice(from, text.charCodeAt(to - 1) === CR && to > from ? to - 1 : to));
    from = to + 1;
    to = text.indexOf("\n", from);
  }
  onLine(withoutCr(from === 0 ? text : text.slice(from)));
}

function withoutCr(line: string): string {
  return line.charCodeAt(line.length - 1) === CR ? line.slice(0, -1) : line;
}

/** Reads one column of numbers out of a large run file without parsing all of its documents. */

import { open } from "node:fs/promises";
import type { EventDescriptor } from "../../engine/documents/documents";
import { numeric } from "../../live/view/streamFields";
import { EventPattern } from "./eventPattern";
import { readLine } from "./readDocuments";

/** Bytes that are read at once. */
const CHUNK = 1 << 19;

/**
 * The column `key` of a stream in the order of `seq_num`, as doubles; NaN where an event has no number.
 * Resolves to undefined if there is no such column.
 */
export async function fastColumn(path: string, stream: string, key: string): Promise<Float64Array | undefined> {
  const column = new ColumnScanner(stream, key);
  const file = await open(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(CHUNK);
    // The pieces of a line that is longer than what is read at once.
    let pieces: string[] = [];
    while (true) {
      const { bytesRead } = await file.read(bytes, 0, CHUNK, null);
      if (bytesRead === 0) break;
      const chunk = bytes.toString("latin1", 0, bytesRead);
      pieces.push(chunk);
      if (!chunk.includes("\n")) continue;
      const text = pieces.length > 1 ? pieces.join("") : chunk;
      const end = text.lastIndexOf("\n") + 1;
      column.scan(text, end);
      pieces = end < text.length ? [text.slice(end)] : [];
    }
    // It may be incomplete, and is parsed.
    column.scanLine(pieces.join(""));
  } finally {
    await file.close();
  }
  return column.result();
}

class ColumnScanner {
  readonly #stream: string;
  readonly #key: string;
  readonly #descriptors = new Map<string, boolean>();
  /** The patterns of the events of each descriptor; the one that fitted last is tried first. */
  readonly #patterns = new Map<string, EventPattern>();
  #pattern: EventPattern | undefined;
  #isKnown = false;
  #values = new Float64Array(1 << 12);
  #numbers: Float64Array | undefined;
  #length = 0;

  constructor(stream: string, key: string) {
    this.#stream = stream;
    this.#key = key;
  }

  /** Takes the lines of `text` up to `end`. */
  scan(text: string, end: number): void {
    for (let at = 0; at < end; ) {
      const next = this.#pattern?.match(text, at) ?? this.#matchOther(text, at);
      if (next !== undefined) {
        const { number, value } = this.#pattern as EventPattern;
        if (number > 0) this.#put(number, value);
        at = next;
        continue;
      }
      const lineEnd = text.indexOf("\n", at);
      this.scanLine(text.slice(at, lineEnd));
      at = lineEnd + 1;
    }
  }

  result(): Float64Array | undefined {
    if (!this.#isKnown) return undefined;
    const values = this.#values.subarray(0, this.#length);
    return this.#numbers ? inOrder(values, this.#numbers.subarray(0, this.#length)) : values.slice();
  }

  #matchOther(text: string, at: number): number | undefined {
    if (this.#patterns.size < 2) return undefined;
    for (const pattern of this.#patterns.values()) {
      const next = pattern === this.#pattern ? undefined : pattern.match(text, at);
      if (next === undefined) continue;
      this.#pattern = pattern;
      return next;
    }
    return undefined;
  }

  /** Takes a line by parsing it. */
  scanLine(line: string): void {
    const { document } = readLine(Buffer.from(line, "latin1").toString("utf8"));
    if (document?.name === "descriptor") this.#describe(document.doc);
    else if (document?.name === "event") {
      const { doc } = document;
      const isWanted = this.#descriptors.get(doc.descriptor);
      if (isWanted === undefined) return;
      if (isWanted) this.#put(doc.seq_num, numeric(doc.data[this.#key]));
      if (this.#patterns.has(doc.descriptor)) return;
      this.#pattern = EventPattern.of(doc, isWanted ? this.#key : undefined);
      if (this.#pattern) this.#patterns.set(doc.descriptor, this.#pattern);
    } else if (document?.name === "event_page" && this.#descriptors.get(document.doc.descriptor) === true) {
      for (const [i, number] of document.doc.seq_num.entries()) {
        this.#put(number, numeric(document.doc.data[this.#key]?.[i]));
      }
    }
  }

  #describe({ uid, name, data_keys }: EventDescriptor): void {
    const isWanted = name === this.#stream && Object.hasOwn(data_keys, this.#key);
    this.#descriptors.set(uid, isWanted);
    if (isWanted) this.#isKnown = true;
  }

  #put(number: number, value: number): void {
    if (this.#length === this.#values.length) {
      this.#values = grown(this.#values);
      if (this.#numbers) this.#numbers = grown(this.#numbers);
    }
    if (this.#numbers === undefined && number !== this.#length + 1) {
      this.#numbers = Float64Array.from({ length: this.#values.length }, (_, i) => i + 1);
    }
    this.#values[this.#length] = value;
    if (this.#numbers) this.#numbers[this.#length] = number;
    this.#length += 1;
  }
}

function grown(array: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Values by their numbers; of several with the same number the last one counts. */
function inOrder(values: Float64Array, numbers: Float64Array): Float64Array {
  const last = new Map<number, number>();
  for (const [i, number] of numbers.entries()) last.set(number, i);
  const order = [...last].sort(([a], [b]) => a - b);
  return Float64Array.from(order, ([, i]) => values[i] as number);
}

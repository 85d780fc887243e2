/** Reads one column of numbers out of a large run file without parsing its documents. */

import { createReadStream } from "node:fs";
import type { EventDescriptor } from "../../engine/documents/documents";
import { readLine } from "./readDocuments";

/**
 * The column `key` of a stream in the order of `seq_num`, as doubles; NaN where an event has no number. For
 * streams whose values are numbers, texts and booleans only. Resolves to undefined if there is no such
 * column.
 */
export async function fastColumn(path: string, stream: string, key: string): Promise<Float64Array | undefined> {
  const column = new ColumnScanner(stream, key);
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "latin1", highWaterMark: 1 << 17 })) {
    const text = rest === "" ? (chunk as string) : rest + chunk;
    const end = text.lastIndexOf("\n") + 1;
    column.scan(text, end);
    rest = text.slice(end);
  }
  // It may be incomplete, and is parsed.
  column.scanLine(rest);
  return column.result();
}

const EVENT = '{"name":"event","doc":{';

class ColumnScanner {
  readonly #stream: string;
  readonly #key: string;
  /** The key in a line of latin1 text. */
  readonly #pattern: string;
  readonly #descriptors = new Map<string, boolean>();
  #isSimple = true;
  #isKnown = false;
  #values = new Float64Array(1 << 12);
  #numbers: Float64Array | undefined;
  #length = 0;

  constructor(stream: string, key: string) {
    this.#stream = stream;
    this.#key = key;
    this.#pattern = `${Buffer.from(JSON.stringify(key)).toString("latin1")}:`;
  }

  /** Takes the lines of `text` up to `end`. */
  scan(text: string, end: number): void {
    for (let at = 0; at < end; ) {
      const lineEnd = text.indexOf("\n", at);
      if (!this.#fast(text, at, lineEnd)) this.scanLine(text.slice(at, lineEnd));
      at = lineEnd + 1;
    }
  }

  result(): Float64Array | undefined {
    if (!this.#isKnown) return undefined;
    const values = this.#values.subarray(0, this.#length);
    return this.#numbers ? inOrder(values, this.#numbers.subarray(0, this.#length)) : values.slice();
  }

  /** An event as RunFiles writes it. @returns false for another line, which is parsed */
  #fast(text: string, at: number, lineEnd: number): boolean {
    if (!this.#isSimple || !text.startsWith(EVENT, at)) return false;
    const described = text.indexOf('"descriptor":"', at + EVENT.length);
    if (described < 0 || described > lineEnd) return false;
    const from = described + 14;
    const wanted = this.#descriptors.get(text.slice(from, text.indexOf('"', from)));
    if (wanted === undefined) return false;
    if (!wanted) return true;
    const seq = text.indexOf('"seq_num":', from);
    const data = text.indexOf('"data":{', seq);
    const found = text.indexOf(this.#pattern, data + 7);
    if (seq < 0 || data < 0 || found < 0 || found > lineEnd) return false;
    const start = found + this.#pattern.length;
    const value = Number(text.slice(start, endOfNumber(text, start)));
    const number = Number(text.slice(seq + 10, endOfNumber(text, seq + 10)));
    if (!Number.isSafeInteger(number) || number < 1) return false;
    if (Number.isNaN(value) && text.charCodeAt(start) !== 78 /* N of NaN */) return false;
    this.#put(number, value);
    return true;
  }

  /** Takes a line by parsing it. */
  scanLine(line: string): void {
    const { document } = readLine(Buffer.from(line, "latin1").toString("utf8"));
    if (document?.name === "descriptor") this.#describe(document.doc);
    else if (document?.name === "event" && this.#descriptors.get(document.doc.descriptor) === true) {
      const value = document.doc.data[this.#key];
      this.#put(document.doc.seq_num, typeof value === "number" ? value : Number.NaN);
    } else if (document?.name === "event_page" && this.#descriptors.get(document.doc.descriptor) === true) {
      for (const [i, number] of document.doc.seq_num.entries()) {
        const value = document.doc.data[this.#key]?.[i];
        this.#put(number, typeof value === "number" ? value : Number.NaN);
      }
    }
  }

  #describe({ uid, name, data_keys }: EventDescriptor): void {
    const isWanted = name === this.#stream && Object.hasOwn(data_keys, this.#key);
    this.#descriptors.set(uid, isWanted);
    if (!isWanted) return;
    this.#isKnown = true;
    // Inside of a struct or a list the key could appear a second time.
    const scalar = new Set(["number", "integer", "string", "boolean"]);
    if (!Object.values(data_keys).every((key) => scalar.has(key.dtype) && typeof key.dtype_numpy !== "object"))
      this.#isSimple = false;
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

/** The end of a number that begins here. */
function endOfNumber(text: string, start: number): number {
  let end = start;
  for (; ; end += 1) {
    const code = text.charCodeAt(end);
    // A comma, a closing brace, or the end of the text.
    if (code === 44 || code === 125 || code === 10 || Number.isNaN(code)) return end;
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

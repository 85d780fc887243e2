/** Sets of fields of a structure, by their numbers: those that have changed, or that are written. */

import type { PvaReader } from "./pvaReader";
import type { PvaWriter } from "./pvaWriter";

/** Bytes of a word, which is sent in the byte order of the message; the rest follows byte by byte. */
const WORD = 8;

/** A set of small whole numbers, as pvAccess sends it. */
export class BitSet {
  #bytes: Buffer;

  /** @param bytes the lowest bit first; none is an empty set. */
  constructor(bytes: Uint8Array = Buffer.alloc(0)) {
    this.#bytes = Buffer.from(bytes);
  }

  static read(from: PvaReader): BitSet {
    const bytes = Buffer.from(from.bytes(from.size()));
    if (from.bigEndian) reverseWords(bytes);
    return new BitSet(bytes);
  }

  write(to: PvaWriter): void {
    const bytes = Buffer.from(this.#bytes);
    if (to.bigEndian) reverseWords(bytes);
    to.size(bytes.length);
    to.raw(bytes);
  }

  has(bit: number): boolean {
    return ((this.#bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  add(bit: number): this {
    const index = bit >> 3;
    if (index >= this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(index + 1 - this.#bytes.length)]);
    this.#bytes[index] = (this.#bytes[index] ?? 0) | (1 << (bit & 7));
    return this;
  }

  /** Whether it contains one of the bits from `start` to `end`, without `end` itself. */
  hasAny(start: number, end: number): boolean {
    const last = Math.min(end, 8 * this.#bytes.length);
    for (let bit = start; bit < last; bit++) if (this.has(bit)) return true;
    return false;
  }
}

function reverseWords(bytes: Buffer): void {
  for (let at = 0; at + WORD <= bytes.length; at += WORD) bytes.subarray(at, at + WORD).reverse();
}

/** Writes the primitives of pvAccess into a message. */

import { endianness } from "node:os";
import { type NumberCode, type PvArray, SCALARS } from "./pvScalar";

/** The bytes of a new buffer. */
const FIRST_SIZE = 256;
const NATIVE_IS_BIG = endianness() === "BE";

/** A buffer that grows as values are appended. */
export class PvaWriter {
  readonly bigEndian: boolean;
  // `allocUnsafe` takes the buffer from the pool of Node, because connecting PVs takes thousands of messages.
  #data = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;

  constructor(bigEndian: boolean) {
    this.bigEndian = bigEndian;
  }

  /** The bytes that were written so far. The view is valid until more is written. */
  get bytes(): Buffer {
    return this.#data.subarray(0, this.#length);
  }

  u8(value: number): void {
    // The room is made first, because that may replace the buffer.
    const at = this.#room(1);
    this.#data[at] = value;
  }

  u16(value: number): void {
    const at = this.#room(2);
    if (this.bigEndian) this.#data.writeUInt16BE(value, at);
    else this.#data.writeUInt16LE(value, at);
  }

  u32(value: number): void {
    const at = this.#room(4);
    if (this.bigEndian) this.#data.writeUInt32BE(value >>> 0, at);
    else this.#data.writeUInt32LE(value >>> 0, at);
  }

  number(code: NumberCode, value: number | bigint): void {
    const { size, set } = SCALARS[code];
    const at = this.#room(size);
    set(new DataView(this.#data.buffer, this.#data.byteOffset), at, value, !this.bigEndian);
  }

  /** A size; undefined writes the size of a missing value (null). */
  size(size: number | undefined): void {
    if (size === undefined) this.u8(255);
    else if (size < 254) this.u8(size);
    else {
      this.u8(254);
      this.u32(size);
    }
  }

  text(text: string): void {
    const bytes = Buffer.from(text, "utf8");
    this.size(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#data.set(bytes, at);
  }

  numbers(code: NumberCode, values: PvArray): void {
    if (this.bigEndian === NATIVE_IS_BIG) {
      this.raw(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      return;
    }
    for (const value of values) this.number(code, value);
  }

  #room(length: number): number {
    const start = this.#length;
    this.#length += length;
    if (this.#length > this.#data.length) {
      const larger = Buffer.alloc(Math.max(this.#length, 2 * this.#data.length));
      larger.set(this.#data.subarray(0, start));
      this.#data = larger;
    }
    return start;
  }
}

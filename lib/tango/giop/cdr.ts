/**
 * CDR, CORBA's binary encoding: values are aligned to their size, in the byte order of the sender (CORBA 3.3
 * part 2, section 9.3).
 */

import { isUtf8 } from "node:buffer";
import { endianness } from "node:os";
import { numbersIn, swapBytes, type TypedArrayClass } from "../../numbersIn";

/** A typed array with the element type that is on the wire. */
export type CdrNumbers =
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

const NATIVE_LITTLE = endianness() === "LE";
/** For texts of up to this many bytes, a loop is faster than a call of `isUtf8`. */
const SHORT_TEXT = 64;

/** The next multiple of `size`, a power of 2. */
const alignedTo = (at: number, size: number): number => (at + size - 1) & -size;

/**
 * Reads values one after the other. Throws RangeError where the data is cut off, or claims a length that is
 * more than the bytes that are left; no memory is allocated for such a claim.
 */
export class CdrReader {
  #bytes: Buffer;
  #view: DataView;
  readonly #little: boolean;
  #at: number;
  /** How many bytes of the message come before `#bytes`. */
  #base = 0;
  /** The parts of the message that follow `#bytes`. */
  #later: readonly Buffer[];

  /**
   * Alignment is relative to the beginning of `bytes`; reading begins at `offset`. A message may go on in
   * `later` parts: they are joined where a value crosses their border, so that no large array is copied.
   */
  constructor(bytes: Uint8Array, littleEndian: boolean, offset = 0, later: readonly Buffer[] = []) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = littleEndian;
    this.#at = offset;
    this.#later = later;
  }

  /**
   * A reader for an encapsulation: octets that begin with their own byte order and have their own alignment.
   */
  static encapsulation(bytes: Uint8Array): CdrReader {
    const order = bytes[0];
    if (order === undefined) throw new RangeError("an encapsulation is empty");
    return new CdrReader(bytes, order === 1, 1);
  }

  /** A reader at the same position, which reads the same values once more. */
  copy(): CdrReader {
    const copy = new CdrReader(this.#bytes, this.#little, this.#at, this.#later);
    copy.#base = this.#base;
    return copy;
  }

  /** How many bytes have not been read yet. */
  get left(): number {
    const here = Math.max(0, this.#bytes.length - this.#at);
    return this.#later.length === 0 ? here : this.#later.reduce((sum, { length }) => sum + length, here);
  }

  align(size: number): void {
    this.#at = alignedTo(this.#base + this.#at, size) - this.#base;
  }

  octet = (): number => this.#step(1).getUint8(this.#at - 1);
  boolean = (): boolean => this.octet() !== 0;
  short = (): number => this.#step(2).getInt16(this.#at - 2, this.#little);
  unsignedShort = (): number => this.#step(2).getUint16(this.#at - 2, this.#little);
  long = (): number => this.#step(4).getInt32(this.#at - 4, this.#little);
  unsignedLong = (): number => this.#step(4).getUint32(this.#at - 4, this.#little);
  longLong = (): bigint => this.#step(8).getBigInt64(this.#at - 8, this.#little);
  unsignedLongLong = (): bigint => this.#step(8).getBigUint64(this.#at - 8, this.#little);
  float = (): number => this.#step(4).getFloat32(this.#at - 4, this.#little);
  double = (): number => this.#step(8).getFloat64(this.#at - 8, this.#little);

  /**
   * A string. No code set was negotiated, so that servers send ISO 8859-1 or, from Python and for units,
   * UTF-8: it is decoded as UTF-8 where it is valid, else as ISO 8859-1.
   */
  string = (): string => {
    const length = this.count(1);
    const from = this.#move(length);
    const end = length > 0 ? this.#at - 1 : from;
    return this.#isPlain(from, end) || !isUtf8(this.#bytes.subarray(from, end))
      ? this.#bytes.toString("latin1", from, end)
      : this.#bytes.toString("utf8", from, end);
  };

  octets = (): Buffer => this.#take(this.count(1));

  /** The length of a sequence whose elements take at least `elementSize` bytes each. */
  count(elementSize: number): number {
    const count = this.unsignedLong();
    if (count * Math.max(1, elementSize) > this.left)
      throw new RangeError(`the data ends too early: ${count} elements do not fit into ${this.left} bytes`);
    return count;
  }

  /** A sequence of numbers as a typed array; a large one is a view of the message. */
  numbers<A extends CdrNumbers>(type: TypedArrayClass<A>): A {
    const size = type.BYTES_PER_ELEMENT;
    const count = this.count(size);
    if (count > 0) this.align(size);
    return numbersIn(this.#take(count * size), type, !this.#little);
  }

  /** Moves beyond the next value of this size; returns the memory in which it ends at the new position. */
  #step(size: number): DataView {
    this.align(size);
    if (this.#at + size > this.#bytes.length) this.#join();
    this.#at += size;
    return this.#view;
  }

  #take(length: number): Buffer {
    const from = this.#move(length);
    return this.#bytes.subarray(from, this.#at);
  }

  /** Moves beyond the next bytes; returns where they begin. */
  #move(length: number): number {
    if (this.#at + length > this.#bytes.length) this.#join();
    if (length > this.left)
      throw new RangeError(`the data ends too early: ${length} bytes expected, ${this.left} bytes left`);
    this.#at += length;
    return this.#at - length;
  }

  /** Whether a short text is ASCII. */
  #isPlain(from: number, end: number): boolean {
    if (end - from > SHORT_TEXT) return false;
    for (let at = from; at < end; at++) if ((this.#bytes[at] ?? 0) > 0x7f) return false;
    return true;
  }

  /** Joins what is left of the message. */
  #join(): void {
    if (this.#later.length === 0) return;
    const start = Math.min(this.#at, this.#bytes.length);
    this.#bytes = Buffer.concat([this.#bytes.subarray(start), ...this.#later]);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    this.#later = [];
    this.#base += start;
    this.#at -= start;
  }
}

/** Writes values one after the other, little-endian. */
export class CdrWriter {
  #bytes = Buffer.alloc(256);
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  #at = 0;

  /** The bytes that were written so far. The view is valid until more is written. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  align(size: number): void {
    const aligned = alignedTo(this.#at, size);
    // The bytes that are passed over were never written, so they are zero.
    this.#room(aligned - this.#at);
    this.#at = aligned;
  }

  octet = (value: number): void => this.#step(1).setUint8(this.#at - 1, value);
  boolean = (value: boolean): void => this.octet(value ? 1 : 0);
  short = (value: number): void => this.#step(2).setInt16(this.#at - 2, value, true);
  unsignedShort = (value: number): void => this.#step(2).setUint16(this.#at - 2, value, true);
  long = (value: number): void => this.#step(4).setInt32(this.#at - 4, value, true);
  unsignedLong = (value: number): void => this.#step(4).setUint32(this.#at - 4, value, true);
  longLong = (value: bigint): void => this.#step(8).setBigInt64(this.#at - 8, value, true);
  unsignedLongLong = (value: bigint): void => this.#step(8).setBigUint64(this.#at - 8, value, true);
  float = (value: number): void => this.#step(4).setFloat32(this.#at - 4, value, true);
  double = (value: number): void => this.#step(8).setFloat64(this.#at - 8, value, true);

  /**
   * @throws RangeError for characters that ISO 8859-1 does not have, and for NUL, which would end the string.
   */
  string = (value: string): void => {
    let highest = 0;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0xff || code === 0)
        throw new RangeError(
          `${JSON.stringify(String.fromCodePoint(value.codePointAt(i) ?? 0))} cannot be sent: use characters of ISO 8859-1`,
        );
      if (code > highest) highest = code;
    }
    // Few texts happen to be valid UTF-8 when written in ISO 8859-1. A reader that tries UTF-8 first would
    // misread those, so they are sent as UTF-8.
    if (highest > 0x7f && isUtf8(Buffer.from(value, "latin1"))) {
      this.octets(Buffer.from(`${value}\0`, "utf8"));
      return;
    }
    this.unsignedLong(value.length + 1);
    this.#room(value.length + 1);
    this.#at += this.#bytes.write(value, this.#at, "latin1");
    this.#bytes[this.#at++] = 0;
  };

  octets = (value: Uint8Array): void => {
    this.unsignedLong(value.length);
    this.raw(value);
  };

  /** Writes the bytes as they are, without a length. */
  raw(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  numbers(value: CdrNumbers): void {
    this.unsignedLong(value.length);
    if (value.length === 0) return;
    this.align(value.BYTES_PER_ELEMENT);
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    const from = this.#at;
    this.raw(bytes);
    if (!NATIVE_LITTLE) swapBytes(this.#bytes.subarray(from, this.#at), value.BYTES_PER_ELEMENT);
  }

  /** Writes an encapsulation that contains what `write` writes. */
  encapsulation(write: (inner: CdrWriter) => void): void {
    const inner = new CdrWriter();
    inner.octet(1);
    write(inner);
    this.octets(inner.bytes);
  }

  /** Moves beyond the next value, which has this size; returns the memory in which to write it. */
  #step(size: number): DataView {
    this.align(size);
    this.#room(size);
    this.#at += size;
    return this.#view;
  }

  #room(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#at + size));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer, larger.byteOffset, larger.byteLength);
  }
}

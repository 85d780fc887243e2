/**
 * CDR, CORBA's binary encoding: values are aligned to their size, in the byte order of the sender (CORBA 3.3
 * part 2, section 9.3).
 */

import { isAscii, isUtf8 } from "node:buffer";
import { endianness } from "node:os";

/** A typed array with the element type that is on the wire. */
export type NumberArray =
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** The constructor of such an array. */
export interface NumberArrayClass<A extends NumberArray = NumberArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): A;
}

const NATIVE_LITTLE = endianness() === "LE";

/**
 * Reads values one after the other. Throws RangeError where the data is cut off, or claims a length that is
 * more than the bytes that are left; no memory is allocated for such a claim.
 */
export class CdrReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #little: boolean;
  #at: number;

  /** Alignment is relative to the beginning of `bytes`; reading begins at `offset`. */
  constructor(bytes: Uint8Array, littleEndian: boolean, offset = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = littleEndian;
    this.#at = offset;
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
    return new CdrReader(this.#bytes, this.#little, this.#at);
  }

  /** How many bytes have not been read yet. */
  get left(): number {
    return Math.max(0, this.#bytes.length - this.#at);
  }

  align(size: number): void {
    this.#at = Math.ceil(this.#at / size) * size;
  }

  octet = (): number => this.#view.getUint8(this.#step(1));
  boolean = (): boolean => this.octet() !== 0;
  short = (): number => this.#view.getInt16(this.#step(2), this.#little);
  unsignedShort = (): number => this.#view.getUint16(this.#step(2), this.#little);
  long = (): number => this.#view.getInt32(this.#step(4), this.#little);
  unsignedLong = (): number => this.#view.getUint32(this.#step(4), this.#little);
  longLong = (): bigint => this.#view.getBigInt64(this.#step(8), this.#little);
  unsignedLongLong = (): bigint => this.#view.getBigUint64(this.#step(8), this.#little);
  float = (): number => this.#view.getFloat32(this.#step(4), this.#little);
  double = (): number => this.#view.getFloat64(this.#step(8), this.#little);

  /**
   * A string. No code set was negotiated, so that servers send ISO 8859-1 or, from Python and for units,
   * UTF-8: it is decoded as UTF-8 where it is valid, else as ISO 8859-1.
   */
  string = (): string => {
    const bytes = this.#take(this.count(1));
    const text = bytes.subarray(0, Math.max(0, bytes.length - 1));
    return isUtf8(text) ? text.toString("utf8") : text.toString("latin1");
  };

  octets = (): Buffer => this.#take(this.count(1));

  /** The length of a sequence whose elements take at least `elementSize` bytes each. */
  count(elementSize: number): number {
    const count = this.unsignedLong();
    if (count * Math.max(1, elementSize) > this.left)
      throw new RangeError(`the data ends too early: ${count} elements do not fit into ${this.left} bytes`);
    return count;
  }

  /** A sequence of numbers, copied into a typed array. */
  numbers<A extends NumberArray>(type: NumberArrayClass<A>): A {
    const size = type.BYTES_PER_ELEMENT;
    const count = this.count(size);
    if (count > 0) this.align(size);
    const bytes = this.#take(count * size);
    const own = new ArrayBuffer(bytes.length);
    const copy = Buffer.from(own);
    bytes.copy(copy);
    if (this.#little !== NATIVE_LITTLE) swap(copy, size);
    return new type(own);
  }

  #step(size: number): number {
    this.align(size);
    const at = this.#at;
    this.#at += size;
    return at;
  }

  #take(length: number): Buffer {
    if (length > this.left)
      throw new RangeError(`the data ends too early: ${length} bytes expected, ${this.left} bytes left`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** Writes values one after the other, little-endian. */
export class CdrWriter {
  #bytes = Buffer.alloc(256);
  #at = 0;

  /** The bytes that were written so far. The view is valid until more is written. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  align(size: number): void {
    const aligned = Math.ceil(this.#at / size) * size;
    this.#room(aligned - this.#at);
    this.#bytes.fill(0, this.#at, aligned);
    this.#at = aligned;
  }

  octet = (value: number): void => this.#put(1, (bytes, at) => bytes.writeUInt8(value, at));
  boolean = (value: boolean): void => this.octet(value ? 1 : 0);
  short = (value: number): void => this.#put(2, (bytes, at) => bytes.writeInt16LE(value, at));
  unsignedShort = (value: number): void => this.#put(2, (bytes, at) => bytes.writeUInt16LE(value, at));
  long = (value: number): void => this.#put(4, (bytes, at) => bytes.writeInt32LE(value, at));
  unsignedLong = (value: number): void => this.#put(4, (bytes, at) => bytes.writeUInt32LE(value, at));
  longLong = (value: bigint): void => this.#put(8, (bytes, at) => bytes.writeBigInt64LE(value, at));
  unsignedLongLong = (value: bigint): void => this.#put(8, (bytes, at) => bytes.writeBigUInt64LE(value, at));
  float = (value: number): void => this.#put(4, (bytes, at) => bytes.writeFloatLE(value, at));
  double = (value: number): void => this.#put(8, (bytes, at) => bytes.writeDoubleLE(value, at));

  /**
   * @throws RangeError for characters that ISO 8859-1 does not have, and for NUL, which would end the string.
   */
  string = (value: string): void => {
    for (const character of value) {
      if (character > "\xff" || character === "\0")
        throw new RangeError(`${JSON.stringify(character)} cannot be sent: use characters of ISO 8859-1`);
    }
    const text = Buffer.from(`${value}\0`, "latin1");
    // Few texts look like UTF-8 in ISO 8859-1; sent as UTF-8, they are read back as they are.
    this.octets(!isAscii(text) && isUtf8(text) ? Buffer.from(`${value}\0`, "utf8") : text);
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

  numbers(value: NumberArray): void {
    this.unsignedLong(value.length);
    if (value.length === 0) return;
    this.align(value.BYTES_PER_ELEMENT);
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    const from = this.#at;
    this.raw(bytes);
    if (!NATIVE_LITTLE) swap(this.#bytes.subarray(from, this.#at), value.BYTES_PER_ELEMENT);
  }

  /** Writes an encapsulation that contains what `write` writes. */
  encapsulation(write: (inner: CdrWriter) => void): void {
    const inner = new CdrWriter();
    inner.octet(1);
    write(inner);
    this.octets(inner.bytes);
  }

  #put(size: number, write: (bytes: Buffer, at: number) => void): void {
    this.align(size);
    this.#room(size);
    write(this.#bytes, this.#at);
    this.#at += size;
  }

  #room(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#at + size));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function swap(bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16();
  else if (size === 4) bytes.swap32();
  else if (size === 8) bytes.swap64();
}

/** Reads the primitives of pvAccess from a message. */

// All methods throw RangeError if the message is too short.

import { exactNumber } from "../../exactNumber";
import { numbersIn } from "../../numbersIn";
import { textOf } from "../epicsText";
import type { PvField } from "./pvField";
import { type NumberCode, type PvArray, SCALARS } from "./pvScalar";

/** The types that a server has sent over a connection, by the numbers that it gave them. */
export type TypeCache = Map<number, PvField>;

/** The largest number of values without bytes in a message. */
const MOST_EMPTY = 100_000;

/** A position in a message, which each method moves past the bytes that it reads. */
export class PvaReader {
  readonly data: Buffer;
  readonly types: TypeCache;
  readonly bigEndian: boolean;
  at = 0;
  /** Whether a type was read that refers to one of `types`, or was added to them. */
  usesTypes = false;
  #values = 0;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(data: Buffer, bigEndian: boolean, types: TypeCache = new Map()) {
    this.data = data;
    this.types = types;
    this.bigEndian = bigEndian;
    this.#little = !bigEndian;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get remaining(): number {
    return this.data.length - this.at;
  }

  /**
   * Called for each value. @throws RangeError if a message has far more values than bytes, which structures
   * without fields would allow.
   */
  countValue(): void {
    this.#values += 1;
    if (this.#values > MOST_EMPTY + this.data.length) throw new RangeError("a message has more values than bytes");
  }

  u8(): number {
    return this.#view.getUint8(this.#move(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#move(2), this.#little);
  }

  i32(): number {
    return this.#view.getInt32(this.#move(4), this.#little);
  }

  u32(): number {
    return this.#view.getUint32(this.#move(4), this.#little);
  }

  /** A number of the given type; 64-bit integers beyond 2^53 are bigints. */
  number(code: NumberCode): number | bigint {
    const { size, get } = SCALARS[code];
    const value = get(this.#view, this.#move(size), this.#little);
    return typeof value === "bigint" ? exactNumber(value) : value;
  }

  /**
   * The number of elements, bytes or fields that follow; undefined for a missing value (null), as in
   * an empty union.
   */
  optionalSize(): number | undefined {
    const first = this.u8();
    if (first < 254) return first;
    if (first === 255) return undefined;
    const size = this.i32();
    if (size < 0 || size === 0x7fff_ffff) throw new RangeError("a size is larger than any message");
    return size;
  }

  size(): number {
    return this.optionalSize() ?? 0;
  }

  text(): string {
    return textOf(this.bytes(this.size()));
  }

  /** Moves past these bytes if they are the next ones. */
  skip(bytes: Buffer): boolean {
    const end = this.at + bytes.length;
    if (end > this.data.length || this.data.compare(bytes, 0, bytes.length, this.at, end) !== 0) return false;
    this.at = end;
    return true;
  }

  bytes(length: number): Buffer {
    const start = this.#move(length);
    return this.data.subarray(start, start + length);
  }

  /** Numbers as a typed array; a large one is a view of the message. */
  numbers(code: NumberCode, count: number): PvArray {
    const { size, array } = SCALARS[code];
    return numbersIn(this.bytes(count * size), array, this.bigEndian);
  }

  #move(length: number): number {
    const start = this.at;
    if (length > this.data.length - start) throw new RangeError("a message is shorter than its content");
    this.at = start + length;
    return start;
  }
}

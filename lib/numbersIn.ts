/** Numbers in received bytes, as typed arrays. */

import { endianness } from "node:os";

/** The class of a typed array. */
export interface TypedArrayClass<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): A;
}

const NATIVE_IS_BIG = endianness() === "BE";
/**
 * From this many bytes on, a copy costs more than the rest of a message is worth that is kept with a view.
 */
const LARGE = 0x1_0000;

/**
 * The numbers that the bytes consist of: a large array is a view of the bytes, which must not be read again;
 * a small one, or one that is not aligned, is a copy.
 */
export function numbersIn<A>(bytes: Uint8Array, ArrayOf: TypedArrayClass<A>, bigEndian: boolean): A {
  const size = ArrayOf.BYTES_PER_ELEMENT;
  const isView = bytes.length >= LARGE && bytes.byteOffset % size === 0;
  const own = isView ? bytes : new Uint8Array(bytes);
  if (bigEndian !== NATIVE_IS_BIG) swapBytes(own, size);
  return new ArrayOf(own.buffer as ArrayBuffer, own.byteOffset, bytes.length / size);
}

/** Reverses the bytes of each number in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}

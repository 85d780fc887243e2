/** Numbers in received bytes, as typed arrays. */

import { endianness } from "node:os";

/** The class of a typed array. */
export interface TypedArrayClass<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): A;
}

const NATIVE_IS_BIG = endianness() === "BE";
/**
 * An array of at least this many bytes is a view of its message. The whole message then stays in memory as
 * long as the array does, which costs less than a copy.
 */
const LARGE = 0x1_0000;
/** V8 keeps arrays of up to this many bytes in its own memory, where they cost little more than an object. */
const SMALL = 64;
/** The bytes of the small array that is being made, in the byte order of this machine. */
const small = new Uint8Array(SMALL);
/** Views of `small`, one for each class of arrays. */
const smallViews = new Map<unknown, { slice(start: number, end: number): unknown }>();

/**
 * The numbers that the bytes consist of: a large array is a view of the bytes, which must not be read again;
 * a small one, or one that is not aligned, is a copy.
 */
export function numbersIn<A>(bytes: Uint8Array, ArrayOf: TypedArrayClass<A>, bigEndian: boolean): A {
  const size = ArrayOf.BYTES_PER_ELEMENT;
  if (bytes.length <= SMALL) return fewNumbersIn(bytes, ArrayOf, bigEndian);
  const isView = bytes.length >= LARGE && bytes.byteOffset % size === 0;
  const own = isView ? bytes : new Uint8Array(bytes);
  if (bigEndian !== NATIVE_IS_BIG) swapBytes(own, size);
  return new ArrayOf(own.buffer as ArrayBuffer, own.byteOffset, bytes.length / size);
}

/** Copies without a buffer of its own for each array: most values of instruments are single numbers. */
function fewNumbersIn<A>(bytes: Uint8Array, ArrayOf: TypedArrayClass<A>, bigEndian: boolean): A {
  const size = ArrayOf.BYTES_PER_ELEMENT;
  for (let i = 0; i < bytes.length; i++) small[i] = bytes[i] ?? 0;
  if (bigEndian !== NATIVE_IS_BIG) swapBytes(small, size);
  let view = smallViews.get(ArrayOf);
  if (!view) {
    view = new ArrayOf(small.buffer, 0, SMALL / size) as { slice(start: number, end: number): unknown };
    smallViews.set(ArrayOf, view);
  }
  // The slice of a typed array is an array of the same class.
  return view.slice(0, bytes.length / size) as A;
}

/** Reverses the bytes of each number in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}

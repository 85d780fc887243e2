/**
 * The limits of one archive: `open` refuses more, so that no bundle fills a disk, and `bundle` writes no
 * more.
 */

import { deflateRawSync } from "node:zlib";

/** How many files, with the description of the archive. */
export const MOST_FILES = 10_000;
/** Bytes of all files together when unpacked: images of a detector may have many. */
export const MOST_BYTES = 100 * 1024 * 1024 * 1024;
/** Bytes of a text in which secrets are looked for: it is read into memory. */
export const MOST_TEXT = 256 * 1024 * 1024;
/** Larger files that are no text, such as images, are stored as they are and never in memory. Bytes. */
export const STORED_FROM = 32 * 1024 * 1024;
/** Deflate packs text to a tenth, and a long row of equal bytes to a thousandth. */
const MOST_RATIO = 200;
/** Small files may be packed more. Bytes. */
const SMALL = 1024 * 1024;

/** Whether a file is packed so much that the archive may be made to fill a disk. Sizes are in bytes. */
export function isPackedTooMuch(size: number, packed: number): boolean {
  return size > SMALL && size > MOST_RATIO * packed;
}

/** Whether a file may be packed: a row of equal bytes is stored as it is, since `open` would refuse it. */
export function mayBePacked(bytes: Buffer): boolean {
  return bytes.length <= SMALL || !isPackedTooMuch(bytes.length, deflateRawSync(bytes).length);
}

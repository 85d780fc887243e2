/** Packs a recording that is large: text compresses to a fifth, and a repository keeps it as one file. */

import { readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { replaceFile } from "../../disk";

/** The size in bytes from which a recording is packed; a smaller one stays text, which can be compared. */
export const PACKED_FROM = 5 * 1024 * 1024;

/** The path of the packed file of a recording. */
export const packedPath = (path: string): string => `${path}.gz`;

/**
 * Packs a recording, and removes it once the packed file is complete.
 *
 * @returns the path of the packed file
 */
export function packRecording(path: string): string {
  const packed = packedPath(path);
  replaceFile(packed, gzipSync(readFileSync(path)));
  rmSync(path);
  return packed;
}

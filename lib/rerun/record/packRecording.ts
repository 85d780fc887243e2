/** Packs a recording that is large: text compresses to a fifth, and a repository keeps it as one file. */

import { readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { replaceFile } from "../../disk";

/** Recordings that are smaller stay text, which can be read and compared. Bytes. */
export const PACKED_FROM = 5 * 1024 * 1024;

/** The path of a recording that is packed. */
export const packedPath = (path: string): string => `${path}.gz`;

/** Packs a recording. It is removed only when the packed one is complete. @returns the path of that */
export function packRecording(path: string): string {
  const packed = packedPath(path);
  replaceFile(packed, gzipSync(readFileSync(path)));
  rmSync(path);
  return packed;
}

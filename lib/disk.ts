/** Folders are made, and what a disk refuses is put into words. */

import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { errorText } from "./errors";

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your quota on this disk is used up",
  EROFS: "the disk is read-only",
  EACCES: "you have no permission to write there",
  EPERM: "you have no permission to write there",
  ENOENT: "the folder does not exist",
  ENOTDIR: "a file stands where a folder should be",
  EEXIST: "a file stands where a folder should be",
  EISDIR: "a folder stands where a file should be",
  EFBIG: "the file may not become larger here",
  EMFILE: "this process has too many open files",
  ENFILE: "this machine has too many open files",
  EIO: "the disk reports an input/output error",
  ESTALE: "the folder on the server was replaced or deleted",
  ENAMETOOLONG: "the name is too long for this disk",
  ELOOP: "a symbolic link points back to itself",
  ENODEV: "the disk was removed",
};

/** For example `ENOSPC, the disk is full`: why a file could not be written or read, in one clause. */
export function diskErrorText(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : WORDS[code];
  return words === undefined ? errorText(error) : `${code}, ${words}`;
}

/**
 * Makes a folder and those above it. Node's own way of doing so reports a read-only disk as a folder that
 * does not exist.
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !statSync(path).isDirectory()) throw error;
  }
}

/** Writes a file under another name first: readers see the old file or the new one, never a part of it. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const partial = `${path}.${process.pid}.part`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

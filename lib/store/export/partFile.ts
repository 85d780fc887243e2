/** A file that gets its name when it is complete. */

import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { diskErrorText, makeFolder } from "../../disk";
import { UsageError } from "../../errors";

/** A file that is written under the name `x.part`, so that a failed export leaves no half file. */
export class PartFile {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  write(content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/**
 * Makes the file `path` by a function that writes `x.part`. @throws UsageError if the disk refuses; then
 * nothing is left behind.
 */
export async function makeFile(path: string, write: (part: string) => Promise<void> | void): Promise<void> {
  const part = `${path}.part`;
  try {
    makeFolder(dirname(path));
    await write(part);
    renameSync(part, path);
  } catch (error) {
    removeIfPossible(part);
    const isDisk = (error as NodeJS.ErrnoException).syscall !== undefined;
    if (isDisk) throw new UsageError(`cannot write ${path}: ${diskErrorText(error)}`, { cause: error });
    throw error;
  }
}

/**
 * Removes an unfinished file. An error is ignored: its reason, for instance a file where the folder should
 * be, has stopped the file from being written, too.
 */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The first error says why; this one would hide it.
  }
}

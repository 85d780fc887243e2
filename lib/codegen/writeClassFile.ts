/** Puts a generated text into a class file, atomically and without loss of the user's own code. */

import { copyFile, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder, replaceFile } from "../disk";
import { UsageError } from "../errors";
import { findRegion, markedRegion, regionHash } from "../generatedRegion";

/**
 * Resolves to whether the file was written. Rejects with a UsageError if an existing file has no generated
 * part.
 */
export async function writeClassFile(path: string, body: string): Promise<boolean> {
  const present = await readIfThere(path);
  if (present === undefined) {
    makeFolder(dirname(path));
    replaceFile(path, markedRegion(body));
    return true;
  }
  const region = findRegion(present);
  if (!region) {
    throw new UsageError(`${path} exists and was not generated: choose another file name, or move the file away`);
  }
  if (region.hash === regionHash(body)) return false;
  if (!region.intact) {
    await copyFile(path, `${path}.old`);
    console.warn(`${path}: its generated part was edited by hand; the edited file is kept as ${path}.old`);
  }
  replaceFile(path, region.before + markedRegion(body) + region.after);
  return true;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

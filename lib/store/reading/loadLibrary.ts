/** Loads libraries that only some formats need, when they are needed. */

import { UsageError } from "../../errors";

/**
 * Loads an optional library.
 * @param what what it is for, as in "Parquet files"
 * @throws UsageError with the line to type if it is not installed
 */
export async function loadLibrary<T>(name: string, what: string): Promise<T> {
  try {
    // The name is not a literal, so that the library need not be there when this file is compiled or checked.
    return (await import(name)) as T;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    const library = name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : name.split("/")[0];
    throw new UsageError(`${what} need the library ${library}, which is not installed: npm install ${library}`, {
      cause: error,
    });
  }
}

/** Directories for the files that detectors write. */

import { join } from "node:path";
import { timeNow } from "../../clock";

/**
 * Returns the directory for the files of a detector. Called each time a set of frames begins. The directory
 * need not exist.
 */
export type PathProvider = (detector: string) => string;

/** `<dir>/2026/11/22`, by the local date when a set of frames begins. */
export const datedPath =
  (dir: string): PathProvider =>
  () => {
    const now = new Date(1000 * timeNow());
    const digits = (n: number) => String(n).padStart(2, "0");
    return join(dir, String(now.getFullYear()), digits(now.getMonth() + 1), digits(now.getDate()));
  };

/**
 * `<dir>/camera_00001`, `<dir>/camera_00002` ...: the next number for each set of frames, from `first`
 * (default 1).
 */
export const numberedPath = (dir: string, { first = 1 }: { readonly first?: number } = {}): PathProvider => {
  let next = first;
  return (detector) => {
    const name = `${detector}_${String(next).padStart(5, "0")}`;
    next += 1;
    return join(dir, name);
  };
};

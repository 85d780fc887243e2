import { join } from "node:path";

/** The directory for the files of a set of frames of a detector, asked for each time a set begins; it need not exist. */
export type PathProvider = (detector: string) => string;

/** `<dir>/2026/11/22`, by the local date at that moment. */
export const datedPath =
  (dir: string): PathProvider =>
  () => {
    const now = new Date();
    const digits = (n: number) => String(n).padStart(2, "0");
    return join(dir, String(now.getFullYear()), digits(now.getMonth() + 1), digits(now.getDate()));
  };

/** `<dir>/camera_00001`, `<dir>/camera_00002` ...: one number up each time, from `first` (default 1). */
export const numberedPath = (dir: string, { first = 1 }: { readonly first?: number } = {}): PathProvider => {
  let next = first;
  return (detector) => {
    const name = `${detector}_${String(next).padStart(5, "0")}`;
    next += 1;
    return join(dir, name);
  };
};

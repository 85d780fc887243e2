/**
 * Counts the runs of a folder: `scan_id` goes on over restarts and over the kernels that share the folder.
 */

import { closeSync, openSync, readdirSync, unlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "../../disk";

/** The folder of the counter, beside the runs. It has an empty file for each number that was given. */
const FOLDER = ".scan_ids";
/** Numbers that are kept, so that a process which reads the folder slowly still sees newer ones. */
const KEPT = 64;

/**
 * Makes the numbers of the runs in a folder. A number is taken by making a file of that name, which the disk
 * allows to one process only. If the folder cannot be written, the numbers go on in memory.
 */
export class ScanIds {
  readonly #dir: string;
  readonly #largestOfRuns: () => number;
  /** The number given last. */
  #last: number | undefined;

  /** @param largestOfRuns the largest scan_id of the runs in the folder, for a folder without a counter */
  constructor(dir: string, largestOfRuns: () => number) {
    this.#dir = resolve(dir, FOLDER);
    this.#largestOfRuns = largestOfRuns;
  }

  /**
   * The next number: one more than the largest so far, of the folder or of `md.scan_id`. If the user has
   * changed `md.scan_id` since the last run, the number after that one.
   */
  next(md: Readonly<Record<string, unknown>>): number {
    const whole = Math.trunc(Number(md.scan_id));
    // Above the safe numbers, one more is the same number again.
    const given = typeof md.scan_id === "number" && Number.isSafeInteger(whole) ? whole : 0;
    const isChosen = this.#last !== undefined && given !== this.#last;
    this.#last = isChosen ? this.#choose(given + 1) : this.#take(given + 1);
    return this.#last;
  }

  #take(atLeast: number): number {
    try {
      let wanted = Math.max(atLeast, (this.#taken().at(-1) ?? this.#largestOfRuns()) + 1);
      while (true) {
        const made = this.#make(wanted);
        const taken = this.#taken();
        // A number that was given before and whose file was removed has at least KEPT larger ones.
        const isNew = made && taken.filter((number) => number > wanted).length < KEPT;
        if (isNew) {
          this.#remove(taken.slice(0, -KEPT));
          return wanted;
        }
        wanted = Math.max(wanted, taken.at(-1) ?? wanted) + 1;
      }
    } catch {
      // The folder cannot be written: RunFiles reports that when it writes the run.
      return atLeast;
    }
  }

  /** Starts again from a number that the user has chosen. */
  #choose(number: number): number {
    try {
      this.#remove(this.#taken().filter((other) => other >= number));
      this.#make(number);
    } catch {
      // As above.
    }
    return number;
  }

  /** The numbers in the folder, in their order. */
  #taken(): number[] {
    makeFolder(this.#dir);
    return readdirSync(this.#dir)
      .filter((name) => /^\d{1,15}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  #make(number: number): boolean {
    try {
      closeSync(openSync(join(this.#dir, String(number)), "wx"));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  #remove(numbers: readonly number[]): void {
    for (const number of numbers) {
      try {
        unlinkSync(join(this.#dir, String(number)));
      } catch {
        // Another process removed it.
      }
    }
  }
}

/** Lets processes that keep their runs in the same folder send to a Tiled server one after the other. */

import { randomInt } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { realClock } from "../../clock";
import { makeFolder } from "../../disk";
import { claimFile, processIn, removeClaim } from "./processFile";

const FILE = "sending.lock";
/** Milliseconds after which a turn is over, whatever its process does. */
const LONGEST_MS = 120_000;
/** Milliseconds until a process asks again whether it is its turn, at least and at most. */
const ASK_MS = [20, 60] as const;

/** The work of this process that is done or waits for its turn, by the folder: two engines may share one. */
const queues = new Map<string, Promise<unknown>>();

/**
 * With DuckDB, Tiled 0.2 uses one connection in several threads: requests at the same time end each other's
 * transactions, and can stop the server for good. So the kernels of a folder take turns.
 */
export class SendingTurn {
  readonly #dir: string;

  /** @param dir the folder of the file that says whose turn it is */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Does work when it is the turn of this process, after all that came before. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const before = queues.get(this.#dir) ?? Promise.resolve();
    const done = before.then(async () => {
      const isTaken = await this.#begin();
      try {
        return await work();
      } finally {
        // After its longest time, the turn may be that of another process.
        if (isTaken && processIn(this.#path) === "this") rmSync(this.#path, { force: true });
      }
    });
    queues.set(
      this.#dir,
      done.catch(() => {}),
    );
    return done;
  }

  get #path(): string {
    return join(this.#dir, FILE);
  }

  /** Resolves when it is the turn of this process; to false in a folder that cannot be written. */
  async #begin(): Promise<boolean> {
    while (true) {
      try {
        makeFolder(this.#dir);
        if (claimFile(this.#path)) return true;
        if (isOver(this.#path)) {
          removeClaim(this.#path, isOver);
          continue;
        }
      } catch {
        return false;
      }
      await new Promise<void>((resolve) => {
        realClock.timer(randomInt(...ASK_MS) / 1000, resolve).unref();
      });
    }
  }
}

/** Whether the process whose turn it is has ended, or takes too long. */
function isOver(path: string): boolean {
  try {
    if (1000 * realClock.now() - statSync(path).mtimeMs > LONGEST_MS) return true;
  } catch {
    return false;
  }
  return processIn(path) !== "another";
}

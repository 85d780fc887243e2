/** The runs of a folder that a server does not have completely, remembered over restarts. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { makeFolder } from "../../disk";

/** A file for each run: which process writes it to the server now. */
export class PendingRuns {
  readonly #dir: string;

  constructor(dir: string, uri: string) {
    // The address stands in no name, since it may have characters that a name cannot have.
    const server = createHash("sha256").update(uri).digest("hex").slice(0, 12);
    this.#dir = resolve(dir, ".pending", server);
  }

  /** Remembers a run that is written now. A folder that cannot be written remembers nothing. */
  add(uid: string): void {
    try {
      makeFolder(this.#dir);
      writeFileSync(this.#path(uid), `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`);
    } catch {
      // RunFiles has reported that the folder cannot be written.
    }
  }

  done(uid: string): void {
    rmSync(this.#path(uid), { force: true });
  }

  /** The uids of runs that no living process writes to the server. */
  abandoned(): string[] {
    let names: string[];
    try {
      names = readdirSync(this.#dir);
    } catch {
      return [];
    }
    return names.filter((uid) => !this.#isWritten(uid));
  }

  #isWritten(uid: string): boolean {
    try {
      const { pid, host } = JSON.parse(readFileSync(this.#path(uid), "utf8")) as { pid: number; host: string };
      return pid !== process.pid && host === hostname() && isAlive(pid);
    } catch {
      return false;
    }
  }

  #path(uid: string): string {
    return join(this.#dir, uid.replace(/[^A-Za-z0-9_-]/g, "_"));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

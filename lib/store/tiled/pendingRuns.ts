/** The runs of a folder that a server does not have completely, remembered over restarts. */

import { createHash } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "../../disk";
import { claimFile, nameOwnProcess, processIn, removeClaim } from "./processFile";

/** A file for each run: which process writes it to the server now. */
export class PendingRuns {
  /** The folder of the files. Names of other files in it have a dot. */
  readonly dir: string;

  constructor(dir: string, uri: string) {
    // The address stands in no name, since it may have characters that a name cannot have.
    const server = createHash("sha256").update(uri).digest("hex").slice(0, 12);
    this.dir = resolve(dir, ".pending", server);
  }

  /** Remembers a run that is written now. A folder that cannot be written remembers nothing. */
  add(uid: string): void {
    try {
      makeFolder(this.dir);
      nameOwnProcess(this.#path(uid));
    } catch {
      // RunFiles has reported that the folder cannot be written.
    }
  }

  /** Takes a run from a process that has ended. @returns false if another process has taken it before */
  take(uid: string): boolean {
    const path = this.#path(uid, TAKEN);
    try {
      if (claimFile(path)) return true;
      const taker = processIn(path);
      if (taker !== "none") return taker === "this";
      removeClaim(path, (file) => processIn(file) === "none");
    } catch {
      // A folder that cannot be written is no reason to keep the run from the server.
      return true;
    }
    return this.take(uid);
  }

  /** Forgets a run that the server has. */
  done(uid: string): void {
    rmSync(this.#path(uid), { force: true });
    rmSync(this.#path(uid, TAKEN), { force: true });
  }

  /** The uids of runs that no other living process writes to the server. */
  abandoned(): string[] {
    let names: string[];
    try {
      names = readdirSync(this.dir);
    } catch {
      return [];
    }
    return names.filter((name) => !name.includes(".") && processIn(this.#path(name)) !== "another");
  }

  #path(uid: string, ending = ""): string {
    return join(this.dir, `${uid.replace(/[^A-Za-z0-9_-]/g, "_")}${ending}`);
  }
}

/** The ending of the file that says which process has taken over a run. */
const TAKEN = ".taken";

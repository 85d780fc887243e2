/** Files that name a process, so that others know whether it is still at work. */

import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { realClock } from "../../clock";
import { replaceFile } from "../../disk";
import { isAlive } from "../../isAlive";

/** The content of a file that names this process. */
const OWN_PROCESS = `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`;
/** The most milliseconds by which a clock is assumed to be set while a run is made. */
const CLOCK_STEP_MS = 60_000;
/** Milliseconds for which a file without a name counts as one that is being written. */
const WRITING_MS = 10_000;

/** Names this process in a file, whatever the file held before. */
export function nameOwnProcess(path: string): void {
  replaceFile(path, OWN_PROCESS);
}

/**
 * Makes a file that names this process, with its content from the first moment, so that no other process sees
 * it empty. @returns false if the file exists
 */
export function claimFile(path: string): boolean {
  const own = `${path}.${randomBytes(8).toString("hex")}.part`;
  try {
    writeFileSync(own, OWN_PROCESS);
    linkSync(own, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code !== undefined && NO_LINKS.has(code)) return claimWithoutLinks(path);
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** The errors of disks without hard links, such as those of memory cards and some network folders. */
const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

function claimWithoutLinks(path: string): boolean {
  try {
    writeFileSync(path, OWN_PROCESS, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a file whose process has ended. It is renamed and looked at once more, since another process may
 * have removed it and made its own in between, which then gets its name back.
 *
 * @param isOver whether the file at a path may be removed
 * @throws if the disk does not allow it
 */
export function removeClaim(path: string, isOver: (path: string) => boolean): void {
  const aside = `${path}.${randomBytes(8).toString("hex")}.over`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  try {
    if (!isOver(aside)) linkSync(aside, path);
  } catch {
    // A third process has made its own file by now, or the disk knows no links.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** The process that a file names: this one, another that lives, or none. */
export function processIn(path: string): "this" | "another" | "none" {
  try {
    const { mtimeMs } = statSync(path);
    const text = readFileSync(path, "utf8");
    if (text === "") return Math.abs(1000 * realClock.now() - mtimeMs) < WRITING_MS ? "another" : "none";
    const { pid, host } = JSON.parse(text) as { pid: number; host: string };
    // 0 and negative numbers stand for groups of processes, which always live.
    if (host !== hostname() || !Number.isSafeInteger(pid) || pid < 1) return "none";
    // Since the computer was started, other programs may have got the number of the process.
    if (1000 * (realClock.now() - uptime()) > mtimeMs + CLOCK_STEP_MS) return "none";
    if (pid === process.pid) return "this";
    return isAlive(pid) ? "another" : "none";
  } catch {
    return "none";
  }
}

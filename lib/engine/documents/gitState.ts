/** The state of the code that measures, from git, which is asked in the background and never takes long. */

import { execFile } from "node:child_process";
import { isAbsolute, relative } from "node:path";
import { promisify } from "node:util";
import { publicAddress } from "../../publicAddress";

/** A commit, and whether files that git knows differ from it. */
export interface GitState {
  readonly commit: string;
  readonly branch?: string;
  /** Absent if git needs longer to compare the files, as in huge repositories. */
  readonly dirty?: boolean;
  /** Where it was cloned from, without user and password. */
  readonly remote?: string;
}

/** The repository of a folder. */
export interface Repository {
  readonly state: GitState;
  /** The path of a file below the root of the repository, with `/`; undefined outside of it. */
  pathOf(file: string): string | undefined;
}

/** The line in which git names the branch. */
const BRANCH = "# branch.head ";
/** Milliseconds that git may take. */
const LIMIT_MS = 2000;

/**
 * Asks git about a folder. Resolves to undefined without git, outside of repositories, and if it takes too
 * long.
 */
export async function askGit(dir: string): Promise<Repository | undefined> {
  // Untracked files do not count, since a folder of runs would make each run dirty.
  const [status, head, url] = await Promise.all([
    git(dir, "status", "--porcelain=v2", "--branch", "--untracked-files=no"),
    git(dir, "rev-parse", "HEAD", "--show-toplevel"),
    git(dir, "config", "--get", "remote.origin.url"),
  ]);
  const [commit, root] = head?.split("\n") ?? [];
  if (commit === undefined || root === undefined) return undefined;
  const lines = status?.split("\n") ?? [];
  const branch = lines.find((line) => line.startsWith(BRANCH))?.slice(BRANCH.length);
  const remote = url === undefined || url === "" ? undefined : publicAddress(url);
  const state = {
    commit,
    ...(branch !== undefined && branch !== "(detached)" && { branch }),
    ...(status !== undefined && { dirty: lines.some((line) => line !== "" && !line.startsWith("#")) }),
    ...(remote !== undefined && { remote }),
  };
  return { state, pathOf: (file) => below(root, file) };
}

/** The path of a file below a folder, with `/`; undefined for a file elsewhere. */
export function below(folder: string, file: string): string | undefined {
  const path = relative(folder, file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? undefined : path.replaceAll("\\", "/");
}

async function git(dir: string, ...args: string[]): Promise<string | undefined> {
  // A monitor of the file system is a program that the repository names: asking for the state must not start
  // it.
  const quiet = ["--no-optional-locks", "-c", "core.fsmonitor=false", "-C", dir];
  try {
    const options = { timeout: LIMIT_MS, maxBuffer: 1 << 24, windowsHide: true };
    return (await promisify(execFile)("git", [...quiet, ...args], options)).stdout.trimEnd();
  } catch {
    return undefined;
  }
}

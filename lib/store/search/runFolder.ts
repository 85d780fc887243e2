/**
 * The runs of a folder: found in all its folders, and kept up to date without reading what did not change.
 */

import { accessSync, constants, type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { realClock } from "../../clock";
import { diskErrorText } from "../../disk";
import { UsageError } from "../../errors";
import { readEnds } from "../reading/fileEnds";
import { type IndexEntry, isRun, loadIndex, type RunEntry, saveIndex } from "./indexFile";

/** How deep folders are searched. */
const DEEPEST = 12;
/**
 * Milliseconds within which a folder may have changed again with the same time of change, as disks measure
 * these times coarsely.
 */
const COARSE_MS = 2000;

/** What is known of a folder below. */
interface Listing {
  readonly mtimeMs: number;
  readonly listedAt: number;
  /** The path without symbolic links. */
  readonly real: string;
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Something that could not be read. */
export interface RunProblem {
  readonly path: string;
  /** In one clause, for example "the disk reports an input/output error (EIO)". */
  readonly problem: string;
}

/** All runs of a folder, newest first. One object serves all readers of a folder in this process. */
export class RunFolder {
  /** The folder as the user named it. */
  readonly dir: string;
  readonly #entries = new Map<string, IndexEntry>();
  /** Files whose run has no end yet. */
  readonly #unfinished = new Set<string>();
  readonly #listings = new Map<string, Listing>();
  readonly #folderProblems = new Map<string, string>();
  #sorted: readonly RunEntry[] | undefined;
  #byScanId: ReadonlyMap<number, RunEntry> | undefined;
  #isLoaded = false;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** The folder `dir`, which is shared by all who ask for it. */
  static of(dir: string): RunFolder {
    const path = resolve(dir);
    let folder = shared.get(path);
    if (!folder) {
      folder = new RunFolder(dir);
      shared.set(path, folder);
    }
    return folder;
  }

  /** The runs as they are on the disk now, newest first. @throws UsageError if the folder cannot be read. */
  runs(): readonly RunEntry[] {
    this.#refresh();
    this.#sorted ??= [...this.#entries.values()].filter(isRun).sort(newestFirst);
    return this.#sorted;
  }

  /** The newest run with a scan_id. */
  byScanId(scanId: number): RunEntry | undefined {
    const runs = this.runs();
    if (!this.#byScanId) {
      const found = new Map<number, RunEntry>();
      for (const run of runs) {
        const { scan_id } = run.start;
        if (typeof scan_id === "number" && !found.has(scan_id)) found.set(scan_id, run);
      }
      this.#byScanId = found;
    }
    return this.#byScanId.get(scanId);
  }

  /** What cannot be read now, damaged beginnings included. Each file is asked whether it has changed. */
  problems(): readonly RunProblem[] {
    this.#refresh(true);
    const folders = [...this.#folderProblems].map(([file, problem]) => ({ path: join(this.dir, file), problem }));
    const files = [...this.#entries.values()]
      .filter(({ problem }) => problem !== undefined)
      .map(({ file, problem = "" }) => ({ path: join(this.dir, file), problem }));
    return [...folders, ...files];
  }

  /** @param checksAll whether also files of runs that have ended are asked for a change */
  #refresh(checksAll = false): void {
    try {
      accessSync(join(this.dir, "."), constants.R_OK | constants.X_OK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const why = code === "ENOENT" ? "does the folder exist?" : diskErrorText(error);
      throw new UsageError(`cannot read the runs in ${this.dir}: ${why}`, { cause: error });
    }
    const first = !this.#isLoaded;
    let isStale = false;
    if (first) {
      this.#isLoaded = true;
      const index = loadIndex(this.dir);
      isStale = index.isStale;
      for (const entry of index.entries) this.#entries.set(entry.file, entry);
    }
    this.#folderProblems.clear();
    const seen = first ? new Set<string>() : undefined;
    const fresh: IndexEntry[] = [];
    this.#look("", new Set(), checksAll, (file, isNew) => {
      seen?.add(file);
      if (isNew || first || checksAll) this.#update(file, fresh);
    });
    for (const file of [...this.#unfinished]) this.#update(file, fresh);
    if (seen) {
      for (const file of this.#entries.keys()) if (!seen.has(file)) isStale = this.#drop(file);
    }
    if (isStale || fresh.length > 0) {
      this.#sorted = undefined;
      this.#byScanId = undefined;
    }
    saveIndex(this.dir, isStale ? this.#entries.values() : undefined, fresh);
  }

  /**
   * Visits the run files of folders that have changed; with `all` also those of the others, which are not
   * listed again.
   */
  #look(
    folder: string,
    parents: ReadonlySet<string>,
    all: boolean,
    visit: (file: string, isNew: boolean) => void,
  ): void {
    const path = join(this.dir, folder);
    const known = this.#listings.get(folder);
    let listing: Listing;
    try {
      const { mtimeMs } = statSync(path);
      const isSame = known?.mtimeMs === mtimeMs && known.listedAt - mtimeMs > COARSE_MS;
      listing = isSame ? known : this.#list(folder, mtimeMs);
    } catch (error) {
      if (folder === "" || (error as NodeJS.ErrnoException).code !== "ENOENT")
        this.#folderProblems.set(folder, diskErrorText(error));
      listing = { mtimeMs: -1, listedAt: 0, real: path, folders: [], files: [] };
    }
    this.#listings.set(folder, listing);
    if (listing === known) {
      if (all) for (const file of listing.files) visit(file, false);
    } else {
      const before = new Set(known?.files);
      for (const file of listing.files) {
        visit(file, !before.has(file));
        before.delete(file);
      }
      for (const file of before) this.#drop(file);
    }
    if (listing !== known)
      for (const inner of known?.folders ?? []) if (!listing.folders.includes(inner)) this.#forget(inner);
    if (listing.folders.length === 0 || folder.split("/").length > DEEPEST) return;
    // A link to a folder above would lead round and round.
    if (parents.has(listing.real)) return;
    const within = new Set([...parents, listing.real]);
    for (const inner of listing.folders) this.#look(inner, within, all, visit);
  }

  #list(folder: string, mtimeMs: number): Listing {
    const listedAt = 1000 * realClock.now();
    const folders: string[] = [];
    const files: string[] = [];
    for (const entry of readdirSync(join(this.dir, folder), { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (this.#isFolder(entry, name)) folders.push(name);
      else if (entry.name.endsWith(".jsonl")) files.push(name);
    }
    return { mtimeMs, listedAt, real: realPath(join(this.dir, folder)), folders, files };
  }

  #isFolder(entry: Dirent, name: string): boolean {
    const isLink = entry.isSymbolicLink();
    const isFolder = isLink ? isLinkToFolder(join(this.dir, name)) : entry.isDirectory();
    if (isFolder && entry.name.endsWith(".jsonl"))
      this.#entries.set(name, { file: name, size: -1, mtimeMs: 0, problem: "a folder with the name of a run file" });
    return isFolder;
  }

  /** Forgets a folder that is gone, with all that was in it. */
  #forget(folder: string): void {
    const listing = this.#listings.get(folder);
    this.#listings.delete(folder);
    for (const file of listing?.files ?? []) this.#drop(file);
    for (const inner of listing?.folders ?? []) this.#forget(inner);
  }

  #drop(file: string): true {
    this.#entries.delete(file);
    this.#unfinished.delete(file);
    this.#sorted = undefined;
    this.#byScanId = undefined;
    return true;
  }

  /** Reads the ends of a file that is new or has changed. */
  #update(file: string, fresh: IndexEntry[]): void {
    const path = join(this.dir, file);
    const known = this.#entries.get(file);
    if (known) {
      const stat = statOf(path);
      if (stat && known.size === stat.size && known.mtimeMs === stat.mtimeMs) {
        if (isRun(known) && !known.stop) this.#unfinished.add(file);
        return;
      }
    }
    const entry: IndexEntry = { file, ...readEnds(path) };
    this.#entries.set(file, entry);
    if (isRun(entry) && entry.stop) this.#unfinished.delete(file);
    else this.#unfinished.add(file);
    fresh.push(entry);
  }
}

/** Asking for a symbolic link that points back to itself throws. */
function isLinkToFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function statOf(path: string): { readonly size: number; readonly mtimeMs: number } | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function newestFirst(a: RunEntry, b: RunEntry): number {
  const difference = timeOf(b) - timeOf(a);
  if (difference !== 0) return difference;
  return a.file < b.file ? 1 : -1;
}

/** When the run began; for a run without a valid time, when its file changed. */
function timeOf({ start, mtimeMs }: RunEntry): number {
  return Number.isFinite(start.time) ? start.time : mtimeMs / 1000;
}

const shared = new Map<string, RunFolder>();

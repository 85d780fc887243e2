/** The places where an engine keeps its runs. */

import { join } from "node:path";
import { UsageError } from "../errors";
import type { RunFiles } from "./files/runFiles";
import { type FolderStore, folder, type KeepingEngine, keepInFolder } from "./folderStore";
import "./runs/measuredRuns";
import { StoredRun } from "./runs/storedRun";
import { RunFolder } from "./search/runFolder";
import { type TiledStore, tiled } from "./tiled/tiledClient";
import { TiledWriter } from "./tiled/tiledWriter";

/** A folder (a path, or `folder(...)`), or a Tiled server (`tiled(...)`, or its address). */
export type RunStore = string | FolderStore | TiledStore;

/**
 * Makes an engine keep its runs. There is always a folder, which is written first: it is the safety net of
 * the servers. Default: `dir`.
 *
 * @param countsRuns whether the folder gives the runs their `scan_id`
 * @throws UsageError for something that is not a place for runs.
 */
export function keepRuns(
  engine: KeepingEngine,
  stores: RunStore | readonly RunStore[],
  dir: string | undefined,
  countsRuns: boolean,
): RunFiles {
  const all = [stores].flat().map((store) => placeOf(store as RunStore));
  const folders = all.filter((store) => store.kind === "folder");
  const first = folders[0] ?? folder(dir);
  const files = keepInFolder(engine, first, countsRuns);
  for (const other of folders.slice(1)) keepInFolder(engine, other, false);
  for (const store of all) {
    if (store.kind !== "tiled") continue;
    const found = { dir: first.dir, find: (uid: string) => runIn(first.dir, uid) };
    engine.subscribe(new TiledWriter(store, found).receive);
  }
  return files;
}

function placeOf(store: RunStore): FolderStore | TiledStore {
  if (typeof store === "string") return /^https?:\/\//i.test(store) ? tiled(store) : folder(store);
  if (store?.kind === "folder" || store?.kind === "tiled") return store;
  throw new UsageError('a store is a folder such as "runs" or folder("runs", {...}), or tiled("http://HOST:8000")');
}

function runIn(dir: string, uid: string): StoredRun | undefined {
  const entry = RunFolder.of(dir)
    .runs()
    .find(({ start }) => start.uid === uid);
  return entry && new StoredRun(join(dir, entry.file), entry.start, entry.stop);
}

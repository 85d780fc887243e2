/** Opens the runs of a folder or of a Tiled server. */

import { UsageError } from "../errors";
import { runsFolder } from "../journal";
import { isAddress, publicAddress } from "../publicAddress";
import type { FolderStore } from "./folderStore";
import { Runs } from "./search/runs";
import type { TiledStore } from "./tiled/tiledClient";
import { TiledRuns } from "./tiled/tiledRuns";

/**
 * Opens the runs of a folder (default "runs") or of a Tiled server. The list is live: it shows new runs, too.
 */
export function openRuns(dir?: string | FolderStore): Runs;
export function openRuns(server: TiledStore): TiledRuns;
/**
 * The runs in a folder of run files, which `createRunEngine` writes (default: `runs` in the working
 * directory), or on a Tiled server: `openRuns(tiled("http://tiled.lab:8000"))`. Those of a server answer by
 * promises.
 *
 * @throws UsageError if the folder cannot be read.
 */
export function openRuns(place: string | FolderStore | TiledStore = "runs"): Runs | TiledRuns {
  if (typeof place === "string" && isAddress(place))
    throw new UsageError(
      `${publicAddress(place)} is an address, not a folder: write openRuns(tiled("http://HOST:8000"))`,
    );
  if (typeof place === "string") return new Runs(runsFolder(place));
  if (place?.kind === "folder") return new Runs(runsFolder(place.dir));
  if (place?.kind === "tiled") return new TiledRuns(place);
  throw new UsageError("openRuns takes a folder, or a server: openRuns(tiled(uri))");
}

/** The runs that a notebook made: those in its folder of runs whose start documents name it. */

import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { counted } from "../../lib/display/number";
import { UsageError } from "../../lib/errors";
import { openRuns, type StoredRun } from "../../lib/index";

export interface RunChoice {
  /** The folder of the runs; default `runs` beside the notebook. */
  readonly runsDir?: string;
  /** The runs: `false` for none, or some by scan_id, place from the end (-1) or uid. Default: all. */
  readonly runs?: false | readonly string[];
}

interface BundledRuns {
  readonly files: readonly string[];
  /** The descriptions of their nodes, which are kept beside the runs. */
  readonly descriptions: readonly string[];
  /** The files into which detectors wrote the images of the runs. */
  readonly images: readonly string[];
  readonly leftOut: readonly string[];
}

/** The fields of start documents that tell the origin of a run. */
interface Origin {
  readonly notebook?: { readonly path?: unknown };
  readonly sec_nodes?: Readonly<Record<string, { readonly description_sha256?: unknown }>>;
}

export async function bundledRuns(notebook: string, { runs, runsDir: named }: RunChoice): Promise<BundledRuns> {
  const runsDir = named ?? join(dirname(notebook), "runs");
  if (runs === false || (!existsSync(runsDir) && runs === undefined && named === undefined))
    return { files: [], descriptions: [], images: [], leftOut: [] };
  if (!existsSync(runsDir)) throw new UsageError(`there is no folder ${runsDir} with runs`);
  const kept = openRuns(runsDir);
  const chosen = runs
    ? runs.map((which) => kept.get(/^-?\d{1,7}$/.test(which) ? Number(which) : which))
    : [...kept].filter((run) => isOf(run, notebook));
  const others = runs ? 0 : kept.length - chosen.length;
  const hashes = chosen.flatMap((run) =>
    Object.values(originOf(run).sec_nodes ?? {}).map((node) => node.description_sha256),
  );
  const descriptions = [...new Set(hashes)]
    .filter((hash): hash is string => typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash))
    .map((hash) => join(runsDir, ".nodes", `${hash}.json`))
    .filter((path) => existsSync(path));
  const leftOut =
    others > 0
      ? [`${counted(others, "run")} in ${basename(runsDir)} that other code made; choose them with  --run`]
      : [];
  // One run after the other, since there may be more of them than a process may have open files.
  const images: string[] = [];
  for (const run of chosen) images.push(...(await run.imageFiles()));
  return { files: chosen.map(({ path }) => path), descriptions, images, leftOut };
}

const originOf = (run: StoredRun): Origin => (run.start.provenance ?? {}) as Origin;

/** Whether the start document names the notebook. Its path there begins at the root of the repository. */
function isOf(run: StoredRun, notebook: string): boolean {
  const { path } = originOf(run).notebook ?? {};
  return typeof path === "string" && basename(path.replaceAll("\\", "/")) === basename(notebook);
}

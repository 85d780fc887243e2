/** Exports and images of runs that this process has measured: from their files where they were kept. */

import { existsSync } from "node:fs";
import { type MeasuredRun, provideRunExports } from "../../engine/result/runExports";
import { UsageError } from "../../errors";
import { exportRuns } from "../export/exportRuns";
import { keptPath } from "../files/keptPaths";
import { imageOf } from "../reading/imageFiles";
import { StoredRun } from "./storedRun";

/** The run in its file; undefined if it was not kept, or its file is gone. */
export function keptRun({ start, stop }: Pick<MeasuredRun, "start" | "stop">): StoredRun | undefined {
  const path = keptPath(start.uid);
  return path !== undefined && existsSync(path) ? new StoredRun(path, start, stop) : undefined;
}

provideRunExports({
  export: (runs, path, options) =>
    exportRuns(
      runs.map((run) => keptRun(run) ?? run),
      path,
      options,
    ),
  images: async function* (run, key) {
    const kept = keptRun(run);
    if (!kept)
      throw new UsageError(
        "this run was not kept in a folder, so it is not known where the detectors wrote its images",
      );
    yield* kept.images(key);
  },
  image: imageOf,
});

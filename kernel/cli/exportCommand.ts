/** `secop-lab export`: writes kept runs into files of other formats. */

import { existsSync, statSync } from "node:fs";
import { exportRuns, openRuns, type RunQuery, StoredRun, UsageError } from "../../lib/index";

export interface ExportCommandOptions {
  readonly to: string;
  readonly dir: string;
  readonly stream?: string;
  readonly units?: boolean;
  readonly timestamps?: boolean;
  readonly copyImages?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly plan?: string;
  readonly text?: string;
}

/**
 * Exports the runs that are named by scan_id, place from the end (-1), uid or path of a run file; without
 * names those that fit the conditions. Prints the paths of the files.
 */
export async function exportCommand(which: readonly string[], options: ExportCommandOptions): Promise<void> {
  const { to, stream, units, timestamps, copyImages } = options;
  const exportOptions = {
    ...(stream !== undefined && { stream }),
    ...(units !== undefined && { units }),
    ...(timestamps !== undefined && { timestamps }),
    ...(copyImages && { images: "copy" as const }),
  };
  const runs = which.length > 0 ? which.map((one) => named(one, options.dir)) : found(options);
  const paths = await exportRuns(runs, to, exportOptions);
  for (const path of paths) console.log(path);
}

function named(which: string, dir: string): StoredRun {
  if (which.endsWith(".jsonl") || (existsSync(which) && statSync(which).isFile())) {
    const run = StoredRun.open(which);
    if (!run) throw new UsageError(`${which} is not a run: it has no start document`);
    return run;
  }
  return openRuns(dir).get(/^-?\d{1,7}$/.test(which) ? Number(which) : which);
}

function found({ dir, since, until, plan, text }: ExportCommandOptions): StoredRun[] {
  const conditions: RunQuery = {
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(plan !== undefined && { plan }),
    ...(text !== undefined && { text }),
  };
  if (Object.keys(conditions).length === 0)
    throw new UsageError("name the runs (a number, -1 for the newest, or a uid), or give --since, --plan or --text");
  const runs = openRuns(dir).find(conditions);
  if (runs.length === 0) throw new UsageError(`no run in ${dir} fits`);
  return [...runs];
}

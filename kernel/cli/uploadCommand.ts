/** `secop-lab upload`: sends kept runs to a Tiled server. */

import { openRuns, tiled, uploadRuns } from "../../lib/index";

export interface UploadCommandOptions {
  readonly dir: string;
  readonly since?: string;
  readonly catalog: string;
}

/** Sends the runs that the server does not have, oldest first, and prints their uids. */
export async function uploadCommand(uri: string, { dir, since, catalog }: UploadCommandOptions): Promise<void> {
  const runs = openRuns(dir).find({ sort: "oldest", ...(since !== undefined && { since }) });
  const sent = await uploadRuns(tiled(uri, { catalog }), runs, (run) =>
    console.log(`${run.start.uid}  #${run.start.scan_id ?? ""}`),
  );
  console.log(`${sent} of ${runs.length} runs sent; the server had the others`);
}

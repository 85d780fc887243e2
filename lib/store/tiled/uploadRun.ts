/** Writes a kept run to a Tiled server, from its file. */

import type { RunSource } from "../export/runSource";
import { failureText, TiledClient, TiledError, type TiledStore } from "./tiledClient";
import { TiledRunWriter } from "./tiledRunWriter";

/** Documents that are collected before they are sent. */
const BATCH = 5000;

/**
 * Writes a run that has ended, or whose process was killed. A run that is complete on the server is left
 * alone; one that was begun there is written anew, since its rows could be there twice.
 *
 * @returns whether it was written
 */
export async function uploadRun(client: TiledClient, run: RunSource): Promise<boolean> {
  const path = client.pathOf(run.start.uid);
  const there = await client.find(path);
  if (there?.attributes.metadata.stop) return false;
  if (there) await client.json("DELETE", `/metadata/${path}?recursive=true&external_only=false`);
  const writer = new TiledRunWriter(client);
  for await (const document of run.documents()) {
    writer.add(document);
    if (writer.waiting >= BATCH) await writer.flush();
  }
  await writer.flush();
  return true;
}

/** Whether another attempt can succeed: not if the server has understood and refused. */
export function isTemporary(error: unknown): boolean {
  return !(error instanceof TiledError) || error.status >= 500 || error.status === 429;
}

/**
 * Sends runs to a Tiled server, one after the other: `await uploadRuns(tiled(uri), openRuns())`. Runs that it
 * has are left alone.
 *
 * @param onSent called with each run that was sent
 * @returns the number of runs that were sent
 */
export async function uploadRuns<R extends RunSource>(
  store: TiledStore,
  runs: Iterable<R>,
  onSent: (run: R) => void = () => {},
): Promise<number> {
  const client = new TiledClient(store);
  let sent = 0;
  for (const run of runs) {
    try {
      if (!(await uploadRun(client, run))) continue;
    } catch (error) {
      if (error instanceof TiledError) throw error;
      const uid = run.start.uid.slice(0, 8);
      throw new Error(`cannot send run ${uid} to Tiled at ${client.uri}: ${failureText(error)}`, { cause: error });
    }
    sent += 1;
    onSent(run);
  }
  return sent;
}

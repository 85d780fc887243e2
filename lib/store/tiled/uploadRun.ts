/** Writes a kept run to a Tiled server, from its file. */

import type { DataKey, EventDescriptor } from "../../engine/documents/documents";
import type { RunSource } from "../export/runSource";
import { StorageChoices, UndescribedValueError } from "./storedColumns";
import { failureText, TiledClient, type TiledStore } from "./tiledClient";
import { TiledError } from "./tiledError";
import { TiledRunWriter } from "./tiledRunWriter";
import { LostRowsError } from "./tiledTable";

/** After this many attempts with lost rows, a run is given up. */
const MOST_LOSSES = 3;
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
  const choices = new StorageChoices();
  let losses = 0;
  for (let isBegun = there !== undefined; ; isBegun = true) {
    if (isBegun) await client.remove(path);
    try {
      const misfit = await writeWhole(client, run, choices);
      if (misfit === undefined) return true;
      choices.widen(misfit.error, misfit.described);
    } catch (error) {
      losses += 1;
      if (!(error instanceof LostRowsError) || losses >= MOST_LOSSES) throw error;
    }
  }
}

/** Writes a run from its first to its last document. Resolves to the first value that does not fit. */
async function writeWhole(
  client: TiledClient,
  run: RunSource,
  choices: StorageChoices,
): Promise<{ readonly error: UndescribedValueError; readonly described: DataKey } | undefined> {
  const writer = new TiledRunWriter(client, choices);
  const keys = new Map<string, EventDescriptor["data_keys"]>();
  try {
    for await (const document of run.documents()) {
      if (document.name === "descriptor" && !keys.has(document.doc.name))
        keys.set(document.doc.name, document.doc.data_keys);
      writer.add(document);
      if (writer.waiting >= BATCH) await writer.flush();
    }
    await writer.flush();
    return undefined;
  } catch (error) {
    const described = error instanceof UndescribedValueError ? keys.get(error.stream)?.[error.key] : undefined;
    if (!(error instanceof UndescribedValueError) || described === undefined) throw error;
    return { error, described };
  }
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

/** Follows the runs of a Tiled server by asking again and again. */

import { realClock } from "../../clock";
import type { Document } from "../../engine/documents/documents";
import { errorText } from "../../errors";
import { delayFor } from "../../timeLimit";
import type { TiledStore } from "../tiled/tiledClient";
import { TiledError } from "../tiled/tiledError";
import type { TiledRun } from "../tiled/tiledRun";
import { TiledRuns } from "../tiled/tiledRuns";
import type { DocumentSource } from "./documentSource";

/** The least seconds between two questions. */
const INTERVAL = 1;
/** The pause between two questions as a multiple of the time of one: a large run is asked for less often. */
const REST = 4;
/**
 * The number of runs that are asked for: those that go on at the same time, and those that came since the
 * last question.
 */
const NEWEST = 10;

/**
 * The newest run of a server from its beginning, then all that begin later. A server that is away is waited
 * for.
 */
export function followedTiled(store: TiledStore): DocumentSource {
  return { uri: store.uri, documents: (signal) => received(store, signal) };
}

async function* received(store: TiledStore, signal?: AbortSignal): AsyncGenerator<Document, void, undefined> {
  const runs = new TiledRuns(store);
  const followed = new Map<string, Followed>();
  const done = new Set<string>();
  let isFirst = true;
  let isReported = false;
  while (!signal?.aborted) {
    const started = realClock.monotonic();
    try {
      const newest = [...(await runs.find({ limit: NEWEST }))];
      for (const [i, run] of newest.reverse().entries()) {
        if (isFirst && i < newest.length - 1 && run.stop !== undefined) done.add(run.uid);
        if (done.has(run.uid)) continue;
        const known = followed.get(run.uid) ?? new Followed();
        followed.set(run.uid, known);
        for await (const document of known.news(run)) {
          yield document;
          if (signal?.aborted) return;
        }
        if (run.stop === undefined) continue;
        done.add(run.uid);
        followed.delete(run.uid);
      }
      isFirst = false;
      isReported = false;
    } catch (error) {
      // A server that refuses says the same again next time; one that is away may come back.
      if (error instanceof TiledError && error.status < 500) throw error;
      if (!isReported) console.warn(`${errorText(error)}; trying again until it answers`);
      isReported = true;
    }
    await delayFor(Math.max(INTERVAL, REST * (realClock.monotonic() - started)), signal, { real: true });
  }
}

/** What was passed on of a run. */
class Followed {
  #isStarted = false;
  readonly #descriptors = new Set<string>();
  readonly #events = new Map<string, number>();

  /** The documents that are new since the last call. */
  async *news(run: TiledRun): AsyncGenerator<Document, void> {
    for await (const document of run.documents()) {
      const { name, doc } = document;
      if (name === "start") {
        if (this.#isStarted) continue;
        this.#isStarted = true;
      } else if (name === "descriptor") {
        if (this.#descriptors.has(doc.uid)) continue;
        this.#descriptors.add(doc.uid);
      } else if (name === "event") {
        if (doc.seq_num <= (this.#events.get(doc.descriptor) ?? 0)) continue;
        this.#events.set(doc.descriptor, doc.seq_num);
      } else if (name !== "stop") continue;
      yield document;
    }
  }
}

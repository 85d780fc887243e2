/** Passes the documents of others on to views. */

import { DocumentRuns } from "../../engine/documents/documentRuns";
import type { DocumentName, DocumentTypes } from "../../engine/documents/documents";
import { errorText } from "../../errors";
import { isAddress } from "../../publicAddress";
import { tiled } from "../tiled/tiledClient";
import type { DocumentSource } from "./documentSource";
import { followedFolder } from "./followedFolder";
import { followedTiled } from "./followedTiled";
import { publishTarget } from "./publishRuns";

/**
 * The source of an address: a broker (`nats://HOST:4222`, `tcp://HOST:PORT` of a 0MQ proxy), a Tiled server
 * (`http://HOST:8000`), or else the folder of a notebook's runs.
 */
export function documentSource(uri: string): DocumentSource {
  if (/^https?:\/\//i.test(uri)) return followedTiled(tiled(uri));
  if (isAddress(uri)) return publishTarget(uri);
  return followedFolder(uri);
}

/**
 * Passes the documents of others to a view or another callback: `await follow("nats://broker:4222", new
 * BestEffortCallback())`. Takes the addresses of brokers and of Tiled servers, and folders of runs. Ends when
 * `signal` aborts. A callback that fails does not end it.
 */
export async function follow(
  source: string | DocumentSource,
  callback: <N extends DocumentName>(name: N, doc: DocumentTypes[N]) => unknown,
  signal?: AbortSignal,
): Promise<void> {
  let isReported = false;
  const from = typeof source === "string" ? documentSource(source) : source;
  const beginnings = new Beginnings();
  for await (const { name, doc } of from.documents(signal)) {
    if (beginnings.isMissed(name, doc))
      console.warn(`${from.uri}: a run goes on whose beginning was not received; the next one is shown whole`);
    try {
      await callback(name, doc);
    } catch (error) {
      if (!isReported) console.error(`a followed ${name} document: ${errorText(error)} (reported once)`);
      isReported = true;
    }
  }
}

/** Notices events of a run whose beginning was not received: a 0MQ proxy keeps nothing for latecomers. */
class Beginnings {
  readonly #runs = new DocumentRuns();
  #isReported = false;

  /** Whether a document is the first one of such a run. */
  isMissed(name: DocumentName, doc: DocumentTypes[DocumentName]): boolean {
    const run = this.#runs.of(name, doc);
    if (name === "start") this.#isReported = false;
    if (name === "stop" && run !== undefined) this.#runs.forget(run);
    if ((name !== "event" && name !== "event_page") || this.#isReported || run !== undefined) return false;
    this.#isReported = true;
    return true;
  }
}

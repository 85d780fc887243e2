/** Passes the documents of others on to views. */

import type { DocumentName, DocumentTypes } from "../../engine/documents/documents";
import { errorText } from "../../errors";
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
  if (/^https?:\/\//.test(uri)) return followedTiled(tiled(uri));
  if (/^[a-z]+:\/\//i.test(uri)) return publishTarget(uri);
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
  for await (const { name, doc } of from.documents(signal)) {
    try {
      await callback(name, doc);
    } catch (error) {
      if (!isReported) console.error(`a followed ${name} document: ${errorText(error)} (reported once)`);
      isReported = true;
    }
  }
}

/**
 * Documents of a run about data that a detector writes into its own files: resource, datum, stream_resource,
 * stream_datum.
 */

import { UsageError } from "../../errors";
import type { CommandSteps } from "../commandSteps";
import type { Datum, Resource, StreamDatum, StreamResource } from "./documents";
import type { RunStreams } from "./runStreams";
import type { Stream } from "./stream";

/**
 * A document of a detector that writes its own files. The engine fills in `run_start`, `descriptor` (give "")
 * and `seq_nums` (give 0 to 0).
 */
export type AssetDoc =
  | readonly ["resource", Resource]
  | readonly ["datum", Datum]
  | readonly ["stream_resource", StreamResource]
  | readonly ["stream_datum", StreamDatum];

/** The members of a device that writes its own files. */
export interface AssetWriter {
  /** Documents about the frames up to `index`, or about all there are. */
  collectAssetDocs?(index?: number): Iterable<AssetDoc> | AsyncIterable<AssetDoc>;
}

export class ExternalAssets {
  readonly #streams: RunStreams;
  /** Data key by uid of its stream_resource. */
  readonly #streamResources = new Map<string, string>();
  /** Taken from devices and not emitted yet. */
  #taken: AssetDoc[] = [];

  constructor(streams: RunStreams) {
    this.#streams = streams;
  }

  /** Whether the device writes its own files. */
  writes(device: object): boolean {
    return typeof (device as AssetWriter).collectAssetDocs === "function";
  }

  /** Takes the asset documents of a device that was read or is collected; the next `emit` emits them. */
  *take(device: object, index?: number): CommandSteps<void> {
    const docs = (device as AssetWriter).collectAssetDocs?.(index);
    if (docs) this.#taken.push(...(yield* listOf(docs)));
  }

  /** Forgets what was taken and not emitted. */
  drop(): void {
    this.#taken = [];
  }

  /** Emits the documents taken. @returns how many frames their stream_datums span */
  emit(stream: Stream | undefined): number {
    const assets = this.#taken;
    if (assets.length === 0) return 0;
    this.#taken = [];
    let frames = 0;
    const received = new Set<string>();
    for (const asset of assets) {
      if (asset[0] === "datum") this.#streams.emit("datum", asset[1]);
      else if (asset[0] === "resource")
        this.#streams.emit("resource", { ...asset[1], run_start: this.#streams.runStart });
      else if (asset[0] === "stream_resource") this.#emitStreamResource(asset[1], stream);
      else {
        const span = this.#emitStreamDatum(asset[1], stream, received);
        if (frames !== 0 && span !== frames)
          throw new UsageError(
            `stream "${stream?.name}": detectors report ${frames} and ${span} frames for the same collect`,
          );
        frames = span;
      }
    }
    if (stream && received.size > 0 && received.size !== stream.streamedKeys.size)
      throw new UsageError(
        `stream "${stream.name}": data for ${[...received].join(", ")} only, not for every external key`,
      );
    return frames;
  }

  #emitStreamResource(doc: StreamResource, stream: Stream | undefined): void {
    if (this.#streamResources.has(doc.uid)) throw new UsageError(`stream_resource ${doc.uid} was given twice`);
    if (!stream?.streamedKeys.has(doc.data_key))
      throw new UsageError(`stream_resource for "${doc.data_key}", which no descriptor declares as external "STREAM:"`);
    this.#streamResources.set(doc.uid, doc.data_key);
    this.#streams.emit("stream_resource", { ...doc, run_start: this.#streams.runStart });
  }

  #emitStreamDatum(doc: StreamDatum, stream: Stream | undefined, received: Set<string>): number {
    const key = this.#streamResources.get(doc.stream_resource);
    if (key === undefined || !stream || stream.descriptor === undefined)
      throw new UsageError(`stream_datum for an unknown stream_resource ${doc.stream_resource}`);
    received.add(key);
    const span = doc.indices.stop - doc.indices.start;
    this.#streams.emit("stream_datum", {
      ...doc,
      descriptor: stream.descriptor,
      seq_nums: { start: stream.nextSeqNum, stop: stream.nextSeqNum + span },
    });
    return span;
  }
}

/** All items of an iterable, also of an asynchronous one. */
export function* listOf<T>(items: Iterable<T> | AsyncIterable<T>): CommandSteps<T[]> {
  if (Symbol.iterator in items) return [...items];
  return (yield listOfAsync(items)) as T[];
}

async function listOfAsync<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/**
 * What a run says: event-model's documents, how they are made from messages and readings, and who receives
 * them.
 *
 * This chapter uses lib/core and the engine's lowest files only; consumers (live views, run files) need
 * nothing of the engine but this chapter and `result/`. Begin reading with `documents`, the types; then
 * `runBundler` makes the documents of one run, and `dispatcher` hands them out.
 */

export {
  type Datum,
  DOCUMENT_NAMES,
  type Document,
  type DocumentCallback,
  type DocumentName,
  type DocumentTypes,
  type Event,
  type EventDescriptor,
  type EventPage,
  type ExitStatus,
  type Resource,
  type RunStart,
  type RunStop,
  type StreamDatum,
  type StreamResource,
} from "./documents";
export type { AssetDoc } from "./externalAssets";
export type { FlyerMembers, PartialEvent, PartialEventPage } from "./flyerStreams";
export { persistentMetadata } from "./persistentMetadata";
export { type ProvenanceOptions, provenance } from "./provenance";
export type { DocumentMethods, DocumentReceiver, Subscriptions } from "./subscriptions";

/** What sends documents to others while they are made. */

import type { Document } from "../../engine/documents/documents";

/** A connection to a broker that documents are sent to. */
export interface DocumentSender {
  /** Sends one document; resolves when the broker has it. */
  send(document: Document, runUid: string): Promise<void>;
  close(): Promise<void>;
}

/** A broker as a place for live documents; see `nats` and `zmq`. */
export interface PublishTarget {
  readonly kind: "nats" | "zmq";
  /** The address without a password, for messages. */
  readonly uri: string;
  /** Connects for sending. */
  open(): Promise<DocumentSender>;
  /** Connects for receiving: the documents as they come, from the first one that the broker still has. */
  documents(signal?: AbortSignal): AsyncIterable<Document>;
}

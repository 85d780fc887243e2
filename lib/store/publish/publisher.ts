/** The interfaces of brokers, to which documents are sent while they are made. */

import type { Document } from "../../engine/documents/documents";
import type { DocumentSource } from "./documentSource";

/** A connection to a broker that documents are sent to. */
export interface DocumentSender {
  /** Sends one document; resolves when the broker has it. */
  send(document: Document, runUid: string): Promise<void>;
  close(): Promise<void>;
}

/** A broker as a place for live documents; see `nats` and `zmq`. */
export interface PublishTarget extends DocumentSource {
  readonly kind: "nats" | "zmq";
  /** Connects for sending. */
  open(): Promise<DocumentSender>;
}

/** Where documents can be followed from while they are made. */

import type { Document } from "../../engine/documents/documents";

/** A broker, a server or a folder that somebody else's documents come from. */
export interface DocumentSource {
  /** The address without a password, for messages. */
  readonly uri: string;
  /**
   * The documents as they come. A broker begins with the first one that it still has, a folder and Tiled with
   * the start of their newest run. Ends when `signal` aborts.
   */
  documents(signal?: AbortSignal): AsyncIterable<Document>;
}

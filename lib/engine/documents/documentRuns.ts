/** Which run a document belongs to: an event, for example, names its descriptor only. */

import type { DocumentName, DocumentTypes } from "./documents";

/** The members by which documents refer to others; each kind has some of them. */
interface References {
  readonly uid: string;
  readonly run_start?: string;
  readonly descriptor?: string;
  readonly resource?: string;
  readonly stream_resource?: string;
}

/** Remembers the runs of descriptors and resources, to which later documents refer. */
export class DocumentRuns {
  readonly #runs = new Map<string, string>();

  /** The uid of the run of a document; undefined if what it refers to has not come. */
  of<N extends DocumentName>(name: N, doc: DocumentTypes[N]): string | undefined {
    // The common type of all documents does not have the members of single kinds.
    const { uid, run_start, descriptor, resource, stream_resource } = doc as unknown as References;
    if (name === "start") return uid;
    if (run_start === undefined) return this.#runs.get(stream_resource ?? resource ?? descriptor ?? "");
    if (name !== "stop") this.#runs.set(uid, run_start);
    return run_start;
  }

  /** Forgets a run, of which no further documents come. */
  forget(run: string): void {
    for (const [uid, each] of this.#runs) if (each === run) this.#runs.delete(uid);
  }
}

/** Leaves out runs of the past that a broker replays to a newcomer, up to the newest one. */

import type { Document, DocumentName, DocumentTypes } from "../../lib/index";

export type Receive = (document: Document) => unknown;

/** Milliseconds without a document after which the past is over. */
const QUIET_MS = 400;
/** Milliseconds after which documents are passed on in any case. */
const MOST_MS = 20_000;

/**
 * Holds documents back until they are new or none comes any more; then passes on the newest run of the past
 * and those that have no end yet, from their beginning, and everything from now on.
 */
export class CatchUp {
  readonly #pass: Receive;
  readonly #since = Date.now() / 1000;
  readonly #deadline = Date.now() + MOST_MS;
  /** The documents of each run that may be shown; undefined when the past is over. */
  #held: Map<string, Document[]> | undefined = new Map();
  readonly #runs = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pass: Receive) {
    this.#pass = pass;
  }

  /** Takes a document; a callback of `follow`. */
  readonly receive = <N extends DocumentName>(name: N, doc: DocumentTypes[N]): unknown => {
    // The cast joins what the parameters hold apart.
    const document = { name, doc } as Document;
    if (!this.#held) return this.#pass(document);
    this.#hold(this.#held, document);
    clearTimeout(this.#timer);
    const { time } = doc as { readonly time?: number };
    if ((time !== undefined && time >= this.#since) || Date.now() > this.#deadline) this.#release();
    else this.#timer = setTimeout(() => this.#release(), QUIET_MS);
    return undefined;
  };

  /** Forgets what it holds. */
  close(): void {
    clearTimeout(this.#timer);
    this.#held?.clear();
  }

  #hold(held: Map<string, Document[]>, document: Document): void {
    const run = this.#runOf(document);
    // A run whose beginning is not known cannot be shown.
    if (document.name === "start") {
      for (const [uid, documents] of held) if (documents.at(-1)?.name === "stop") held.delete(uid);
      held.set(run, [document]);
    } else held.get(run)?.push(document);
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    this.#runs.clear();
    for (const documents of held?.values() ?? []) for (const document of documents) this.#pass(document);
  }

  #runOf({ name, doc }: Document): string {
    if (name === "start") return doc.uid;
    if (name === "stop") return doc.run_start;
    // Each kind of document has some of these keys, and all of them are texts.
    const { uid, run_start, descriptor, stream_resource, resource } = doc as unknown as Record<string, string>;
    if (run_start === undefined) return this.#runs.get(descriptor ?? stream_resource ?? resource ?? "") ?? "";
    this.#runs.set(uid ?? "", run_start);
    return run_start;
  }
}

import { $display, type Displayable, type MimeBundle } from "../../display/bundle";
import { codeChip } from "../../display/codeChip";
import { displayBundle } from "../../display/displayBundle";
import { muted } from "../../display/muted";
import type { DocumentName, DocumentTypes } from "../../engine/documents/documents";

/** Takes documents as a function does: what `RE.subscribe` takes. The promise of a stop document is for what is shown after the run. */
export interface DocumentConsumer extends Displayable {
  <N extends DocumentName>(name: N, doc: DocumentTypes[N]): void | Promise<void>;
  /** Its class, for messages about it. */
  readonly name: string;
}

/**
 * Base of the views: an object that is itself the callback, so that `RE.subscribe(new LiveTable(["det"]))` reads as in bluesky.
 * Subclasses say in `receive` what they do with a document.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor returns a function, which is what the interface declares
export abstract class DocumentConsumer {
  constructor() {
    const consumer = (<N extends DocumentName>(name: N, doc: DocumentTypes[N]) => consumer.receive(name, doc)) as this;
    Object.setPrototypeOf(consumer, new.target.prototype);
    Object.defineProperty(consumer, "name", { value: new.target.name });
    // biome-ignore lint/correctness/noConstructorReturn: see the class
    return consumer;
  }

  /** As the last expression of a cell. */
  [$display](): MimeBundle {
    const text = `${this.name}: takes the documents of runs`;
    return displayBundle(`${text}, RE.subscribe(...)`, muted(text, ": ", codeChip("RE.subscribe(...)")));
  }

  abstract receive<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void | Promise<void>;
}

Object.setPrototypeOf(DocumentConsumer.prototype, Function.prototype);

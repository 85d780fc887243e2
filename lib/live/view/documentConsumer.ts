/** The base of all views: an object that is itself the callback for documents. */

import { codeChip } from "../../display/codeChip";
import { displayBundle } from "../../display/displayBundle";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { muted } from "../../display/muted";
import type { DocumentName, DocumentTypes } from "../../engine/documents/documents";

/**
 * A function that takes documents, as `RE.subscribe` expects it. The promise for a stop document resolves
 * when everything that is shown after the run is out.
 */
export interface DocumentConsumer extends Displayable {
  <N extends DocumentName>(name: N, doc: DocumentTypes[N]): void | Promise<void>;
  /** The name of its class, for messages about it. */
  readonly name: string;
}

/**
 * The base class of the views. Its objects are functions, so that `RE.subscribe(new LiveTable(["det"]))`
 * reads as in bluesky. Subclasses implement `receive`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor returns a function, which is what the interface declares
export abstract class DocumentConsumer {
  constructor() {
    const consumer = (<N extends DocumentName>(name: N, doc: DocumentTypes[N]) => consumer.receive(name, doc)) as this;
    Object.setPrototypeOf(consumer, new.target.prototype);
    Object.defineProperty(consumer, "name", { value: new.target.name });
    // biome-ignore lint/correctness/noConstructorReturn: the object is a function, as the comment of the class says
    return consumer;
  }

  /** The display of a cell whose last expression is the view. */
  [$display](): MimeBundle {
    const text = `${this.name}: takes the documents of runs`;
    return displayBundle(`${text}, RE.subscribe(...)`, muted(text, ": ", codeChip("RE.subscribe(...)")));
  }

  /** The same display as text. */
  toString(): string {
    return String(this[$display]()["text/plain"] ?? this.name);
  }

  /** Takes one document. */
  abstract receive<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void | Promise<void>;
}

Object.setPrototypeOf(DocumentConsumer.prototype, Function.prototype);

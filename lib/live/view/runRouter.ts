/** Sorts documents by their runs and streams, so that a view deals with one run at a time. */

import { $display, type MimeBundle } from "../../display/mimeBundle";
import type {
  DocumentName,
  DocumentTypes,
  Event,
  EventDescriptor,
  EventPage,
  RunStart,
  RunStop,
  StreamDatum,
  StreamResource,
} from "../../engine/documents/documents";
import { documentsWithin } from "../../engine/documents/olderDocuments";
import { eventsOfPage } from "../../engine/documents/subscriptions";
import { DocumentConsumer } from "./documentConsumer";

/** Takes the events of one stream. */
export type EventHandler = (event: Event) => void;

/** The view of one run. */
export interface RunView {
  /**
   * A stream begins, or goes on with a new descriptor.
   * @returns what takes the events of this descriptor in their order; undefined to ignore them
   */
  descriptor(doc: EventDescriptor): EventHandler | undefined;
  /** A detector has a file with values of this run. Default: it is ignored. */
  resource?(doc: StreamResource): void;
  /** A file has more values. Default: they are ignored. */
  datum?(doc: StreamDatum): void;
  /** The run has ended. The promise is for work that takes longer, such as the picture in the last frame. */
  stop(doc: RunStop): void | Promise<void>;
  /**
   * What the run shows now, for a cell whose last expression is the view; undefined while there is nothing.
   */
  bundle?(): MimeBundle | undefined;
}

/**
 * Opens a view for each run and passes each event to the handler of its stream, so that runs may be nested or
 * interleaved without a view noticing. This costs one comparison for most events.
 */
export abstract class RunRouter extends DocumentConsumer {
  readonly #views = new Map<string, RunView>();
  /** The handlers by the uid of their descriptor, with the run at whose end they are removed. */
  readonly #handlers = new Map<string, { readonly run: string; readonly handle: EventHandler | undefined }>();
  #lastDescriptor = "";
  #lastHandler: EventHandler | undefined;
  #newest: RunView | undefined;

  /** The newest run as it is now. */
  override [$display](): MimeBundle {
    return this.#newest?.bundle?.() ?? super[$display]();
  }

  /** A run begins. @returns its view, or undefined to ignore the run */
  protected abstract open(start: RunStart): RunView | undefined;

  override receive<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void | Promise<void> {
    if (name === "event") this.#event(doc as Event);
    else if (name === "event_page") this.#page(doc as EventPage);
    else if (name === "descriptor") this.#descriptor(doc as EventDescriptor);
    else if (name === "start") this.#start(doc as RunStart);
    else if (name === "stop") return this.#stop(doc as RunStop);
    else if (name === "stream_resource") this.#resource(doc as StreamResource);
    else if (name === "stream_datum") this.#datum(doc as StreamDatum);
    else for (const each of documentsWithin(name, doc)) void this.receive(each.name, each.doc);
  }

  #event(event: Event): void {
    if (event.descriptor !== this.#lastDescriptor) {
      this.#lastDescriptor = event.descriptor;
      this.#lastHandler = this.#handlers.get(event.descriptor)?.handle;
    }
    this.#lastHandler?.(event);
  }

  #page(page: EventPage): void {
    for (const event of eventsOfPage(page)) this.#event(event);
  }

  #start(start: RunStart): void {
    const view = this.open(start);
    if (!view) return;
    this.#views.set(start.uid, view);
    this.#newest = view;
  }

  #descriptor(doc: EventDescriptor): void {
    const view = this.#views.get(doc.run_start);
    if (view) this.#handlers.set(doc.uid, { run: doc.run_start, handle: view.descriptor(doc) });
  }

  #resource(doc: StreamResource): void {
    this.#views.get(doc.run_start ?? "")?.resource?.(doc);
  }

  #datum(doc: StreamDatum): void {
    this.#views.get(this.#handlers.get(doc.descriptor)?.run ?? "")?.datum?.(doc);
  }

  #stop(doc: RunStop): void | Promise<void> {
    const view = this.#views.get(doc.run_start);
    this.#views.delete(doc.run_start);
    for (const [uid, { run }] of this.#handlers) if (run === doc.run_start) this.#handlers.delete(uid);
    this.#lastDescriptor = "";
    this.#lastHandler = undefined;
    return view?.stop(doc);
  }
}

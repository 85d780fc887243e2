/** Sorts documents by their runs and streams, so that a view deals with one run at a time. */

import { displayBundle } from "../../display/displayBundle";
import { currentHost } from "../../display/host";
import { $display, type MimeBundle } from "../../display/mimeBundle";
import { muted } from "../../display/muted";
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
import type { FieldSource } from "./fieldSource";
import { MissingFields } from "./missingFields";

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

/** A run that goes on. */
interface OpenRun {
  readonly view: RunView;
  readonly missing: MissingFields;
  /** Shows a line in the cell of the run. */
  readonly say: (line: string) => void;
}

/**
 * Opens a view for each run and passes each event to the handler of its stream, so that runs may be nested or
 * interleaved without a view noticing. This costs one comparison for most events.
 */
export abstract class RunRouter extends DocumentConsumer {
  readonly #runs = new Map<string, OpenRun>();
  /** The handlers by the uid of their descriptor, with the run at whose end they are removed. */
  readonly #handlers = new Map<string, { readonly run: string; readonly handle: EventHandler | undefined }>();
  #lastDescriptor = "";
  #lastHandler: EventHandler | undefined;
  #newest: RunView | undefined;

  /** The newest run as it is now. */
  override [$display](): MimeBundle {
    return this.#newest?.bundle?.() ?? super[$display]();
  }

  /** The fields that are shown of each run: a line says which of them a run did not have. Default: none. */
  protected get fields(): readonly FieldSource[] {
    return [];
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
    const host = currentHost();
    const say = host.bind((line: string) => host.display(displayBundle(line, muted(line))));
    this.#runs.set(start.uid, { view, missing: new MissingFields(this.fields), say });
    this.#newest = view;
  }

  #descriptor(doc: EventDescriptor): void {
    const run = this.#runs.get(doc.run_start);
    if (!run) return;
    run.missing.descriptor(doc);
    this.#handlers.set(doc.uid, { run: doc.run_start, handle: run.view.descriptor(doc) });
  }

  #resource(doc: StreamResource): void {
    this.#runs.get(doc.run_start ?? "")?.view.resource?.(doc);
  }

  #datum(doc: StreamDatum): void {
    this.#runs.get(this.#handlers.get(doc.descriptor)?.run ?? "")?.view.datum?.(doc);
  }

  #stop(doc: RunStop): void | Promise<void> {
    const ended = this.#runs.get(doc.run_start);
    this.#runs.delete(doc.run_start);
    for (const [uid, { run }] of this.#handlers) if (run === doc.run_start) this.#handlers.delete(uid);
    this.#lastDescriptor = "";
    this.#lastHandler = undefined;
    if (!ended) return;
    const stopping = ended.view.stop(doc);
    for (const line of ended.missing.lines(this.name)) ended.say(line);
    return stopping;
  }
}

import { $display, type MimeBundle } from "../../display/bundle";
import type {
  DocumentName,
  DocumentTypes,
  Event,
  EventDescriptor,
  EventPage,
  RunStart,
  RunStop,
} from "../../engine/documents/documents";
import { DocumentConsumer } from "./documentConsumer";

export type EventHandler = (event: Event) => void;

/** What one view makes of one run. */
export interface RunView {
  /** A stream begins, or goes on with a new descriptor. What is returned gets its events, in the order they come. */
  descriptor(doc: EventDescriptor): EventHandler | undefined;
  /** A returned promise is for what takes longer than the run: the picture in the last frame. */
  stop(doc: RunStop): void | Promise<void>;
  /** What is shown of it now, for the view as the last expression of a cell; `undefined` while there is nothing. */
  bundle?(): MimeBundle | undefined;
}

/**
 * Gives each run a view of its own and each event to its stream's handler, so that runs may be nested or interleaved and no view knows of it.
 * Per event this is one comparison.
 */
export abstract class RunRouter extends DocumentConsumer {
  readonly #views = new Map<string, RunView>();
  /** Handlers by descriptor, with the run they end with. */
  readonly #handlers = new Map<string, { readonly run: string; readonly handle: EventHandler | undefined }>();
  #lastDescriptor = "";
  #lastHandler: EventHandler | undefined;
  #newest: RunView | undefined;

  /** The newest run as it stands. */
  override [$display](): MimeBundle {
    return this.#newest?.bundle?.() ?? super[$display]();
  }

  /** A run begins: the view for it, or `undefined` to leave it out. */
  protected abstract open(start: RunStart): RunView | undefined;

  override receive<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void | Promise<void> {
    if (name === "event") this.#event(doc as Event);
    else if (name === "event_page") this.#page(doc as EventPage);
    else if (name === "descriptor") this.#descriptor(doc as EventDescriptor);
    else if (name === "start") this.#start(doc as RunStart);
    else if (name === "stop") return this.#stop(doc as RunStop);
  }

  #event(event: Event): void {
    if (event.descriptor !== this.#lastDescriptor) {
      this.#lastDescriptor = event.descriptor;
      this.#lastHandler = this.#handlers.get(event.descriptor)?.handle;
    }
    this.#lastHandler?.(event);
  }

  #page(page: EventPage): void {
    page.seq_num.forEach((seq_num, i) => {
      this.#event({
        uid: page.uid[i] ?? "",
        time: page.time[i] ?? 0,
        descriptor: page.descriptor,
        seq_num,
        data: rowOf(page.data, i),
        timestamps: rowOf(page.timestamps, i),
        filled: rowOf(page.filled, i),
      });
    });
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

  #stop(doc: RunStop): void | Promise<void> {
    const view = this.#views.get(doc.run_start);
    this.#views.delete(doc.run_start);
    for (const [uid, { run }] of this.#handlers) if (run === doc.run_start) this.#handlers.delete(uid);
    this.#lastDescriptor = "";
    this.#lastHandler = undefined;
    return view?.stop(doc);
  }
}

function rowOf<T>(columns: Readonly<Record<string, readonly T[]>>, i: number): Record<string, T> {
  return Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, values[i] as T]));
}

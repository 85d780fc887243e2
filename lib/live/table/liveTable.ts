/** The view that shows events as a table. */

import { displayBundle } from "../../display/displayBundle";
import { header } from "../../display/header";
import { currentHost } from "../../display/host";
import type { MimeBundle } from "../../display/mimeBundle";
import type { EventDescriptor, RunStart, RunStop } from "../../engine/documents/documents";
import { checkOptions } from "../../options";
import { checkedSources, type FieldSource, fieldsOf } from "../view/fieldSource";
import { type LiveFrames, liveDisplay } from "../view/liveFrames";
import { runHeader } from "../view/runHeader";
import { type EventHandler, RunRouter, type RunView } from "../view/runRouter";
import type { StreamField } from "../view/streamFields";
import { tableContent } from "./tableContent";
import { TableModel } from "./tableModel";
import { TablePrinter } from "./tablePrinter";
import { closingLine } from "./tableText";

/** The number of newest rows that `rows` has. */
const ROWS = 60;

/** Options of `LiveTable`, the last argument. */
export interface LiveTableOptions {
  /** The stream to show; default "primary". */
  readonly streamName?: string;
}

/**
 * Shows the events of a stream as a table that grows: `RE.subscribe(new LiveTable(["det", motor]))`.
 *
 * In a notebook it is one output with the newest rows; elsewhere it prints each row as a line of text. Fields
 * that the stream does not have are left out; a name that no stream of the run has is reported at its end.
 */
export class LiveTable extends RunRouter {
  readonly #sources: readonly FieldSource[];
  readonly #streamName: string;
  #newest: TableRun | undefined;

  constructor(fields: FieldSource | readonly FieldSource[], options: LiveTableOptions = {}) {
    super();
    checkOptions("LiveTable", options, { streamName: true });
    this.#sources = checkedSources(fields);
    this.#streamName = options.streamName ?? "primary";
  }

  /**
   * The newest rows of the newest run, at most 60, oldest first. Each row has the value of each field by its
   * data key. `run.table()` has all rows.
   */
  get rows(): readonly Readonly<Record<string, unknown>>[] {
    return this.#newest?.rows ?? [];
  }

  protected override get fields(): readonly FieldSource[] {
    return this.#sources;
  }

  protected override open(start: RunStart): RunView {
    this.#newest = new TableRun(start, this.#streamName, this.#sources);
    return this.#newest;
  }
}

/** The table of one run. */
class TableRun implements RunView {
  readonly #start: RunStart;
  readonly #streamName: string;
  readonly #sources: readonly FieldSource[];
  #stop: RunStop | undefined;
  readonly #model = new TableModel();
  /** The display in a notebook. */
  #frames: LiveFrames | undefined;
  /** The printed lines elsewhere. */
  #printer: TablePrinter | undefined;

  constructor(start: RunStart, streamName: string, sources: readonly FieldSource[]) {
    this.#start = start;
    this.#streamName = streamName;
    this.#sources = sources;
  }

  get rows(): Readonly<Record<string, unknown>>[] {
    const { fields } = this.#model;
    return this.#model
      .newest(ROWS)
      .map(({ values }) => Object.fromEntries(fields.map((field, i) => [field.key, values[i]])));
  }

  bundle(): MimeBundle | undefined {
    return this.#frames || this.#printer ? this.#bundle() : undefined;
  }

  descriptor(doc: EventDescriptor): EventHandler | undefined {
    if (doc.name !== this.#streamName) return undefined;
    const fields = this.#sources.flatMap((source) => fieldsOf(source, doc));
    this.#model.include(fields);
    return currentHost().rich ? this.#drawing() : this.#printing(fields);
  }

  stop(doc: RunStop): void {
    this.#stop = doc;
    this.#frames?.finish();
    this.#printer?.finish();
  }

  #drawing(): EventHandler {
    const frames = this.#frames ?? liveDisplay(() => this.#bundle());
    this.#frames = frames;
    frames.show();
    return (event) => {
      this.#model.add(event);
      frames.changed();
    };
  }

  #printing(fields: readonly StreamField[]): EventHandler {
    const printer = this.#printer ?? new TablePrinter(this.#start);
    this.#printer = printer;
    printer.include(fields);
    return (event) => {
      this.#model.add(event);
      printer.add(event);
    };
  }

  #bundle(): MimeBundle {
    const content = tableContent(this.#model, this.#stop !== undefined);
    const closing = this.#stop ? [closingLine(this.#start)] : [];
    return displayBundle(
      [...content.lines, ...closing].join("\n"),
      header(runHeader(this.#start, { stop: this.#stop, count: this.#model.count })),
      ...content.html,
    );
  }
}

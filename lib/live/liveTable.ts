import type { MimeBundle } from "../display/bundle";
import { codeChip } from "../display/codeChip";
import { displayBundle } from "../display/displayBundle";
import { header } from "../display/header";
import { currentHost } from "../display/host";
import type { Html } from "../display/html";
import { muted } from "../display/muted";
import { type Column, htmlTable } from "../display/table";
import { formatTimeTenths } from "../display/time";
import type { Event, EventDescriptor, RunStart, RunStop } from "../engine/documents";
import { type Field, fieldOf } from "./fields";
import { type Frames, liveDisplay } from "./frames";
import { runHeader } from "./runHeader";
import { type EventHandler, RunRouter, type RunView } from "./runRouter";
import { isNumeric, TableModel } from "./tableModel";
import { TablePrinter } from "./tablePrinter";
import { closingLine, textTableOf } from "./tableText";

export interface LiveTableOptions {
  /** Default `primary`. */
  readonly streamName?: string;
}

/** A field by its name in events, or a device: its hinted fields, else the field of its name. */
export type FieldSource = string | { readonly name: string; readonly hints?: { readonly fields?: readonly string[] } };

/**
 * Shows the events of a stream as a table that grows: `RE.subscribe(new LiveTable(["det", motor]))`. In a notebook one output with the newest
 * rows; elsewhere lines of text as they come. Fields which a stream does not have are left out.
 */
export class LiveTable extends RunRouter {
  readonly #keys: readonly string[];
  readonly #streamName: string;

  constructor(fields: readonly FieldSource[], options: LiveTableOptions = {}) {
    super();
    this.#keys = fields.flatMap(keysOf);
    this.#streamName = options.streamName ?? "primary";
  }

  protected override open(start: RunStart): RunView {
    return new TableView(start, this.#streamName, () => this.#keys);
  }
}

/** The table of one run. */
export class TableView implements RunView {
  readonly #start: RunStart;
  readonly #streamName: string;
  readonly #keys: (descriptor: EventDescriptor) => readonly string[];
  #stop: RunStop | undefined;
  #model: TableModel | undefined;
  #shown: Frames | TablePrinter | undefined;
  #handle: EventHandler | undefined;

  /** `keys` chooses the columns when the stream begins. */
  constructor(start: RunStart, streamName: string, keys: (descriptor: EventDescriptor) => readonly string[]) {
    this.#start = start;
    this.#streamName = streamName;
    this.#keys = keys;
  }

  descriptor(doc: EventDescriptor): EventHandler | undefined {
    if (doc.name !== this.#streamName) return undefined;
    this.#handle ??= this.#begin(doc);
    return this.#handle;
  }

  stop(doc: RunStop): void {
    this.#stop = doc;
    this.#shown?.finish();
  }

  /** The table as it is now. */
  bundle(): MimeBundle | undefined {
    const model = this.#model;
    if (!model) return undefined;
    const rows = model.rows(this.#stop !== undefined);
    const cells = model.cells(rows);
    return displayBundle(
      tableText(this.#start, this.#stop, model, rows, cells),
      header(runHeader(this.#start, this.#stop)),
      tableHtml(model.fields, rows, cells),
      footer(model, rows),
    );
  }

  #begin(descriptor: EventDescriptor): EventHandler {
    const fields = this.#keys(descriptor).flatMap((key) => fieldOf(key, descriptor) ?? []);
    const model = new TableModel(fields);
    this.#model = model;
    if (!currentHost().rich) {
      const printer = new TablePrinter(this.#start, fields);
      this.#shown = printer;
      return (event) => printer.add(event);
    }
    const frames = liveDisplay(() => this.bundle());
    this.#shown = frames;
    frames.show();
    return (event) => {
      model.add(event);
      frames.changed();
    };
  }
}

function tableText(
  start: RunStart,
  stop: RunStop | undefined,
  model: TableModel,
  rows: readonly Event[],
  cells: readonly (readonly string[])[],
): string {
  const table = textTableOf(model.fields);
  const lines = [...table.heading, ...rows.map((row, i) => table.row(row, cells[i]))];
  if (stop) lines.push(table.border);
  if (stop) lines.push(closingLine(start));
  return lines.join("\n");
}

function tableHtml(fields: readonly Field[], rows: readonly Event[], cells: readonly (readonly string[])[]): Html {
  const columns: Column[] = [
    { title: "seq_num" },
    { title: "time", mute: true },
    ...fields.map(
      (field): Column => ({
        title: field.key,
        units: field.units,
        align: isNumeric(field) ? "right" : "left",
      }),
    ),
  ];
  return htmlTable(
    columns,
    rows.map((row, i) => [String(row.seq_num), formatTimeTenths(row.time), ...(cells[i] ?? [])]),
  );
}

function footer(model: TableModel, rows: readonly Event[]): Html {
  const { count } = model;
  const first = rows[0]?.seq_num ?? 1;
  const extent = first > 1 ? `rows ${first} to ${count} of ${count}` : `${count} row${count === 1 ? "" : "s"}`;
  return muted(`${extent} · ${first > 1 ? "all of them" : "as data"}: `, codeChip("run.table()"));
}

export function keysOf(source: FieldSource): readonly string[] {
  if (typeof source === "string") return [source];
  return source.hints?.fields ?? [source.name];
}

/** The baseline of a run as a table. */

import type { Html } from "../../display/html";
import { html } from "../../display/html";
import { counted } from "../../display/number";
import { htmlTable, type TableColumn, textTable } from "../../display/table";
import { branch } from "../../display/tree";
import type { Event, EventDescriptor } from "../../engine/documents/documents";
import { readableField } from "../view/memberFields";
import { fieldOf, hintedKeys, type StreamField, valueIn } from "../view/streamFields";
import { cell } from "./tableModel";

const COLUMNS: readonly TableColumn[] = [
  { title: "baseline", align: "left" },
  { title: "at start" },
  { title: "at end" },
  { title: "unit", align: "left", mute: true },
];

/** The readings of the baseline stream at the start and at the end of a run. */
export class Baseline {
  readonly #fields = new Map<string, StreamField>();
  #first: Event | undefined;
  #last: Event | undefined;

  /** Adds the readings that a descriptor describes. */
  include(descriptor: EventDescriptor): void {
    const dimensions = { axes: [], fields: [], stream: descriptor.name };
    for (const key of hintedKeys(descriptor, dimensions)) {
      const field = fieldOf(key, descriptor);
      if (field && !this.#fields.has(key)) this.#fields.set(key, readableField(field));
    }
  }

  /** Takes an event: the first is that at the start, and the newest later one is that at the end. */
  add(event: Event): void {
    if (this.#first) this.#last = event;
    else this.#first = event;
  }

  /** The table, folded; undefined if no field is shown. */
  html(): Html | undefined {
    const rows = this.#rows();
    if (rows.length === 0) return undefined;
    const changed = rows.filter(([, start, end]) => end !== "" && start !== end).length;
    const count = counted(rows.length, "reading");
    const summary = html`baseline <small>${count}${this.#last && `, ${changed} changed`}</small>`;
    return branch({ summary, body: htmlTable(COLUMNS, rows) });
  }

  /** The table in lines of text. */
  text(): string {
    return textTable(COLUMNS, this.#rows());
  }

  #rows(): [string, string, string, string][] {
    return Array.from(this.#fields.values(), (field) => [
      field.key,
      readingOf(this.#first, field),
      readingOf(this.#last, field),
      field.units ?? "",
    ]);
  }
}

function readingOf(event: Event | undefined, field: StreamField): string {
  return event ? cell(valueIn(field, event.data), field) : "";
}

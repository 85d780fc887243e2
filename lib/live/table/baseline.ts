import { formatValue } from "../../display/formatValue";
import type { Html } from "../../display/html";
import { html } from "../../display/html";
import { htmlTable, type TableColumn, textTable } from "../../display/table";
import { branch } from "../../display/tree";
import type { Event, EventDescriptor } from "../../engine/documents/documents";
import { type Field, fieldOf, hintedKeys } from "../consumer/fields";

const COLUMNS: readonly TableColumn[] = [
  { title: "baseline", align: "left" },
  { title: "at start" },
  { title: "at end" },
  { title: "unit", align: "left", mute: true },
];

/** What was read once before and once after a run: the surroundings of a measurement. */
export class Baseline {
  readonly #fields: readonly Field[];
  #first: Event | undefined;
  #last: Event | undefined;

  constructor(descriptor: EventDescriptor) {
    const dimensions = { axes: [], fields: [], stream: descriptor.name };
    this.#fields = hintedKeys(descriptor, dimensions).flatMap((key) => fieldOf(key, descriptor) ?? []);
  }

  add(event: Event): void {
    if (this.#first) this.#last = event;
    else this.#first = event;
  }

  html(): Html | undefined {
    const rows = this.#rows();
    if (rows.length === 0) return undefined;
    const changed = rows.filter(([, start, end]) => end !== "" && start !== end).length;
    const count = `${rows.length} reading${rows.length === 1 ? "" : "s"}`;
    const summary = html`baseline <small>${count}${this.#last && `, ${changed} changed`}</small>`;
    return branch({ summary, body: htmlTable(COLUMNS, rows) });
  }

  text(): string {
    return textTable(COLUMNS, this.#rows());
  }

  #rows(): [string, string, string, string][] {
    return this.#fields.map((field) => [
      field.key,
      readingOf(this.#first, field),
      readingOf(this.#last, field),
      field.units ?? "",
    ]);
  }
}

function readingOf(event: Event | undefined, field: Field): string {
  return event ? formatValue(event.data[field.key], { precision: field.precision, width: 32 }) : "";
}

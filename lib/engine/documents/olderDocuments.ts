/** Documents of older programs, whose layout event-model has replaced. */

import type { Datum, Document, Event } from "./documents";

type Row = Readonly<Record<string, unknown>>;

/**
 * The documents that one of the layouts `bulk_events`, `datum_page` or `bulk_datum` holds, each as an `event`
 * or `datum`; none for any other name.
 */
export function documentsWithin(name: string, doc: unknown): Document[] {
  if (typeof doc !== "object" || doc === null) return [];
  if (name === "bulk_events") {
    const events = Object.values(doc).flatMap((some) => listOf(some) as Event[]);
    return events.map((event) => ({ name: "event", doc: event }));
  }
  const { resource, datum_id, datum_kwargs, datum_ids, datum_kwarg_list } = doc as Row;
  if (name === "datum_page") {
    const columns = Object.entries((datum_kwargs ?? {}) as Readonly<Record<string, unknown>>);
    return datums(resource, datum_id, (i) => Object.fromEntries(columns.map(([key, all]) => [key, listOf(all)[i]])));
  }
  if (name !== "bulk_datum") return [];
  const kwargs = listOf(datum_kwarg_list) as Record<string, unknown>[];
  return datums(resource, datum_ids, (i) => kwargs[i] ?? {});
}

function datums(resource: unknown, ids: unknown, kwargsAt: (i: number) => Datum["datum_kwargs"]): Document[] {
  return listOf(ids).map((id, i) => {
    const doc: Datum = { datum_id: String(id), resource: String(resource), datum_kwargs: kwargsAt(i) };
    return { name: "datum", doc };
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

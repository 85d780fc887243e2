/** Finds the fields that a view names and that no stream of a run has. */

import type { EventDescriptor } from "../../engine/documents/documents";
import { nearest } from "../../nearest";
import { oneLine } from "../../printable";
import { type FieldSource, fieldsOf } from "./fieldSource";

/** The most characters of the list of the fields that a run has. */
const LIST_WIDTH = 200;

/** The fields of a run in a message, as far as there is room. */
export const fieldList = (keys: Iterable<string>): string => oneLine([...keys].join(", "), LIST_WIDTH);

/**
 * Watches the streams of a run for the fields of a view. Only names can be misspelt, so devices and functions
 * are left out. Any stream may have a field, also one that begins later: the answer is known at the end.
 */
export class MissingFields {
  readonly #missing: Set<string>;
  readonly #keys = new Set<string>();

  constructor(sources: readonly FieldSource[]) {
    this.#missing = new Set(sources.filter((source) => typeof source === "string"));
  }

  /** A stream begins, or goes on with a new descriptor. */
  descriptor(doc: EventDescriptor): void {
    for (const key of Object.keys(doc.data_keys)) this.#keys.add(key);
    for (const name of this.#missing) if (fieldsOf(name, doc).length > 0) this.#missing.delete(name);
  }

  /** A line for each missing field; none for a run without any stream, which ended before it had data. */
  lines(view: string): string[] {
    const keys = [...this.#keys];
    if (keys.length === 0) return [];
    return [...this.#missing].map((name) => {
      const meant = nearest(name, keys);
      const hint = meant === undefined ? "." : `; did you mean "${oneLine(meant)}"?`;
      return `${view}: the run has no field "${oneLine(name)}"${hint} It has ${fieldList(keys)}.`;
    });
  }
}

/** The columns of the table of a stream, which grow with its events. */

import type { DataKey } from "../../core/protocols/protocols";
import { DataColumn } from "./dataColumn";
import { RowNumbers } from "./rowNumbers";
import type { TableSource } from "./tableSource";

export class GrowingColumns implements TableSource {
  readonly title: string;
  readonly leading: readonly string[] = ["seq_num", "time"];
  readonly #numbers = new RowNumbers();
  readonly #keys = new Map<string, DataKey>();
  readonly #columns = new Map<string, DataColumn>();
  readonly #time = new DataColumn();

  constructor(title: string) {
    this.title = title;
  }

  get length(): number {
    return this.#numbers.length;
  }

  get columns(): readonly string[] {
    return [...this.#columns.keys()];
  }

  dataKey(name: string): DataKey | undefined {
    return this.#keys.get(name);
  }

  values(name: string): readonly unknown[] | undefined {
    if (name === "seq_num") return Array.from({ length: this.length }, (_, row) => this.#numbers.numberAt(row));
    const values = this.#column(name)?.toArray();
    if (!values || this.#numbers.counting) return values;
    return values.map((_, row) => values[this.#numbers.placeAt(row)]);
  }

  numbers(name: string): Float64Array | null | undefined {
    if (name === "seq_num") return Float64Array.from(this.values(name) as number[]);
    const column = this.#column(name);
    if (!column?.numeric) return column && null;
    const values = column.toFloat64Array();
    return this.#numbers.counting ? values : values.map((_, row) => values[this.#numbers.placeAt(row)] ?? Number.NaN);
  }

  value(name: string, row: number): unknown {
    return name === "seq_num" ? this.#numbers.numberAt(row) : this.#column(name)?.get(this.#numbers.placeAt(row));
  }

  /** Adds the columns of a descriptor; data that a detector writes elsewhere have no column. */
  add(dataKeys: Readonly<Record<string, DataKey>>): void {
    for (const name of Object.keys(dataKeys)) {
      if (dataKeys[name]?.external === "STREAM:") continue;
      this.#keys.set(name, dataKeys[name] as DataKey);
      if (this.#columns.has(name)) continue;
      const column = new DataColumn();
      // The rows so far have no value in a new column.
      if (this.length > 0) column.set(this.length - 1, undefined);
      this.#columns.set(name, column);
    }
  }

  /** Adds the values of an event; they replace those with the same `seq_num`. */
  put(seqNum: number, time: number, data: Readonly<Record<string, unknown>>): void {
    const place = this.#numbers.placeFor(seqNum);
    this.#time.set(place, time);
    for (const [name, column] of this.#columns) column.set(place, data[name]);
  }

  #column(name: string): DataColumn | undefined {
    return name === "time" ? this.#time : this.#columns.get(name);
  }
}

/** The values of the newest rows of a table, without the events that had them. */

/** One row of a table. */
export interface KeptRow {
  readonly seqNum: number;
  /** When it was measured, in seconds since 1970. */
  readonly time: number;
  /** The values in the order of the fields; undefined for one that the event did not have. */
  readonly values: readonly unknown[];
}

/**
 * Keeps a fixed number of rows. Numbers are copied: a list of the newest events would make each event outlive
 * the next garbage collection, which then takes a tenth of the time of a fast scan.
 */
export class KeptRows {
  readonly #size: number;
  readonly #seqNums: Float64Array;
  readonly #times: Float64Array;
  readonly #columns: KeptColumn[] = [];

  /** @param size the number of rows that are kept */
  constructor(size: number) {
    this.#size = size;
    this.#seqNums = new Float64Array(size);
    this.#times = new Float64Array(size);
  }

  /** Adds a column, in which the rows so far have no values. */
  addColumn(): void {
    this.#columns.push(new KeptColumn(this.#size));
  }

  /** Begins a row, or replaces one of the same number; `setValue` follows for each column. */
  begin(seqNum: number, time: number): void {
    const at = seqNum % this.#size;
    this.#seqNums[at] = seqNum;
    this.#times[at] = time;
  }

  setValue(seqNum: number, column: number, value: unknown): void {
    this.#columns[column]?.set(seqNum % this.#size, value);
  }

  /** The row of this number; undefined if it is not kept, or never came. */
  row(seqNum: number): KeptRow | undefined {
    const at = seqNum % this.#size;
    if (this.#seqNums[at] !== seqNum) return undefined;
    return { seqNum, time: this.#times[at] as number, values: this.#columns.map((column) => column.get(at)) };
  }
}

/** The kept values of one column. */
class KeptColumn {
  readonly #numbers: Float64Array;
  /** The values that are not numbers, by their places; at first that of each row is undefined. */
  readonly #others = new Map<number, unknown>();

  constructor(size: number) {
    this.#numbers = new Float64Array(size);
    for (let at = 0; at < size; at++) this.#others.set(at, undefined);
  }

  set(at: number, value: unknown): void {
    if (typeof value !== "number") {
      this.#others.set(at, value);
      return;
    }
    this.#numbers[at] = value;
    if (this.#others.size > 0) this.#others.delete(at);
  }

  get(at: number): unknown {
    return this.#others.has(at) ? this.#others.get(at) : this.#numbers[at];
  }
}

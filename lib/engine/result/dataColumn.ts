/** A column of a table that grows. */

// Numbers are kept in blocks of doubles, so a million of them take 8 MB and growing copies nothing. As soon
// as a value is not a number, or a row has none, the column keeps all its values as they are.

/** Numbers per block. */
const BLOCK = 16_384;

export class DataColumn {
  #length = 0;
  #blocks: Float64Array[] = [];
  /** All values, once one of them was not a number or missing. */
  #mixed: unknown[] | undefined;
  #numeric = true;

  get length(): number {
    return this.#length;
  }

  /** Whether all values are numbers, apart from those that are missing. */
  get numeric(): boolean {
    return this.#numeric;
  }

  /** Sets the value of a row; rows before it that have no value yet stay without one. */
  set(row: number, value: unknown): void {
    if (typeof value !== "number" && value !== undefined && value !== null) this.#numeric = false;
    if (this.#mixed === undefined && (typeof value !== "number" || row > this.#length)) this.#mix();
    if (this.#mixed !== undefined) {
      while (this.#mixed.length < row) this.#mixed.push(undefined);
      this.#mixed[row] = value;
    } else this.#store(row, value as number);
    if (row >= this.#length) this.#length = row + 1;
  }

  get(row: number): unknown {
    if (row < 0 || row >= this.#length) return undefined;
    return this.#mixed === undefined ? this.#blocks[Math.floor(row / BLOCK)]?.[row % BLOCK] : this.#mixed[row];
  }

  /** A copy of the values as doubles; NaN for a value that is missing or not a number. */
  toFloat64Array(): Float64Array {
    if (this.#mixed !== undefined) return Float64Array.from(this.#mixed, numberOrNaN);
    const all = new Float64Array(this.#length);
    for (const [i, block] of this.#blocks.entries())
      all.set(block.subarray(0, Math.min(BLOCK, this.#length - i * BLOCK)), i * BLOCK);
    return all;
  }

  /** A copy of the values; undefined for one that is missing. */
  toArray(): unknown[] {
    return this.#mixed?.slice() ?? Array.from(this.toFloat64Array());
  }

  #store(row: number, value: number): void {
    const at = Math.floor(row / BLOCK);
    let block = this.#blocks[at];
    if (!block) {
      block = new Float64Array(BLOCK);
      this.#blocks[at] = block;
    }
    block[row % BLOCK] = value;
  }

  #mix(): void {
    this.#mixed = this.toArray();
    this.#blocks = [];
  }
}

const numberOrNaN = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

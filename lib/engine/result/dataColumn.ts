/** A column of a table that grows. */

// Numbers are kept in blocks of doubles, so a million of them take 8 MB and growing copies nothing. As soon
// as another value comes, the column keeps all its values as they are.

/** Numbers per block. */
const BLOCK = 16_384;

export class DataColumn {
  #length = 0;
  #blocks: Float64Array[] = [];
  /** All values, once one of them was not a number. */
  #mixed: unknown[] | undefined;

  get length(): number {
    return this.#length;
  }

  /** Whether all values are numbers. */
  get numeric(): boolean {
    return this.#mixed === undefined;
  }

  /** Sets the value of a row; rows before it that have no value yet become NaN. */
  set(row: number, value: unknown): void {
    if (this.#mixed === undefined && typeof value !== "number") this.#mix();
    if (this.#mixed !== undefined) {
      while (this.#mixed.length < row) this.#mixed.push(undefined);
      this.#mixed[row] = value;
    } else {
      for (let gap = this.#length; gap < row; gap += 1) this.#store(gap, Number.NaN);
      this.#store(row, value as number);
    }
    if (row >= this.#length) this.#length = row + 1;
  }

  get(row: number): unknown {
    if (row < 0 || row >= this.#length) return undefined;
    return this.#mixed === undefined ? this.#blocks[Math.floor(row / BLOCK)]?.[row % BLOCK] : this.#mixed[row];
  }

  /** A copy of all values as doubles; NaN for a value that is not a number. */
  toFloat64Array(): Float64Array {
    const all = new Float64Array(this.#length);
    if (this.#mixed === undefined) {
      for (const [i, block] of this.#blocks.entries())
        all.set(block.subarray(0, Math.min(BLOCK, this.#length - i * BLOCK)), i * BLOCK);
    } else {
      for (let row = 0; row < this.#length; row += 1) all[row] = Number(this.#mixed[row]);
    }
    return all;
  }

  toArray(): unknown[] {
    return this.#mixed === undefined ? Array.from(this.toFloat64Array()) : this.#mixed.slice(0, this.#length);
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
    this.#mixed = Array.from(this.toFloat64Array());
    this.#blocks = [];
  }
}

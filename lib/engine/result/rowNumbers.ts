/** The places of the rows of a table by their `seq_num`. */

/**
 * Numbers usually count from 1 without a gap, and then cost nothing. A file that lost a part, or a damaged
 * number, makes gaps: then each number has its place in a map, however large it is.
 */
export class RowNumbers {
  #length = 0;
  /** The places by number; undefined while there is no gap and place = number - 1. */
  #places: Map<number, number> | undefined;
  /** The numbers in their order; undefined when they have to be sorted again. */
  #sorted: number[] | undefined;

  /** The number of rows. */
  get length(): number {
    return this.#length;
  }

  /** Whether the rows stand in the order of their numbers, which count from 1 without a gap. */
  get counting(): boolean {
    return this.#places === undefined;
  }

  /** The place of a row, which is made if it does not exist. */
  placeFor(number: number): number {
    if (this.#places === undefined) {
      if (number <= this.#length && number >= 1) return number - 1;
      if (number === this.#length + 1) {
        this.#length += 1;
        return number - 1;
      }
      this.#places = new Map(Array.from({ length: this.#length }, (_, i) => [i + 1, i]));
    }
    const known = this.#places.get(number);
    if (known !== undefined) return known;
    this.#places.set(number, this.#length);
    this.#sorted = undefined;
    this.#length += 1;
    return this.#length - 1;
  }

  /** The number of the row at an index from 0. */
  numberAt(index: number): number {
    return this.#places === undefined ? index + 1 : (this.#inOrder()[index] ?? Number.NaN);
  }

  /** The place of the row at an index from 0. */
  placeAt(index: number): number {
    return this.#places === undefined ? index : (this.#places.get(this.numberAt(index)) ?? -1);
  }

  #inOrder(): number[] {
    this.#sorted ??= [...(this.#places?.keys() ?? [])].sort((a, b) => a - b);
    return this.#sorted;
  }
}

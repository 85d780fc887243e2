/** The points of a run that are fitted. */

import { numeric, type StreamField } from "../view/streamFields";
import type { FitPoints } from "./fitShape";

/** The largest number of points that are fitted; of more, evenly chosen ones are. */
export const MOST_FITTED = 8192;

/** Where the errors of the points come from: the square root of the value (counts), or a number. */
export type FitErrors = "sqrt" | number;

/**
 * Keeps the points of a run in bounded memory: all of them up to 8192, then every second, fourth and so on.
 * Extremes are not preferred, as in a line that is drawn, since they would make a fit wrong.
 */
export class FitData {
  readonly #columns: Float64Array[];
  #length = 0;
  #stride = 1;
  #count = 0;

  /** @param variables the number of independent variables */
  constructor(variables: number) {
    this.#columns = Array.from({ length: variables + 1 }, () => new Float64Array(64));
  }

  /** The number of points that came. */
  get count(): number {
    return this.#count;
  }

  /** Sets the point of number `index`, counted from 0; a later one replaces it. The last of `values` is y. */
  put(index: number, values: readonly unknown[]): void {
    this.#count = Math.max(this.#count, index + 1);
    if (index % this.#stride !== 0) return;
    while (index / this.#stride >= MOST_FITTED) this.#halve();
    if (index % this.#stride !== 0) return;
    const at = index / this.#stride;
    if (at >= (this.#columns[0]?.length ?? 0)) this.#grow();
    this.#columns.forEach((column, i) => {
      // Numbers that are missing in between count as NaN, like values that are not numbers.
      for (let gap = this.#length; gap < at; gap++) column[gap] = Number.NaN;
      column[at] = numeric(values[i]);
    });
    this.#length = Math.max(this.#length, at + 1);
  }

  /** The points of which all numbers are finite. */
  points(errors?: FitErrors): FitPoints {
    const kept: number[] = [];
    for (let i = 0; i < this.#length; i++)
      if (this.#columns.every((column) => Number.isFinite(column[i]))) kept.push(i);
    const columns = this.#columns.map((column) => Float64Array.from(kept, (i) => column[i] as number));
    const y = columns.pop() as Float64Array;
    return { x: columns, y, sigma: sigmaOf(y, errors) };
  }

  #halve(): void {
    this.#length = Math.ceil(this.#length / 2);
    for (const column of this.#columns) for (let i = 0; i < this.#length; i++) column[i] = column[2 * i] as number;
    this.#stride *= 2;
  }

  #grow(): void {
    this.#columns.forEach((column, i) => {
      const larger = new Float64Array(2 * column.length);
      larger.set(column);
      this.#columns[i] = larger;
    });
  }
}

/** The errors of a field: the root is that of a count, and not of what is computed from counts. */
export function errorsOf({ value }: Pick<StreamField, "value">, errors: FitErrors | undefined): FitErrors | undefined {
  return errors === "sqrt" && value ? undefined : errors;
}

/** Counts of 0 have the error 1: with the error 0 they would outweigh all other points. */
export function sigmaOf(y: Float64Array, errors: FitErrors | undefined): Float64Array | undefined {
  if (errors === undefined) return undefined;
  return errors === "sqrt" ? y.map((value) => Math.sqrt(Math.max(1, Math.abs(value)))) : y.map(() => errors);
}

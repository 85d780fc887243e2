/** The calls of one mock, each with its place among the calls of all mocks. */

/** The calls of all mocks of this process so far. */
let callCount = 0;

/** The values that were put to a mocked signal, or the arguments of a mocked command, oldest first. */
export class OrderedCalls<T> {
  readonly values: T[] = [];
  /** The place of each value among the calls of all mocks of this process. */
  readonly places: number[] = [];

  add(value: T): void {
    callCount += 1;
    this.values.push(value);
    this.places.push(callCount);
  }
}

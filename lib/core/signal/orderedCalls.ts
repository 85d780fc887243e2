/** What a mock was called with, and which of all calls of all mocks each was. */

let calls = 0;

/** The values that were put to a mocked signal, or the arguments of a mocked command, oldest first. */
export class OrderedCalls<T> {
  readonly values: T[] = [];
  /** The place of each value among the calls of all mocks of this process. */
  readonly places: number[] = [];

  add(value: T): void {
    calls += 1;
    this.values.push(value);
    this.places.push(calls);
  }
}

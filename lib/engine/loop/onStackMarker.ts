/**
 * Whether an async function is on the stack at this moment. Asked from a turn of its own it says whether the function was there when
 * code was stopped by force: then it never goes on.
 */
export class Presence {
  #here = false;

  get here(): boolean {
    return this.#here;
  }

  enter(): void {
    this.#here = true;
  }

  leave(): void {
    this.#here = false;
  }

  /** Waits for the promise; meanwhile the function is not on the stack. */
  async awayFor<T>(promise: PromiseLike<T>): Promise<T> {
    this.#here = false;
    try {
      return await promise;
    } finally {
      this.#here = true;
    }
  }
}

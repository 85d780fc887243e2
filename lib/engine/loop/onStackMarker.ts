/** Marks whether an async function is on the call stack, or waits for a promise. */

/**
 * The mark of one function. When code is stopped by force, everything on the stack is gone for good: asked
 * afterwards, the marker says whether its function was among it, and so never goes on.
 */
export class OnStackMarker {
  #onStack = false;

  get onStack(): boolean {
    return this.#onStack;
  }

  enter(): void {
    this.#onStack = true;
  }

  leave(): void {
    this.#onStack = false;
  }

  /** Awaits the promise; meanwhile the function is not on the stack. */
  readonly whileAwaiting = async <T>(promise: PromiseLike<T>): Promise<T> => {
    this.#onStack = false;
    try {
      return await promise;
    } finally {
      this.#onStack = true;
    }
  };
}

/** The errors of actions that are expected to fail. */

/**
 * The error that `work` throws or rejects with. Fails the test if it succeeds, or if what it throws is not an
 * Error.
 */
export async function failure(work: PromiseLike<unknown> | (() => unknown)): Promise<Error> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`failed with ${String(error)}, which is not an Error`);
  }
  throw new Error("was expected to fail, but succeeded");
}

/** The message of the error that `work` throws or rejects with. */
export async function failureText(work: PromiseLike<unknown> | (() => unknown)): Promise<string> {
  return (await failure(work)).message;
}

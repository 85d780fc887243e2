/** Failures of actions that nobody awaits or watches, which would otherwise be lost. */

import { nextTurn } from "../../clock";
import { currentHost } from "../../display/host";
import { AbortError } from "../../errors";
import { reportError } from "../../log";

/** Failures that are expected, because our own code has ended the action. */
const expected = new WeakSet<Error>();

/** Marks a failure as caused on purpose, for example by `stop()`, so that it is not reported. */
export function causedByUs(error: Error): Error {
  expected.add(error);
  return error;
}

/** An aborted timer of Node fails with an error of its own, whose cause is the reason of the abort. */
function isExpected(error: Error): boolean {
  return expected.has(error) || (error.cause instanceof Error && expected.has(error.cause));
}

/**
 * Reports the failure unless somebody watches the action by then: at the end of the notebook cell, in a
 * script at the next turn of the event loop.
 */
export function reportUnlessWatched(error: Error, isWatched: () => boolean): void {
  if (isExpected(error) || error instanceof AbortError) return;
  const report = () => {
    if (!isWatched()) reportError("an action that nobody awaited has failed", error);
  };
  if (!currentHost().atCellEnd?.(report)) nextTurn(report);
}

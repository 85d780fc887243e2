/**
 * Switches the replay of messages after a pause off and on; `rewindableWrapper` is this as a preprocessor.
 */

import { Msg, type Plan } from "../../core/protocols/msg";

/** Runs a plan with replay switched off, or leaves it as it is if `rewindable` is true. */
export function* withRewinding<T>(inner: Plan<T>, rewindable: boolean): Plan<T> {
  if (rewindable) return yield* inner;
  const initial = (yield Msg("rewindable", null, [null])) ?? true;
  if (initial !== rewindable) yield Msg("rewindable", null, [rewindable]);
  try {
    return yield* inner;
  } finally {
    if (initial !== rewindable) yield Msg("rewindable", null, [initial]);
  }
}

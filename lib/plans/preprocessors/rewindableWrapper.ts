import { Msg, type Plan } from "../../core/protocols/msg";
import { plan } from "../plan";

/** Switches replay after a pause off (or on) around a plan. */
export const rewindableWrapper = plan("rewindableWrapper", function* <T>(inner: Plan<T>, rewindable: boolean): Plan<T> {
  if (rewindable) return yield* inner;
  const initial = (yield Msg("rewindable", null, [null])) ?? true;
  if (initial !== rewindable) yield Msg("rewindable", null, [rewindable]);
  try {
    return yield* inner;
  } finally {
    if (initial !== rewindable) yield Msg("rewindable", null, [initial]);
  }
});

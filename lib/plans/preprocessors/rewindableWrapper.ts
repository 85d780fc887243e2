/** Switches the replay of messages after a pause off and on around a plan. */

import type { Plan } from "../../core/protocols/msg";
import { plan } from "../plan";
import { withRewinding } from "../stubs/rewinding";

/**
 * Runs a plan with the replay after a pause switched off. With `rewindable` true it leaves the plan as it is.
 */
export const rewindableWrapper = plan("rewindableWrapper", function* <T>(inner: Plan<T>, rewindable: boolean): Plan<T> {
  return yield* withRewinding(inner, rewindable);
});

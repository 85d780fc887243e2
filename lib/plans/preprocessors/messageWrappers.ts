/** Preprocessors that add something to single messages of a plan. */

import type { Msg, Plan } from "../../core/protocols/msg";
import { checkMetadata } from "../../engine/documents/metadata";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import type { PlanMetadata } from "../stubs/runStubs";
import { msgMutator } from "./mutators";

/** Adds metadata to every run of a plan. It overrides the plan's own. */
export const injectMdWrapper = plan("injectMdWrapper", function* <T>(inner: Plan<T>, md: PlanMetadata): Plan<T> {
  checkMetadata(md);
  return yield* msgMutator(inner, (msg) =>
    msg.command === "open_run" ? { ...msg, kwargs: { ...msg.kwargs, ...md } } : msg,
  );
});

/**
 * Gives all messages of a plan that have none a run key, so that its
 * run can be open at the same time as others.
 */
export const setRunKeyWrapper = plan("setRunKeyWrapper", function* <T>(inner: Plan<T>, run: unknown): Plan<T> {
  if (run === null || run === undefined) {
    throw new UsageError("setRunKeyWrapper needs a key for the run, e.g. a string");
  }
  return yield* msgMutator(inner, (msg) => (msg.run === null ? { ...msg, run } : msg));
});

/** A plan with the run key of a message, for what is inserted into the run of that message. */
export const inRunOf = (inner: Plan, { run }: Msg): Plan => (run === null ? inner : setRunKeyWrapper(inner, run));

/**
 * Lets a plan go on when a device can't be read: its values are NaN in that event, and the user is notified.
 * This is for sensors that may drop out without spoiling the rest.
 * @param devices default: all devices
 */
export const tolerantReadWrapper = plan("tolerantReadWrapper", function* <
  T,
>(inner: Plan<T>, devices?: Iterable<unknown>): Plan<T> {
  const tolerated = devices && new Set(devices);
  return yield* msgMutator(inner, (msg) =>
    msg.command === "read" && (!tolerated || tolerated.has(msg.obj))
      ? { ...msg, kwargs: { ...msg.kwargs, on_error: "nan" } }
      : msg,
  );
});

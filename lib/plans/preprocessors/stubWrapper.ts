/** Turns a plan into a stub. */

import type { Plan } from "../../core/protocols/msg";
import { plan } from "../plan";
import { msgMutator } from "./mutators";

/**
 * Turns a plan into a part of a larger one by leaving out its runs and its staging.
 * @returns the metadata its runs would have had
 */
export const stubWrapper = plan("stubWrapper", function* (inner: Plan): Plan<Record<string, unknown>> {
  const md: Record<string, unknown> = {};
  const dropped = new Set(["open_run", "close_run", "stage", "unstage"]);
  yield* msgMutator(inner, (msg) => {
    if (msg.command === "open_run") Object.assign(md, msg.kwargs);
    return dropped.has(msg.command) ? null : msg;
  });
  return md;
});

/** Acts when the engine handles a certain message of a plan. */

import type { Msg } from "../../lib/core/protocols/msg";
import type { RunEngine } from "../../lib/engine";

/** Calls `act` before the message with this index is handled; with `later`, while or just after it is. */
export function atMessage(RE: RunEngine, index: number, later: boolean, act: () => void): void {
  let seen = -1;
  RE.msgHook = (_: Msg) => {
    seen += 1;
    if (seen !== index) return;
    if (later) queueMicrotask(act);
    else act();
  };
}

/** Waits until all have ended, also if one of them fails; then fails with all failures. */
export async function whenAllEnded(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.filter((result) => result.status === "rejected");
  if (failed.length > 0)
    throw new AggregateError(
      failed.map(({ reason }) => reason),
      String(failed[0]?.reason),
    );
}

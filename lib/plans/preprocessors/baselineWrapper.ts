/** Records the surroundings of every run of a plan. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { checkDetector, deviceList } from "../arguments/deviceArguments";
import { plan } from "../plan";
import { triggerAndRead } from "../stubs/pointStubs";
import { declareStream } from "../stubs/runStubs";
import { inRunOf } from "./messageWrappers";
import { planMutator, sendAfter } from "./mutators";

/**
 * Reads devices after the start and before the end of each run, into a stream of their own.
 * @param name the stream; default "baseline"
 */
export const baselineWrapper = plan("baselineWrapper", function* <
  T,
>(inner: Plan<T>, devices: readonly Readable[], name = "baseline"): Plan<T> {
  if (devices.length === 0) return yield* inner;
  const all = () => {
    const list = deviceList("baseline", devices);
    for (const [i, device] of list.entries()) checkDetector("baseline", `device ${i + 1}`, device);
    return list;
  };
  return yield* planMutator(inner, (msg) => {
    if (msg.command === "open_run") return [null, inRunOf(declareAndRead(all(), name), msg)];
    if (msg.command === "close_run") return [sendAfter(inRunOf(triggerAndRead(all(), name), msg), msg), null];
    return [null, null];
  });
});

function* declareAndRead(devices: readonly Readable[], name: string): Plan<void> {
  yield* declareStream(...devices, { name });
  yield* triggerAndRead(devices, name);
}

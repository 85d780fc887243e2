/** Stages devices around a plan. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { isStatus } from "../../core/protocols/protocols";
import { rootAncestor, separateDevices } from "../ancestry";
import { deviceList } from "../arguments/deviceArguments";
import { plan } from "../plan";
import { unstageAll } from "../stubs/stageStubs";
import { uniqueGroup } from "../uniqueGroup";

/**
 * Stages devices before the plan and unstages them afterwards in reverse order.
 * A part is staged with the whole it is in.
 */
export const stageWrapper = plan("stageWrapper", function* <T>(inner: Plan<T>, devices: Iterable<object>): Plan<T> {
  const roots = separateDevices(deviceList("stageWrapper", devices).map(rootAncestor));
  const staged: object[] = [];
  try {
    yield* stageEach(roots, staged);
    return yield* inner;
  } finally {
    yield* unstageAll(...staged.toReversed());
  }
});

/** Adds each device to `staged` before it stages it, so that one which fails half-way is unstaged as well. */
function* stageEach(devices: readonly object[], staged: object[]): Plan<void> {
  const group = uniqueGroup("stage");
  let pending = false;
  for (const device of devices) {
    staged.push(device);
    pending = isStatus(yield Msg("stage", device, [], { group })) || pending;
  }
  if (pending) yield Msg("wait", null, [], { group });
}

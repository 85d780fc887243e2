import { Msg, type Plan } from "../../core/protocols/msg";
import { isStatus } from "../../core/protocols/protocols";
import { rootAncestor, separateDevices } from "../ancestry";
import { plan } from "../plan";
import { unstageAll } from "../stubs/deviceStubs";
import { uniqueGroup } from "../uniqueGroup";

/** Stages the devices (each as a whole, with what contains it) before the plan and unstages them afterwards in reverse order. */
export const stageWrapper = plan("stageWrapper", function* <T>(inner: Plan<T>, devices: Iterable<object>): Plan<T> {
  const roots = separateDevices([...devices].map(rootAncestor));
  const staged: object[] = [];
  try {
    yield* stageEach(roots, staged);
    return yield* inner;
  } finally {
    yield* unstageAll(...staged.toReversed());
  }
});

/** Notes each device before it is staged: one that fails half-way is unstaged, too. */
function* stageEach(devices: readonly object[], staged: object[]): Plan<void> {
  const group = uniqueGroup("stage");
  let pending = false;
  for (const device of devices) {
    staged.push(device);
    pending = isStatus(yield Msg("stage", device, [], { group })) || pending;
  }
  if (pending) yield Msg("wait", null, [], { group });
}

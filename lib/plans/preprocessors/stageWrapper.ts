import type { Plan } from "../../core/msg";
import { rootAncestor, separateDevices } from "../ancestry";
import { plan } from "../plan";
import { stageAll, unstageAll } from "../stubs/deviceStubs";

/** Stages the devices (each as a whole, with what contains it) before the plan and unstages them afterwards in reverse order. */
export const stageWrapper = plan("stageWrapper", function* <T>(inner: Plan<T>, devices: Iterable<object>): Plan<T> {
  const roots = separateDevices([...devices].map(rootAncestor));
  try {
    yield* stageAll(...roots);
    return yield* inner;
  } finally {
    yield* unstageAll(...roots.toReversed());
  }
});

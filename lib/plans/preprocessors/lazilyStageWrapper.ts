/** Stages devices when a plan comes to them. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { isStageable, type Stageable } from "../../core/protocols/protocols";
import { rootAncestor } from "../ancestry";
import { plan } from "../plan";
import { unstageAll } from "../stubs/stageStubs";
import { finalizeWrapper } from "./contingencyWrapper";
import { planMutator } from "./mutators";

/** Stages each device, as a whole, before it is first used, and unstages all of them at the end. */
export const lazilyStageWrapper = plan("lazilyStageWrapper", function* <T>(inner: Plan<T>): Plan<T> {
  const staged: object[] = [];
  const commands = new Set(["read", "set", "trigger", "kickoff"]);
  function* stageFirst(msg: Msg): Plan {
    const root = rootAncestor(msg.obj as object);
    const result = yield Msg("stage", root);
    const named: readonly object[] = Array.isArray(result) ? result : [root];
    // A device whose `stage` names only its parts also unstages them itself.
    staged.push(...(isStageable(root) && !named.includes(root) ? [root] : named));
    return yield msg;
  }
  const lazily = planMutator(inner, (msg) =>
    commands.has(msg.command) && !staged.includes(msg.obj as object) ? [stageFirst(msg), null] : [null, null],
  );
  return yield* finalizeWrapper(lazily, () => unstageAll(...(staged.toReversed() as Partial<Stageable>[])));
});

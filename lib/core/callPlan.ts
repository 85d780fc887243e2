import { Msg, type Plan } from "./msg";
import type { StatusLike } from "./protocols";

let calls = 0;

/** Something that can be set off, with who it belongs to. */
export interface Call {
  readonly name: string;
  readonly parent: unknown;
  trigger(): StatusLike;
}

/** The plan that sets off `call`, waits for it and returns its result. `place` names it in the group of the wait. */
export function* callPlan<R>(call: Call, place: string): Plan<R> {
  calls += 1;
  const group = `${place}#${calls}`;
  const status = (yield Msg("trigger", call, [], { group })) as StatusLike;
  yield Msg("wait", null, [], { group, error_on_timeout: true, timeout: null, watch: [] });
  return status?.result as R;
}

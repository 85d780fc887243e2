/**
 * The plan that a command of a device offers: it triggers the command, waits for its end and returns its
 * result.
 */

import { $display, type MimeBundle } from "../../display/mimeBundle";
import { UsageError } from "../../errors";
import { Msg, type Plan } from "../protocols/msg";
import { currentStep } from "../protocols/planStep";
import type { StatusLike } from "../protocols/protocols";

let calls = 0;

/** One call of a command, with the device that the command belongs to. */
export interface CommandCall {
  readonly name: string;
  readonly parent: unknown;
  /**
   * How code writes the command, for messages: in a plan (`cryo.stop`), and elsewhere (`cryo.stop.execute`).
   */
  readonly written: { readonly inPlan: string; readonly elsewhere: string };
  trigger(): StatusLike;
}

/**
 * The plan that triggers `call`, waits for it and returns its result. `place` names the group that is waited
 * for.
 *
 * Awaiting the plan rejects with a UsageError. If a running plan makes it and never starts it, the warning
 * is that for any other plan.
 */
export function callPlan<R>(call: CommandCall, place: string): Plan<R> {
  const made = steps<R>(call, place);
  const { inPlan, elsewhere } = call.written;
  const advice = `in a cell write await ${elsewhere}(...), in a plan yield* ${inPlan}(...)`;
  const members: Record<PropertyKey, unknown> = {
    [Symbol.iterator]: () => {
      currentStep()?.unstarted.started(made);
      return made;
    },
    [$display]: (): MimeBundle => ({ "text/plain": `a plan: ${advice}` }),
    // biome-ignore lint/suspicious/noThenProperty: awaiting a plan is a mistake, which would otherwise do nothing without a word
    then: (...handlers: Parameters<Promise<never>["then"]>) =>
      Promise.reject(new UsageError(`${inPlan}(...) is a plan, which does nothing when it is awaited: ${advice}`)).then(
        ...handlers,
      ),
  };
  for (const key of Reflect.ownKeys(members)) Object.defineProperty(made, key, { value: members[key as string] });
  currentStep()?.unstarted.made(inPlan, made, stackAbove());
  return made;
}

/**
 * How code writes a command that is a device of its own: `shutter.flash.plan` in plans,
 * `shutter.flash.execute` elsewhere.
 */
export function writtenCommand(name: string): CommandCall["written"] {
  const path = name.replaceAll("-", ".");
  return { inPlan: `${path}.plan`, elsewhere: `${path}.execute` };
}

function* steps<R>(call: CommandCall, place: string): Plan<R> {
  calls += 1;
  const group = `${place}#${calls}`;
  let last: StatusLike | undefined;
  const kept: CommandCall = {
    ...call,
    trigger() {
      last = call.trigger();
      return last;
    },
  };
  const status = (yield Msg("trigger", kept, [], { group })) as StatusLike;
  yield Msg("wait", null, [], { group, error_on_timeout: true, timeout: null, watch: [] });
  // The engine triggers the command again if its device was gone for a while, so the last call has the
  // result.
  return (last ?? status)?.result as R;
}

/** A stack that begins with the caller of `callPlan`. */
function stackAbove(): Error {
  const error = new Error();
  Error.captureStackTrace(error, callPlan);
  return error;
}

import { $display, type MimeBundle } from "../../display/bundle";
import { UsageError } from "../../errors";
import { Msg, type Plan } from "../protocols/msg";
import { currentStep } from "../protocols/planStep";
import type { StatusLike } from "../protocols/protocols";

let calls = 0;

/** Something that can be set off, with who it belongs to. */
export interface CommandCall {
  readonly name: string;
  readonly parent: unknown;
  /** As code has it in a plan, and elsewhere: `cryo.stop`, `cryo.stop.execute`. */
  readonly written: { readonly inPlan: string; readonly elsewhere: string };
  trigger(): StatusLike;
}

/**
 * The plan that sets off `call`, waits for it and returns its result. `place` names it in the group of the wait.
 *
 * Awaited it rejects with a UsageError; made by a plan and never done, it is told of as any other.
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
    // biome-ignore lint/suspicious/noThenProperty: to await it is a mistake that would do nothing, silently
    then: (...handlers: Parameters<Promise<never>["then"]>) =>
      Promise.reject(new UsageError(`${inPlan}(...) is a plan, which does nothing when it is awaited: ${advice}`)).then(
        ...handlers,
      ),
  };
  for (const key of Reflect.ownKeys(members)) Object.defineProperty(made, key, { value: members[key as string] });
  currentStep()?.unstarted.made(inPlan, made, stackAbove());
  return made;
}

/** How the command with this name is written, one that is a device: `shutter.flash.plan`, `shutter.flash.execute`. */
export function writtenCommand(name: string): CommandCall["written"] {
  const path = name.replaceAll("-", ".");
  return { inPlan: `${path}.plan`, elsewhere: `${path}.execute` };
}

function* steps<R>(call: CommandCall, place: string): Plan<R> {
  calls += 1;
  const group = `${place}#${calls}`;
  const status = (yield Msg("trigger", call, [], { group })) as StatusLike;
  yield Msg("wait", null, [], { group, error_on_timeout: true, timeout: null, watch: [] });
  return status?.result as R;
}

/** From the command on. */
function stackAbove(): Error {
  const error = new Error();
  Error.captureStackTrace(error, callPlan);
  return error;
}

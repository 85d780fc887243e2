/** Preprocessors that refer to where devices are before a plan moves them. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { deviceList } from "../arguments/deviceArguments";
import { plan } from "../plan";
import { relativeTarget, startPosition } from "../stubs/relativeStubs";
import { uniqueGroup } from "../uniqueGroup";
import { finalizeWrapper } from "./contingencyWrapper";
import { msgMutator, pchain, planMutator, single } from "./mutators";

type Positions = Map<unknown, unknown>;

/**
 * Makes positions relative to where each device is when it is first set.
 * @param devices default: all devices that are set
 */
export const relativeSetWrapper = plan("relativeSetWrapper", function* <
  T,
>(inner: Plan<T>, devices?: Iterable<unknown>): Plan<T> {
  const starts: Positions = new Map();
  const noted = noteStarts(inner, starts, devices && deviceList("relativeSetWrapper", devices));
  return yield* msgMutator(noted, (msg) => {
    if (msg.command !== "set" || !starts.has(msg.obj)) return msg;
    return { ...msg, args: [relativeTarget(msg.obj, starts.get(msg.obj), msg.args[0])] };
  });
});

/**
 * Moves devices back, together, to where they were when they were first set.
 * @param devices default: all devices that are set
 */
export const resetPositionsWrapper = plan("resetPositionsWrapper", function* <
  T,
>(inner: Plan<T>, devices?: Iterable<unknown>): Plan<T> {
  const starts: Positions = new Map();
  return yield* finalizeWrapper(
    noteStarts(inner, starts, devices && deviceList("resetPositionsWrapper", devices)),
    () => moveBack(starts),
  );
});

/** Inserts a question for the position of each device before its first set. */
function noteStarts<T>(inner: Plan<T>, starts: Positions, devices?: Iterable<unknown>): Plan<T> {
  const eligible = devices && new Set(devices);
  return planMutator(inner, (msg) => {
    const { command, obj } = msg;
    if (command !== "set" || starts.has(obj) || (eligible && !eligible.has(obj))) return [null, null];
    return [pchain(noteStart(obj, starts), single(msg)), null];
  });
}

function* noteStart(device: unknown, starts: Positions): Plan<void> {
  starts.set(device, yield* startPosition(device));
}

function* moveBack(starts: Positions): Plan<void> {
  const group = uniqueGroup("reset");
  for (const [device, position] of starts) yield Msg("set", device, [position], { group });
  yield Msg("wait", null, [], { group });
}

/** Preprocessors about where devices were when the plan came. */
import { Msg, type Plan } from "../../core/protocols/msg";
import { hasHints, isLocatable, type Location, type Readings } from "../../core/protocols/protocols";
import { deviceName } from "../../engine/planErrors";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import { uniqueGroup } from "../uniqueGroup";
import { finalizeWrapper } from "./contingencyWrapper";
import { msgMutator, pchain, planMutator, single } from "./mutators";

type Positions = Map<unknown, unknown>;

/** Makes positions relative to where each device is when it is first set. Default: all devices that are set. */
export const relativeSetWrapper = plan("relativeSetWrapper", function* <
  T,
>(inner: Plan<T>, devices?: Iterable<unknown>): Plan<T> {
  const initial: Positions = new Map();
  const noted = noteInitialPositions(inner, initial, devices);
  return yield* msgMutator(noted, (msg) => {
    const from = initial.get(msg.obj);
    if (msg.command !== "set" || from === undefined) return msg;
    const [by] = msg.args;
    if (typeof from !== "number" || typeof by !== "number")
      throw new UsageError(`${deviceName(msg.obj)} can't be moved relatively: its position is no number`);
    return { ...msg, args: [from + by] };
  });
});

/** Brings devices back, together, to where they were when they were first set. Default: all devices that are set. */
export const resetPositionsWrapper = plan("resetPositionsWrapper", function* <
  T,
>(inner: Plan<T>, devices?: Iterable<unknown>): Plan<T> {
  const initial: Positions = new Map();
  return yield* finalizeWrapper(noteInitialPositions(inner, initial, devices), () => reset(initial));
});

function noteInitialPositions<T>(inner: Plan<T>, initial: Positions, devices?: Iterable<unknown>): Plan<T> {
  const eligible = devices ? new Set(devices) : null;
  return planMutator(inner, (msg) => {
    const { command, obj } = msg;
    if (command !== "set" || initial.has(obj) || (eligible && !eligible.has(obj))) return [null, null];
    return [pchain(note(obj, initial), single(msg)), null];
  });
}

function* note(device: unknown, initial: Positions): Plan<void> {
  initial.set(device, yield* positionOf(device));
}

/** The setpoint, where the device tells it, else its hinted or first reading; 0 where nothing moves (simulation). */
function* positionOf(device: unknown): Plan {
  if (isLocatable(device)) {
    const location = (yield Msg("locate", device)) as Location<unknown> | undefined;
    return location ? location.setpoint : 0;
  }
  const readings = (yield Msg("read", device)) as Readings | undefined;
  if (!readings) return 0;
  const fields = hasHints(device) ? (device.hints.fields ?? []) : [];
  if (fields.length > 1)
    throw new UsageError(`${deviceName(device)} has several positions (${fields.join(", ")}): set one of its parts`);
  const key = fields[0] ?? Object.keys(readings)[0] ?? "";
  return readings[key]?.value;
}

function* reset(initial: Positions): Plan<void> {
  const group = uniqueGroup("reset");
  for (const [device, position] of initial) yield Msg("set", device, [position], { group });
  yield Msg("wait", null, [], { group });
}

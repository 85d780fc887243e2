/** Stubs that move devices relative to where they are. */

import { Msg, type Plan } from "../../core/protocols/msg";
import {
  hasHints,
  isLocatable,
  type Location,
  type Movable,
  type Readings,
  type StatusLike,
} from "../../core/protocols/protocols";
import { deviceName } from "../../engine/planErrors";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import { absSet, type MoveOptions, movePairs, moveTogether, type SetGroupOptions } from "./moveStubs";

/** Sets a device to its position plus `by`. Goes on at once unless `wait` is true. */
export const relSet = plan(
  "relSet",
  function* (
    device: Movable<number>,
    by: number,
    options: SetGroupOptions & Readonly<Record<string, unknown>> = {},
  ): Plan<StatusLike> {
    checkBy("relSet", device, by);
    return yield* absSet(device, yield* targetFromStart(device, by), options);
  },
);

type By = [device: Movable<number>, by: number];
/**
 * `device, by, device, by, ..., options?`
 *
 * There is one signature for each number of devices, so that the
 * compiler points at the argument that is wrong.
 */
export interface RelativeMove {
  (...args: [...pair: By, options?: MoveOptions]): Plan<StatusLike[]>;
  (...args: [...pair: By, ...pair: By, options?: MoveOptions]): Plan<StatusLike[]>;
  (...args: [...pair: By, ...pair: By, ...pair: By, options?: MoveOptions]): Plan<StatusLike[]>;
  (...args: [...pair: By, ...pair: By, ...pair: By, ...pair: By, options?: MoveOptions]): Plan<StatusLike[]>;
}

/**
 * Moves one or several devices by a distance, together, and waits until all have arrived: `mvr(motor, 0.1)`.
 */
export const mvr = plan("mvr", function* (...args: readonly unknown[]): Plan<StatusLike[]> {
  const { pairs, options } = movePairs("mvr", args);
  for (const [device, by] of pairs) checkBy("mvr", device, by);
  return yield* moveTogether(pairs, options, targetFromStart);
}) as RelativeMove;

/** Bluesky's short name of `mvr`. */
export const movr = mvr;

/**
 * Where a device is before a relative move: its setpoint if it can be
 * located, else its hinted or first reading.
 *
 * Where nothing is read, as in a simulation, the result is 0.
 */
export function* startPosition(device: unknown): Plan {
  if (isLocatable(device)) {
    const location = (yield Msg("locate", device)) as Location<unknown> | undefined;
    return location ? location.setpoint : 0;
  }
  const readings = (yield Msg("read", device)) as Readings | undefined;
  if (!readings) return 0;
  const fields = hasHints(device) ? (device.hints.fields ?? []) : [];
  if (fields.length > 1) {
    throw new UsageError(`${deviceName(device)} has several positions (${fields.join(", ")}): set one of its parts`);
  }
  const key = fields[0] ?? Object.keys(readings)[0] ?? "";
  return readings[key]?.value;
}

/** The target of a move from `start` by a distance; throws unless both are numbers. */
export function relativeTarget(device: unknown, start: unknown, by: unknown): number {
  if (typeof start !== "number" || typeof by !== "number") {
    throw new UsageError(`${deviceName(device)} can't be moved relatively: its position is not a number`);
  }
  return start + by;
}

function* targetFromStart(device: Movable<never>, by: unknown): Plan<number> {
  return relativeTarget(device, yield* startPosition(device), by);
}

function checkBy(name: string, device: Movable | undefined, by: unknown): void {
  if (typeof by !== "number" || !Number.isFinite(by)) {
    throw new UsageError(`${name}: ${device?.name ?? "the device"} is moved by a number, not by ${String(by)}`);
  }
}

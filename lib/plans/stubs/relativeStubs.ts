/** Stubs that move relative to where a device is. */
import type { Plan } from "../../core/protocols/msg";
import type { Movable, StatusLike } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import { relativeSetWrapper } from "../preprocessors/relativeWrappers";
import { absSet, type MoveOptions, movePairs, moveTogether, type SetGroupOptions } from "./deviceStubs";

/** Sets a device to its position plus `by`; goes on at once unless `wait`. */
export const relSet = plan(
  "relSet",
  function* (
    device: Movable<number>,
    by: number,
    options: SetGroupOptions & Readonly<Record<string, unknown>> = {},
  ): Plan<StatusLike> {
    checkBy("relSet", device, by);
    return yield* relativeSetWrapper(absSet(device, by, options));
  },
);

type By = [device: Movable<number>, by: number];
/** `device, by, device, by, ..., options?`, one signature for each number of devices: so the compiler says which argument is wrong. */
export interface RelativeMove {
  (...args: [...pair: By, options?: MoveOptions]): Plan<StatusLike[]>;
  (...args: [...pair: By, ...pair: By, options?: MoveOptions]): Plan<StatusLike[]>;
  (...args: [...pair: By, ...pair: By, ...pair: By, options?: MoveOptions]): Plan<StatusLike[]>;
  (...args: [...pair: By, ...pair: By, ...pair: By, ...pair: By, options?: MoveOptions]): Plan<StatusLike[]>;
}

/** Moves one or several devices by so much, together, and waits until all have arrived: `mvr(motor, 0.1)`. */
export const mvr = plan("mvr", function* (...args: readonly unknown[]): Plan<StatusLike[]> {
  const { pairs, options } = movePairs("mvr", args);
  for (const [device, by] of pairs) checkBy("mvr", device, by);
  return yield* relativeSetWrapper(
    moveTogether(pairs, options),
    pairs.map(([device]) => device),
  );
}) as RelativeMove;

/** Bluesky's short name of `mvr`. */
export const movr = mvr;

function checkBy(name: string, device: Movable | undefined, by: unknown): void {
  if (typeof by !== "number" || !Number.isFinite(by))
    throw new UsageError(`${name}: ${device?.name ?? "the device"} is moved by a number, not by ${String(by)}`);
}

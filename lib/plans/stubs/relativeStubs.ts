/** Stubs that move relative to where a device is. */
import type { Plan } from "../../core/msg";
import type { Movable, StatusLike } from "../../core/protocols";
import { plan } from "../plan";
import { relativeSetWrapper } from "../preprocessors/relativeWrappers";
import { absSet, type Move, movePairs, moveTogether, type SetGroupOptions } from "./deviceStubs";

/** Sets a device to its position plus `by`; goes on at once unless `wait`. */
export const relSet = plan(
  "relSet",
  function* (
    device: Movable<number>,
    by: number,
    options: SetGroupOptions & Readonly<Record<string, unknown>> = {},
  ): Plan<StatusLike> {
    return yield* relativeSetWrapper(absSet(device, by, options));
  },
);

/** Moves one or several devices by so much, together, and waits until all have arrived: `mvr(motor, 0.1)`. */
export const mvr = plan("mvr", function* (...args: readonly unknown[]): Plan<StatusLike[]> {
  const { pairs, options } = movePairs("mvr", args);
  return yield* relativeSetWrapper(
    moveTogether(pairs, options),
    pairs.map(([device]) => device),
  );
}) as Move;

/** Bluesky's short name of `mvr`. */
export const movr = mvr;

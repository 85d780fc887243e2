/** Sets the counting time of devices while a plan runs. */

import type { Msg, Plan } from "../../core/protocols/msg";
import type { Movable, Readable } from "../../core/protocols/protocols";
import { plan } from "../plan";
import { mv } from "../stubs/moveStubs";
import { rd } from "../stubs/readStubs";
import { finalizeWrapper } from "./contingencyWrapper";
import { planMutator } from "./mutators";

/** The member of a device that `configureCountTimeWrapper` looks for. */
export interface HasCountTime {
  /** Seconds for which the device counts. */
  readonly countTime: Movable<number> & Readable<number>;
}

const countTimeOf = (obj: unknown): HasCountTime["countTime"] | undefined =>
  (obj as Partial<HasCountTime> | null)?.countTime;

/**
 * Sets `countTime` of every device that has one before the device is first used, and sets it back at the end.
 * @param time seconds; null changes nothing
 */
export const configureCountTimeWrapper = plan("configureCountTimeWrapper", function* <
  T,
>(inner: Plan<T>, time: number | null): Plan<T> {
  if (time === null) return yield* inner;
  const seen = new Set<unknown>();
  const original = new Map<HasCountTime["countTime"], number>();
  function* setFirst(signal: HasCountTime["countTime"], seconds: number, msg: Msg): Plan {
    original.set(signal, yield* rd(signal));
    yield* mv(signal, seconds);
    return yield msg;
  }
  function* reset(): Plan<void> {
    for (const [signal, seconds] of original) yield* mv(signal, seconds);
  }
  const configured = planMutator(inner, (msg) => {
    const signal = countTimeOf(msg.obj);
    if (!signal || seen.has(msg.obj)) return [null, null];
    seen.add(msg.obj);
    return [setFirst(signal, time, msg), null];
  });
  return yield* finalizeWrapper(configured, reset);
});

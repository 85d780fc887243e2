// Asking again and again, for who subscribes.

import { setTimeout as delay } from "node:timers/promises";
import type { Reading } from "../../core/protocols/protocols";
import { errorText } from "../../errors";

/** How a signal is followed while somebody subscribes to it. */
export interface TangoPolling {
  /** Seconds between two questions. Default 0.1. */
  readonly period?: number;
  /** How far a number must be from the one told last to be told; in its unit. Default: any change is told. */
  readonly absChange?: number;
  /** The same as a fraction of the one told last: 0.01 for 1 %. With both, either is enough. */
  readonly relChange?: number;
}

export const PERIOD = 0.1;
/** Seconds; a device that does not answer is asked less and less often, down to this. */
const LONGEST_PAUSE = 5;

/** What came of one question. */
export type Polled = Reading<unknown> | Error;

/** Asks at once and then every period until `signal` aborts; `tell` hears what is news. Never rejects. */
export async function poll(
  ask: () => Promise<Reading<unknown>>,
  tell: (polled: Polled) => void,
  polling: TangoPolling,
  signal: AbortSignal,
): Promise<void> {
  const { period = PERIOD } = polling;
  let pause = period;
  let told: Polled | null = null;
  while (!signal.aborted) {
    const polled = await ask().catch((error: unknown) =>
      error instanceof Error ? error : new Error(errorText(error)),
    );
    if (signal.aborted) return;
    if (told === null || isNews(told, polled, polling)) {
      told = polled;
      tell(polled);
    }
    pause = polled instanceof Error ? Math.min(2 * pause, Math.max(period, LONGEST_PAUSE)) : period;
    // Aborting is the end, not an error.
    await delay(1000 * pause, undefined, { signal }).catch(() => {});
  }
}

function isNews(told: Polled, polled: Polled, polling: TangoPolling): boolean {
  if (told instanceof Error || polled instanceof Error) return errorOf(told) !== errorOf(polled);
  if (told.message !== polled.message) return true;
  return differs(told.value, polled.value, polling);
}

const errorOf = (polled: Polled): string | null => (polled instanceof Error ? polled.message : null);

function differs(told: unknown, now: unknown, polling: TangoPolling): boolean {
  if (typeof told === "number" && typeof now === "number") return isFar(told, now, polling);
  if (typeof told !== "object" || typeof now !== "object" || told === null || now === null) return told !== now;
  const [before, after] = [partsOf(told), partsOf(now)];
  if (before.length !== after.length) return true;
  for (let i = 0; i < before.length; i++) if (differs(before[i], after[i], polling)) return true;
  return false;
}

/** Typed arrays as they are: an image has millions. */
const partsOf = (value: object): ArrayLike<unknown> =>
  ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>) : Object.values(value);

function isFar(told: number, now: number, { absChange, relChange }: TangoPolling): boolean {
  if (Object.is(told, now)) return false;
  if (absChange === undefined && relChange === undefined) return true;
  // A change from or to NaN is one, whatever the distance.
  const distance = Math.abs(now - told);
  if (Number.isNaN(distance)) return true;
  return (
    distance >= (absChange ?? Number.POSITIVE_INFINITY) ||
    distance >= (relChange ?? Number.POSITIVE_INFINITY) * Math.abs(told)
  );
}

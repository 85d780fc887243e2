/** Polls an attribute for the subscribers of its signal. */

import type { Reading } from "../../core/protocols/protocols";
import { errorText } from "../../errors";
import { delayFor } from "../../timeLimit";

/** How a signal is polled while it has subscribers. */
export interface TangoPolling {
  /**
   * Seconds between two reads. Default 0.1. After an answer that takes longer, the pause is as long as
   * the answer took.
   */
  readonly period?: number;
  /** The least change of a number, in its unit, that subscribers get. Default: every change. */
  readonly absChange?: number;
  /**
   * The least change as a fraction of the last number that subscribers got: 0.01 is 1 %. If both are given,
   * either is enough.
   */
  readonly relChange?: number;
}

/** Seconds between two reads by default. */
export const DEFAULT_PERIOD = 0.1;
/** The pause doubles as long as the device does not answer, up to this number of seconds. */
const LONGEST_PAUSE = 5;

/** The result of one read. */
export type PollResult = Reading<unknown> | Error;

/** Reads at once and then every period until `signal` aborts; `report` gets every change. Never rejects. */
export async function poll(
  read: () => Promise<Reading<unknown>>,
  report: (result: PollResult) => void,
  polling: TangoPolling,
  signal: AbortSignal,
): Promise<void> {
  const { period = DEFAULT_PERIOD } = polling;
  let pause = period;
  let reported: PollResult | undefined;
  while (!signal.aborted) {
    const beganMs = performance.now();
    const result = await read().catch((error: unknown) =>
      error instanceof Error ? error : new Error(errorText(error)),
    );
    if (signal.aborted) return;
    if (reported === undefined || isChange(reported, result, polling)) {
      reported = result;
      report(result);
    }
    // The pause keeps polling from taking more than half of the time of a slow device.
    const took = (performance.now() - beganMs) / 1000;
    const next = result instanceof Error ? Math.min(2 * pause, Math.max(period, LONGEST_PAUSE)) : period;
    pause = Math.max(next, took > period ? took : 0);
    await delayFor(pause, signal);
  }
}

function isChange(reported: PollResult, result: PollResult, polling: TangoPolling): boolean {
  if (reported instanceof Error || result instanceof Error) return errorOf(reported) !== errorOf(result);
  if (reported.message !== result.message) return true;
  return differs(reported.value, result.value, polling);
}

const errorOf = (result: PollResult): string | undefined => (result instanceof Error ? result.message : undefined);

function differs(reported: unknown, now: unknown, polling: TangoPolling): boolean {
  if (typeof reported === "number" && typeof now === "number") return isFar(reported, now, polling);
  if (typeof reported !== "object" || typeof now !== "object" || reported === null || now === null)
    return reported !== now;
  const [before, after] = [partsOf(reported), partsOf(now)];
  if (before.length !== after.length) return true;
  for (let i = 0; i < before.length; i++) if (differs(before[i], after[i], polling)) return true;
  return false;
}

/** The parts to compare. A typed array is not copied: an image has millions of elements. */
const partsOf = (value: object): ArrayLike<unknown> =>
  ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>) : Object.values(value);

function isFar(reported: number, now: number, { absChange, relChange }: TangoPolling): boolean {
  if (Object.is(reported, now)) return false;
  if (absChange === undefined && relChange === undefined) return true;
  // The distance from or to NaN is NaN, which always counts as a change.
  const distance = Math.abs(now - reported);
  if (Number.isNaN(distance)) return true;
  return (
    distance >= (absChange ?? Number.POSITIVE_INFINITY) ||
    distance >= (relChange ?? Number.POSITIVE_INFINITY) * Math.abs(reported)
  );
}

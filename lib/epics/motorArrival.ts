/** Decides whether a motor record has arrived, and explains the problems that it reports. */

import type { Readings } from "../core/protocols/protocols";
import type { SignalR } from "../core/signal/signal";
import { isWithin } from "../core/standard/arrival";
import { abortion } from "../core/status/deadline";
import { afterSeconds } from "../timeLimit";

/** A motor that is done and comes no closer to its target for this time has stopped. Seconds. */
const STANDSTILL = 1;

/** The bits of MSTA that mean a problem, by their number. Source: motorRecord, field MSTA. */
const PROBLEMS: ReadonlyMap<number, string> = new Map([
  [2, "at the high limit switch"],
  [6, "slip or stall detected"],
  [9, "the driver reports a problem"],
  [12, "no communication with the controller"],
  [13, "at the low limit switch"],
]);
/** The bits after which not even a readback at the target can be trusted: problem and communication. */
const FATAL = (1 << 9) | (1 << 12);

/** The fields of a motor record that report problems. */
export interface MotorRecordState {
  /** The field MISS. */
  readonly missed: number;
  /** The field MSTA. */
  readonly status: number;
}

/** The problems of a motor, in words, and whether its movement has failed at whatever position. */
export function problemsOf({ missed, status }: MotorRecordState): {
  readonly texts: readonly string[];
  readonly fatal: boolean;
} {
  const bits = [...PROBLEMS].filter(([bit]) => status & (1 << bit)).map(([, text]) => text);
  const texts = [...(missed ? ["MISS: it missed its target after all retries"] : []), ...bits.map((t) => `MSTA: ${t}`)];
  return { texts, fatal: missed !== 0 || (status & FATAL) !== 0 };
}

/** The signals of a movement, and where it should end. */
export interface MotorMovement {
  /** The signal that says whether the movement is done. Without it, only the target ends the movement. */
  readonly done: SignalR<number> | undefined;
  readonly isDone: (value: number) => boolean;
  readonly readback: SignalR<number>;
  readonly target: number;
  readonly tolerance: number;
}

/**
 * Waits until the movement is done and the readback is at the target, or until the device is done elsewhere
 * and has come no closer for a second. Some records answer a write before the motor has started, so
 * that DMOV alone is not enough.
 */
export async function awaitArrival(
  { done: doneSignal, isDone, readback, target, tolerance }: MotorMovement,
  signal: AbortSignal | undefined,
): Promise<"at the target" | "elsewhere"> {
  const ends: (() => void)[] = [];
  let standing: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      let done: boolean | undefined = doneSignal ? undefined : true;
      let position: number | undefined;
      let nearest = Number.POSITIVE_INFINITY;
      const look = () => {
        if (done === undefined || position === undefined) return;
        if (done && isWithin(tolerance, position, target)) resolve("at the target");
        const distance = Math.abs(position - target);
        const moves = !done || distance < nearest;
        nearest = Math.min(nearest, distance);
        if (moves) {
          standing?.();
          standing = undefined;
        }
        if (done && doneSignal) standing ??= afterSeconds(STANDSTILL, () => resolve("elsewhere"));
      };
      const watch = (watched: SignalR<number>, take: (value: number) => void) => {
        const listen = (readings: Readings<number>) => {
          const reading = Object.values(readings)[0];
          if (!reading || typeof reading.value !== "number") return;
          take(reading.value);
          look();
        };
        watched.subscribe(listen);
        ends.push(() => watched.clearSub(listen));
      };
      const abort = () => reject(abortion(`${readback.name} to reach ${target}`, signal));
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
      ends.push(() => signal?.removeEventListener("abort", abort));
      if (doneSignal)
        watch(doneSignal, (value) => {
          done = isDone(value);
        });
      watch(readback, (value) => {
        position = value;
      });
    });
  } finally {
    standing?.();
    for (const end of ends) end();
  }
}

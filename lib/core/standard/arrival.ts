/** Decides when a device counts as being at its target. */

import { inspect } from "node:util";
import { UsageError } from "../../errors";
import { reportError } from "../../log";
import { checkOptions, type OptionNames } from "../../options";
import { afterSeconds, delayFor } from "../../timeLimit";
import type { HasName, Readings } from "../protocols/protocols";
import type { SignalR } from "../signal/signal";
import { abortion } from "../status/deadline";

/** The conditions under which a device counts as being at its target. */
export interface Arrival {
  /** The largest distance from the target, in the unit of the device. Default: the device decides. */
  readonly tolerance?: number;
  /** Seconds for which it has to stay within the tolerance. Default 0. */
  readonly holdTime?: number;
  /**
   * What happens if the device has ended its movement away from the target. The default is `fail` if a
   * tolerance is known, from here, the control system or the node. Without one the default is `warn`, if the
   * distance is more than a hundredth of the way or of the target.
   */
  readonly offTarget?: "fail" | "warn" | "accept";
  /**
   * Seconds to wait after the hold time, until vibrations have died out or a sample has followed. Default 0.
   */
  readonly settleTime?: number;
}

/** A device with conditions for its arrival. */
export interface HasArrival {
  /** When the device counts as being at its target, for every `set`, `mv` and scan. Default: `{}`. */
  arrival: Arrival;
  /** Seconds to wait after each movement; a part of `arrival`. Default 0. */
  settleTime: number;
}

/** The conditions of each device; one without an entry has the default. */
const arrivals = new WeakMap<object, Arrival>();

/**
 * Gives the devices of a class the members of `HasArrival`. The class declares them:
 * `declare arrival: Arrival; declare settleTime: number; static { holdsArrival(this.prototype); }`
 */
export function holdsArrival(prototype: HasArrival & HasName): void {
  Object.defineProperties(prototype, {
    arrival: {
      configurable: true,
      get(this: object): Arrival {
        return arrivals.get(this) ?? {};
      },
      set(this: HasName, arrival: Arrival) {
        checkArrival(this.name, arrival);
        arrivals.set(this, arrival);
      },
    },
    settleTime: {
      configurable: true,
      get(this: HasArrival): number {
        return this.arrival.settleTime ?? 0;
      },
      set(this: HasArrival, settleTime: number) {
        this.arrival = { ...this.arrival, settleTime };
      },
    },
  });
}

const MEMBERS: OptionNames<Arrival> = { tolerance: true, holdTime: true, offTarget: true, settleTime: true };
const POLICIES: readonly Arrival["offTarget"][] = ["fail", "warn", "accept", undefined];

/** @throws UsageError for an unknown member or policy, and for a value that is not a number from 0 */
function checkArrival(device: string, arrival: Arrival): void {
  const name = device || "a device";
  checkOptions(`the arrival of ${name}`, arrival, MEMBERS);
  const { offTarget: policy, ...numbers } = arrival;
  if (!POLICIES.includes(policy)) {
    throw new UsageError(`${name}: offTarget is ${inspect(policy)}: use "fail", "warn" or "accept"`);
  }
  for (const [key, value] of Object.entries(numbers)) {
    if (value !== undefined && !(typeof value === "number" && value >= 0)) {
      throw new UsageError(`${name}: ${key} is ${inspect(value)}: use a number from 0`);
    }
  }
}

/** Resolves when the value has fulfilled the condition for `seconds` without a break. */
export async function holds<T>(
  readback: SignalR<T>,
  isThere: (value: T) => boolean,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let cancel: (() => void) | undefined;
  let listen: (readings: Readings<T>) => void = () => {};
  let abort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      listen = (readings) => {
        const reading = Object.values(readings)[0];
        const there = reading !== undefined && (reading.alarm_severity ?? 0) >= 0 && isThere(reading.value);
        if (there) cancel ??= afterSeconds(seconds, resolve, { wakes: true });
        else {
          cancel?.();
          cancel = undefined;
        }
      };
      abort = () => reject(abortion(`${readback.name || readback.source} to settle`, signal));
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
      readback.subscribe(listen);
    });
  } finally {
    cancel?.();
    signal?.removeEventListener("abort", abort);
    readback.clearSub(listen);
  }
}

/** Waits until a device that has arrived has settled. `isThere` says whether a position is at the target. */
export async function settled<T>(
  readback: SignalR<T>,
  isThere: (value: T) => boolean,
  { holdTime = 0, settleTime = 0 }: Arrival,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (holdTime > 0) await holds(readback, isThere, holdTime, signal);
  if (settleTime > 0) await delayFor(settleTime, signal);
}

/** Whether a position is within a tolerance of a target; values that are not numbers must be equal. */
export function isWithin(tolerance: number, value: unknown, target: unknown): boolean {
  return typeof value === "number" && typeof target === "number"
    ? Math.abs(value - target) <= tolerance + 1e-12 * Math.abs(target)
    : Object.is(value, target);
}

/**
 * Whether a device without a known tolerance counts as being at its target: within a hundredth of the target
 * or of the way to it.
 */
export function isPlausible(value: unknown, target: unknown, from: unknown): boolean {
  if (typeof value !== "number" || typeof target !== "number") return true;
  const way = typeof from === "number" ? Math.abs(target - from) : 0;
  return Math.abs(value - target) <= 0.01 * Math.max(Math.abs(target), way);
}

/** Applies the policy to a device that ended away from its target. @throws the error by policy `fail`. */
export function offTarget(device: string, policy: Arrival["offTarget"], error: Error): void {
  if (policy === "fail") throw error;
  if (policy === "warn") reportError("warning", `${error.message}; set arrival = { tolerance } of ${device} to decide`);
}

/** Ends plans when a signal says so, where a suspender would only hold them. */

import { timeNow } from "../../clock";
import { valueWithUnit } from "../../core/device/valueWithUnit";
import { isSubscribable, type Readings, type Subscribable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { deviceName } from "../planErrors";
import type { Suspender, Suspension } from "./suspension";
import { watchedValue } from "./watchedValue";

/** Options of `EndWhen`. */
export interface EndWhenOptions {
  /** How the runs are marked: as by `RE.stop()` or by `RE.abort()`. Default "abort". */
  readonly exitStatus?: "success" | "abort";
  /** Put before the reason, e.g. "the sample is warm"; default nothing. */
  readonly message?: string;
}

/**
 * Ends the plan when `predicate` is true for the value of a signal; the plan cleans up. It is installed like
 * a suspender: `RE.installSuspender(new EndWhen(beam.current, (mA) => mA < 1))`, or for one plan by
 * `suspendWrapper`. A plan that starts while it is true ends at once. While the signal has no valid value,
 * because its connection is lost for example, nothing ends: a suspender on the same signal holds the plan.
 */
export class EndWhen<T> implements Suspender {
  readonly signal: Subscribable<T>;
  readonly #predicate: (value: T) => boolean;
  readonly #options: EndWhenOptions;
  #end: ((suspension: Suspension) => void) | undefined;
  #suspension: Suspension | undefined;

  constructor(signal: Subscribable<T>, predicate: (value: T) => boolean, options: EndWhenOptions = {}) {
    if (!isSubscribable(signal))
      throw new UsageError(`EndWhen watches a signal, but ${deviceName(signal)} has no subscribe()`);
    this.signal = signal;
    this.#predicate = predicate;
    this.#options = options;
  }

  get suspension(): Suspension | null {
    return this.#suspension ?? null;
  }

  install(end: (suspension: Suspension) => void): void {
    if (this.#end) throw new UsageError(`this EndWhen of ${this.signal.name} is installed already`);
    this.#end = end;
    this.signal.subscribe(this.#listener);
  }

  remove(): void {
    if (!this.#end) return;
    this.#end = undefined;
    this.#suspension = undefined;
    this.signal.clearSub(this.#listener);
  }

  readonly #listener = (readings: Readings<T>): void => {
    const { value, invalid } = watchedValue(this.signal, readings);
    if (invalid !== undefined) return;
    if (!this.#predicate(value)) {
      this.#suspension = undefined;
      return;
    }
    if (this.#suspension) return;
    const { exitStatus = "abort", message } = this.#options;
    const reason = `${deviceName(this.signal)} = ${valueWithUnit(this.signal, value)}`;
    this.#suspension = {
      justification: message ? `${message}: ${reason}` : reason,
      until: "never: it ends the plan",
      since: timeNow(),
      ends: exitStatus,
      released: Promise.resolve(),
    };
    this.#end?.(this.#suspension);
  };
}

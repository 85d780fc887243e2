/**
 * Suspenders that watch a signal: they hold plans while its value is bad for measuring, and release them
 * afterwards.
 */

import { timeNow } from "../../clock";
import { valueWithUnit } from "../../core/device/valueWithUnit";
import { isSubscribable, type Readings, type Subscribable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { checkOptions, type OptionNames } from "../../options";
import { afterSeconds } from "../../timeLimit";
import { deviceName } from "../planErrors";
import type { Suspender, Suspension, SuspensionPlan } from "./suspension";
import { watchedValue } from "./watchedValue";

/** Options of every suspender. */
export interface SuspenderOptions {
  /** Seconds for which the signal has to be fine before the plan goes on; default 0. */
  readonly sleep?: number;
  /** Done when the plan is suspended, e.g. closes a shutter; default nothing. */
  readonly prePlan?: SuspensionPlan;
  /** Done before the plan goes on, e.g. opens the shutter again; default nothing. */
  readonly postPlan?: SuspensionPlan;
  /** Put before the reason in notices; default nothing. */
  readonly trippedMessage?: string;
}

const COMMON: OptionNames<SuspenderOptions> = { sleep: true, prePlan: true, postPlan: true, trippedMessage: true };

/** When to hold plans and when to release them, with words for the user. */
interface SuspendCondition<T> {
  readonly suspends: (value: T) => boolean;
  readonly resumes: (value: T) => boolean;
  /** Follows the value that suspends, e.g. "is below 2". */
  readonly problem: string;
  /** Follows "It goes on", e.g. "when it is above 3". */
  readonly remedy: string;
}

/** Holds plans also while the signal has no valid value: nobody knows then whether measuring makes sense. */
abstract class SignalSuspender<T> implements Suspender {
  readonly signal: Subscribable<T>;
  readonly #options: SuspenderOptions;
  readonly #condition: SuspendCondition<T>;
  #suspend: ((suspension: Suspension) => void) | undefined;
  #suspension: Suspension | undefined;
  #release: (() => void) | undefined;
  /** Cancels the end of the suspension, while the signal is fine again but not for long enough. */
  #cancelEnd: (() => void) | undefined;

  /** `names` are those of the options that the suspender takes. */
  protected constructor(
    signal: Subscribable<T>,
    condition: SuspendCondition<T>,
    options: SuspenderOptions,
    names: Readonly<Record<string, true>> = COMMON,
  ) {
    checkOptions(new.target.name, options, names as OptionNames<SuspenderOptions>);
    if (!isSubscribable(signal))
      throw new UsageError(`${new.target.name} watches a signal, but ${deviceName(signal)} has no subscribe()`);
    const { prePlan, postPlan } = options;
    for (const [option, made] of Object.entries({ prePlan, postPlan }))
      if (made !== undefined && typeof made !== "function" && !Array.isArray(made))
        throw new UsageError(
          `${new.target.name}: ${option} should be a function that makes a plan, since each suspension needs a new one`,
        );
    this.signal = signal;
    this.#condition = condition;
    this.#options = options;
  }

  get suspension(): Suspension | null {
    return this.#suspension ?? null;
  }

  install(suspend: (suspension: Suspension) => void): void {
    if (this.#suspend) throw new UsageError(`this suspender of ${this.signal.name} is installed already`);
    this.#suspend = suspend;
    this.signal.subscribe(this.#listener);
  }

  remove(): void {
    if (!this.#suspend) return;
    this.#suspend = undefined;
    this.signal.clearSub(this.#listener);
    this.#end();
  }

  readonly #listener = (readings: Readings<T>): void => {
    const { value, invalid } = watchedValue(this.signal, readings);
    const isUnknown = invalid !== undefined || Number.isNaN(value);
    if (this.#suspension === undefined) {
      if (isUnknown) this.#hold(`has no valid value: ${invalid ?? "it is NaN"}`);
      else if (this.#condition.suspends(value))
        this.#hold(`= ${valueWithUnit(this.signal, value)} ${this.#condition.problem}`);
    } else if (!isUnknown && this.#condition.resumes(value)) {
      this.#cancelEnd ??= afterSeconds(this.#options.sleep ?? 0, () => this.#end(), { wakes: true });
    } else {
      this.#cancelEnd?.();
      this.#cancelEnd = undefined;
    }
  };

  /** Holds plans; `problem` follows the name of the signal. */
  #hold(problem: string): void {
    const { trippedMessage, sleep = 0, prePlan, postPlan } = this.#options;
    const reason = `${deviceName(this.signal)} ${problem}`;
    this.#suspension = {
      justification: trippedMessage ? `${trippedMessage}: ${reason}` : reason,
      until: `${this.#condition.remedy}${sleep > 0 ? ` for ${sleep} s` : ""}`,
      since: timeNow(),
      released: new Promise((resolve) => {
        this.#release = resolve;
      }),
      prePlan,
      postPlan,
    };
    this.#suspend?.(this.#suspension);
  }

  #end(): void {
    this.#cancelEnd?.();
    this.#cancelEnd = undefined;
    this.#suspension = undefined;
    this.#release?.();
    this.#release = undefined;
  }
}

/** Holds plans while `predicate` is true for the value of a signal. */
export class SuspendWhen<T> extends SignalSuspender<T> {
  constructor(signal: Subscribable<T>, predicate: (value: T) => boolean, options: SuspenderOptions = {}) {
    const resumes = (value: T) => !predicate(value);
    super(
      signal,
      { suspends: predicate, resumes, problem: "holds the plan", remedy: "when it no longer does" },
      options,
    );
  }
}

/** Holds plans while the signal is true (or a number other than 0). */
export class SuspendBoolHigh<T extends boolean | number = boolean> extends SignalSuspender<T> {
  constructor(signal: Subscribable<T>, options: SuspenderOptions = {}) {
    super(
      signal,
      { suspends: Boolean, resumes: (value) => !value, problem: "should be off", remedy: "when it is off" },
      options,
    );
  }
}

/** Holds plans while the signal is false (or 0). */
export class SuspendBoolLow<T extends boolean | number = boolean> extends SignalSuspender<T> {
  constructor(signal: Subscribable<T>, options: SuspenderOptions = {}) {
    super(
      signal,
      { suspends: (value) => !value, resumes: Boolean, problem: "should be on", remedy: "when it is on" },
      options,
    );
  }
}

/** Options of suspenders with a threshold; thresholds are in the unit of the signal. */
export interface ThresholdOptions extends SuspenderOptions {
  /** The plan goes on beyond this value; default the threshold itself. */
  readonly resumeThreshold?: number;
}

const THRESHOLD: OptionNames<ThresholdOptions> = { ...COMMON, resumeThreshold: true };

/** Holds plans while the signal is below a threshold. */
export class SuspendFloor extends SignalSuspender<number> {
  constructor(signal: Subscribable<number>, threshold: number, options: ThresholdOptions = {}) {
    const { resumeThreshold = threshold } = options;
    if (resumeThreshold < threshold)
      throw new UsageError(
        `SuspendFloor: it holds plans below ${threshold}, so it can't release plans at ${resumeThreshold}`,
      );
    super(
      signal,
      {
        suspends: (value) => value < threshold,
        resumes: (value) => value > resumeThreshold,
        problem: `is below ${threshold}`,
        remedy: `when it is above ${resumeThreshold}`,
      },
      options,
      THRESHOLD,
    );
  }
}

/** Holds plans while the signal is above a threshold. */
export class SuspendCeil extends SignalSuspender<number> {
  constructor(signal: Subscribable<number>, threshold: number, options: ThresholdOptions = {}) {
    const { resumeThreshold = threshold } = options;
    if (resumeThreshold > threshold)
      throw new UsageError(
        `SuspendCeil: it holds plans above ${threshold}, so it can't release plans at ${resumeThreshold}`,
      );
    super(
      signal,
      {
        suspends: (value) => value > threshold,
        resumes: (value) => value < resumeThreshold,
        problem: `is above ${threshold}`,
        remedy: `when it is below ${resumeThreshold}`,
      },
      options,
      THRESHOLD,
    );
  }
}

function checkBand(name: string, bottom: number, top: number): void {
  if (!(bottom < top))
    throw new UsageError(`${name}: the band goes from its bottom to its top, not from ${bottom} to ${top}`);
}

/** Holds plans while the signal is outside of a band (in the unit of the signal). */
export class SuspendWhenOutsideBand extends SignalSuspender<number> {
  constructor(signal: Subscribable<number>, bottom: number, top: number, options: SuspenderOptions = {}) {
    checkBand("SuspendWhenOutsideBand", bottom, top);
    const inside = (value: number) => bottom < value && value < top;
    super(
      signal,
      {
        suspends: (value) => !inside(value),
        resumes: inside,
        problem: `is outside of ${bottom} to ${top}`,
        remedy: `when it is between ${bottom} and ${top}`,
      },
      options,
    );
  }
}

/** The name that bluesky had for `SuspendWhenOutsideBand` before. */
export class SuspendInBand extends SuspendWhenOutsideBand {}

/** Holds plans while the signal is inside a band (in the unit of the signal). */
export class SuspendOutBand extends SignalSuspender<number> {
  constructor(signal: Subscribable<number>, bottom: number, top: number, options: SuspenderOptions = {}) {
    checkBand("SuspendOutBand", bottom, top);
    const inside = (value: number) => bottom < value && value < top;
    super(
      signal,
      {
        suspends: inside,
        resumes: (value) => !inside(value),
        problem: `is between ${bottom} and ${top}`,
        remedy: "when it is outside",
      },
      options,
    );
  }
}

/** Options of `SuspendWhenChanged`. */
export interface WhenChangedOptions<T> extends SuspenderOptions {
  /** The value that the signal should have; default its value when the suspender is installed. */
  readonly expectedValue?: T;
  /**
   * Whether the plan goes on when the value is back. Default false: then only `RE.abort()` or removing the
   * suspender ends the suspension.
   */
  readonly allowResume?: boolean;
}

const CHANGED: OptionNames<WhenChangedOptions<unknown>> = { ...COMMON, expectedValue: true, allowResume: true };

/** Holds plans when the value of the signal has changed. */
export class SuspendWhenChanged<T> extends SignalSuspender<T> {
  constructor(signal: Subscribable<T>, options: WhenChangedOptions<T> = {}) {
    const expected: { value?: T } = "expectedValue" in options ? { value: options.expectedValue as T } : {};
    const isExpected = (value: T) => {
      if (!("value" in expected)) expected.value = value;
      return value === expected.value;
    };
    const { allowResume = false } = options;
    super(
      signal,
      {
        suspends: (value) => !isExpected(value),
        resumes: (value) => allowResume && isExpected(value),
        problem: "has changed",
        remedy: allowResume ? "when it is back" : "when this suspender is removed",
      },
      options,
      CHANGED,
    );
  }
}

/** Soft signals: values in memory, or behind a getter and a setter. */

import { type ClockTimer, startInterval, timeNow } from "../../clock";
import { errorText, UsageError } from "../../errors";
import { dataKeyOf } from "../protocols/dataKeyOf";
import type { NotInferred } from "../protocols/notInferred";
import type { Reading, SyncOrAsync } from "../protocols/protocols";
import { abortion } from "../status/deadline";
import { Status } from "../status/status";
import { SignalR, SignalRW, thenSync } from "./signal";
import type { DataKeyBody, PutOptions, Settle, SignalBackend } from "./signalBackend";
import { checkRecordable, refusedText, typeAdvice } from "./softValue";

/** Options of soft signals; all are optional. */
export interface SoftSignalOptions<T> {
  readonly name?: string;
  readonly units?: string;
  /** Digits after the decimal point. */
  readonly precision?: number;
  /**
   * The allowed strings. Others are refused, whether they are set, posted by the owner or returned by the
   * getter. A type such as `"Open" | "Closed"` is gone when the program runs, so only choices given here are
   * checked then.
   */
  readonly choices?: readonly (T & string)[];
  /** The lowest and the highest allowed number. Others are refused. */
  readonly limits?: readonly [low: number, high: number];
  /** For example "integer" for whole numbers. Default: derived from the initial value. */
  readonly dtype?: DataKeyBody["dtype"];
  /**
   * Returns the value. Called at each read and, while subscribed, every `pollPeriod` seconds (default 0.1).
   */
  readonly getter?: () => SyncOrAsync<T>;
  readonly pollPeriod?: number;
  /**
   * Called with each value that is set. If it returns a value, the signal holds that one instead; else, the
   * one that the getter gives, if there is a getter. Without a setter, values of another type than the
   * present one are refused.
   */
  readonly setter?: Settle<T>;
}

/** The backend of soft signals. */
export class SoftSignalBackend<T> implements SignalBackend<T> {
  readonly #options: SoftSignalOptions<T>;
  readonly #dataKey: DataKeyBody | null;
  #reading: Reading<T>;
  #setpoint: T;
  #callback: ((reading: Reading<T>) => void) | null = null;
  #poll: ClockTimer | undefined;
  /** Whether values of another type are refused. */
  readonly #isTyped: boolean;
  /** The backend that has the value instead of this one while the signal is mocked. */
  #twin: SoftSignalBackend<T> | undefined;

  /** `dataKey` describes the value where the initial value cannot, for example an empty array. */
  constructor(initial: T, options: SoftSignalOptions<T> = {}, dataKey: DataKeyBody | null = null) {
    if (options.pollPeriod !== undefined && !options.getter) {
      throw new UsageError("pollPeriod says how often the getter is called, but there is no getter: give one");
    }
    if (options.pollPeriod !== undefined && !(options.pollPeriod > 0)) {
      throw new UsageError(`pollPeriod is ${options.pollPeriod} s: it must be above 0 s`);
    }
    this.#options = options;
    this.#dataKey = dataKey;
    this.#isTyped = !options.setter && !dataKey;
    checkRecordable(initial, options.name ?? "");
    this.#checkChoice(initial, options.name ?? "");
    this.#setpoint = initial;
    this.#reading = { value: initial, timestamp: timeNow() };
  }

  source(name: string): string {
    return `soft://${name}`;
  }

  connect(): void {}

  get units(): string {
    return this.#dataKey?.units ?? this.#options.units ?? "";
  }

  get precision(): number | undefined {
    return (this.#dataKey ? this.#dataKey.precision : this.#options.precision) ?? undefined;
  }

  getDataKey(): DataKeyBody {
    if (this.#dataKey) return this.#dataKey;
    const { units, precision, choices, limits, dtype } = this.#options;
    return {
      ...dataKeyOf(this.#reading.value),
      ...(dtype === undefined ? {} : { dtype }),
      ...(dtype === "integer" ? { dtype_numpy: "<i8" } : {}),
      ...(units === undefined ? {} : { units }),
      ...(precision === undefined ? {} : { precision }),
      ...(choices === undefined ? {} : { choices }),
      ...(limits === undefined ? {} : { limits: { control: { low: limits[0], high: limits[1] } } }),
    };
  }

  /** The reading in memory; the getter is not called. */
  get reading(): Reading<T> {
    return this.#reading;
  }

  getReading(): SyncOrAsync<Reading<T>> {
    const { getter } = this.#options;
    if (!getter) return this.#reading;
    return thenSync(getter(), (value) => {
      this.#checkChoice(value, this.#options.name ?? "");
      return this.post(value);
    });
  }

  getSetpoint(): T {
    return this.#setpoint;
  }

  put(value: T, options: PutOptions = {}, name = ""): Status {
    const { signal } = options;
    if (signal?.aborted) return Status.failed(abortion(`${name || "a signal"} to be set`, signal));
    const refusal = this.#refusal(value);
    if (refusal) return Status.failed(new UsageError(`cannot set ${name || "a signal without name"} to ${refusal}`));
    try {
      const settled = this.#options.setter?.(value) as SyncOrAsync<T | undefined>;
      this.#setpoint = value;
      const final = (returned: T | undefined) => this.#finalValue(returned, value);
      const held: SyncOrAsync<T> = settled instanceof Promise ? settled.then(final) : final(settled);
      if (held instanceof Promise) return this.#settling(held, options, name);
      this.postByOwner(held, name);
      return Status.completed();
    } catch (error) {
      return Status.failed(error);
    }
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#callback = fn;
    this.#poll?.cancel();
    this.#poll = undefined;
    if (!fn) return;
    fn(this.#reading);
    if (this.#options.getter) {
      this.#poll = startInterval(this.#options.pollPeriod ?? 0.1, () => void this.#ask(), { idle: true });
    }
  }

  mock(): SignalBackend<T> {
    const { getter: _getter, pollPeriod: _pollPeriod, setter, ...plain } = this.#options;
    // A signal with a setter may hold values of several types, so its mock may, too.
    const options = setter ? { ...plain, setter: (value: T) => value } : plain;
    this.#twin = new SoftSignalBackend(this.#reading.value, options, this.#dataKey);
    return this.#twin;
  }

  /** Changes the value without checking limits, and calls the subscriber. */
  post(value: T, alarm: Pick<Reading, "alarm_severity" | "message"> | null = null): Reading<T> {
    const timestamp = timeNow();
    this.#reading = alarm ? { value, timestamp, ...alarm } : { value, timestamp };
    this.#callback?.(this.#reading);
    return this.#reading;
  }

  /**
   * Like `post`, for code that could give a word which is not a choice. While the signal is mocked, its mock
   * gets the value.
   *
   * @throws UsageError with the choices.
   */
  postByOwner(value: T, name: string): void {
    this.#checkChoice(value, name);
    (this.#twin ?? this).post(value);
  }

  /** The value after a set: what the setter returned, else what the getter gives now, else what was set. */
  #finalValue(settled: T | undefined, value: T): SyncOrAsync<T> {
    return settled ?? this.#options.getter?.() ?? value;
  }

  /** Waits for the setter. If that is given up, the value stays as it was, whatever the setter does later. */
  #settling(settled: Promise<T>, options: PutOptions, name: string): Status {
    const status = Status.from(settled, `${name || "a signal"} to be set`).within(options);
    const done = new Status((resolve, reject) => {
      status.addCallback((s) => {
        if (!s.success) return reject(s.exception());
        try {
          this.postByOwner(s.result as T, name);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    return done;
  }

  /** Calls the getter for the subscriber, who also gets a reading if the getter fails. */
  async #ask(): Promise<void> {
    try {
      await this.getReading();
    } catch (error) {
      if (this.#callback) this.post(this.#reading.value, { alarm_severity: -1, message: errorText(error) });
    }
  }

  /** @throws UsageError if there are choices and the value is none of them. */
  #checkChoice(value: T, name: string): void {
    const { choices } = this.#options;
    if (!choices || choices.includes(value as T & string)) return;
    throw new UsageError(`${name || "a signal without name"} cannot be ${value}: use ${choices.join(", ")}`);
  }

  /** The value and the reason why it is refused; undefined if it is allowed. */
  #refusal(value: T): string | undefined {
    const { choices, limits, units, dtype } = this.#options;
    if (choices && !choices.includes(value as T & string)) return `${value}: use ${choices.join(", ")}`;
    const advice = this.#isTyped ? typeAdvice(this.#reading.value, value, dtype === "integer") : undefined;
    if (advice !== undefined) return `${refusedText(value)}: ${advice}`;
    if (limits && typeof value === "number" && !(value >= limits[0] && value <= limits[1])) {
      const unit = units ? ` ${units}` : "";
      return `${value}${unit}: the limits are ${limits[0]}${unit} to ${limits[1]}${unit}`;
    }
    return undefined;
  }
}

/** Options without choices, so that the compiler does not take a value beside the choices for any string. */
type WithoutChoices<O> = O & { readonly choices?: undefined };

/**
 * A signal in memory that can be read and set: `softSignalRw(0)`,
 * `softSignalRw<"Open" | "Closed">("Closed")`. With `choices`, its type is the union of the choices, and
 * other words are also refused when the program runs:
 * `softSignalRw("Closed", { choices: ["Open", "Closed"] })`.
 */
export function softSignalRw<const C extends string>(
  initial: NotInferred<C>,
  options: SoftSignalOptions<C> & { readonly choices: readonly C[] },
): SignalRW<C>;
export function softSignalRw<T>(initial: T, options?: WithoutChoices<SoftSignalOptions<NotInferred<T>>>): SignalRW<T>;
export function softSignalRw<T>(initial: T, options: SoftSignalOptions<T> = {}): SignalRW<T> {
  return new SignalRW(new SoftSignalBackend(initial, options), options.name);
}

type ReadOnlyOptions<T> = Omit<SoftSignalOptions<T>, "setter">;

/**
 * A signal in memory that can only be read, and the function with which its owner sets it. With `choices`,
 * its type is their union, and that function throws a UsageError for another word.
 */
export function softSignalRAndSetter<const C extends string>(
  initial: NotInferred<C>,
  options: ReadOnlyOptions<C> & { readonly choices: readonly C[] },
): readonly [signal: SignalR<C>, set: (value: C) => void];
export function softSignalRAndSetter<T>(
  initial: T,
  options?: WithoutChoices<ReadOnlyOptions<NotInferred<T>>>,
): readonly [signal: SignalR<T>, set: (value: T) => void];
export function softSignalRAndSetter<T>(
  initial: T,
  options: ReadOnlyOptions<T> = {},
): readonly [signal: SignalR<T>, set: (value: T) => void] {
  const backend = new SoftSignalBackend<T>(initial, options);
  const signal = new SignalR(backend, options.name);
  return [signal, (value) => backend.postByOwner(value, signal.name)];
}

/** Signals whose value is computed from other signals. */

import { timeNow } from "../../clock";
import { errorText, UsageError } from "../../errors";
import { dataKeyOf } from "../protocols/dataKeyOf";
import { type LostConnection, lostConnectionOf, type MayLoseConnection } from "../protocols/lostConnection";
import { isLocatable, isStatus, type Reading, type SetOptions } from "../protocols/protocols";
import { abortion } from "../status/deadline";
import { Status } from "../status/status";
import { followMember, type RawMembers, readAll, setpointsOf, type ValuesOf } from "./rawMember";
import { SignalR, SignalRW } from "./signal";
import type { DataKeyBody, PutOptions, ReadOptions, SignalBackend } from "./signalBackend";

/** Name, units and digits of a derived signal. Default: no name until a device gives one, no units. */
export interface DerivedOptions {
  readonly name?: string;
  readonly units?: string;
  /** Digits after the decimal point. */
  readonly precision?: number;
  /** The names among which the value is one; a `set` to another one is refused. */
  readonly choices?: readonly string[];
}

/** How a derived value is set, and what was demanded of it last. */
export interface DerivedSetpoint<T> {
  /** Returns the status or promise of setting the raw members. */
  set(value: T, options: SetOptions, name: string): unknown;
  /** Default: computed from the setpoints of the raw members. */
  get?(): Promise<T>;
}

/**
 * A value computed from other signals, or from the positions of devices. Its timestamp is the newest of
 * theirs, its alarm the worst of theirs.
 */
export function derivedSignalR<const R extends RawMembers, T>(
  raw: R,
  derive: (values: ValuesOf<R>) => T,
  options: DerivedOptions = {},
): SignalR<T> {
  return new SignalR(new DerivedBackend(raw, derive, null, options), options.name);
}

/**
 * A computed value that can also be set: `set` sets the raw signals and returns the status or promise of
 * doing so. It gets the options of the `set`.
 */
export function derivedSignalRw<const R extends RawMembers, T>(
  raw: R,
  derive: (values: ValuesOf<R>) => T,
  set: (value: T, options: SetOptions) => unknown,
  options: DerivedOptions = {},
): SignalRW<T> {
  return new SignalRW(new DerivedBackend(raw, derive, { set }, options), options.name);
}

/** The backend of derived signals. */
export class DerivedBackend<R extends RawMembers, T> implements SignalBackend<T> {
  readonly #raw: R;
  readonly #derive: (values: ValuesOf<R>) => T;
  readonly #setpoint: DerivedSetpoint<T> | null;
  readonly #options: DerivedOptions;
  #unsubscribe: (() => void) | null = null;

  constructor(
    raw: R,
    derive: (values: ValuesOf<R>) => T,
    setpoint: DerivedSetpoint<T> | null,
    options: DerivedOptions,
  ) {
    const members = Object.entries(raw);
    if (members.length === 0) throw new UsageError("a derived signal is computed from a signal or motor at least");
    for (const [key, member] of members) {
      if (member instanceof SignalR || isLocatable(member)) continue;
      throw new UsageError(`a derived signal is computed from signals and motors, but ${key} is ${errorText(member)}`);
    }
    this.#raw = raw;
    this.#derive = derive;
    this.#setpoint = setpoint;
    this.#options = options;
  }

  source(): string {
    return `derived://${Object.values(this.#raw)
      .map((member) => member.name || (member instanceof SignalR ? member.source : ""))
      .join(",")}`;
  }

  connect(): void {}

  get units(): string {
    return this.#options.units ?? "";
  }

  get precision(): number | undefined {
    return this.#options.precision;
  }

  async getDataKey(): Promise<DataKeyBody> {
    const { units, precision, choices } = this.#options;
    const { value } = await this.getReading({ cached: true });
    return {
      ...dataKeyOf(value),
      ...(units === undefined ? {} : { units }),
      ...(precision === undefined ? {} : { precision }),
      ...(choices === undefined ? {} : { choices }),
    };
  }

  async getReading(options?: ReadOptions): Promise<Reading<T>> {
    return this.#combine(await readAll(this.#raw, options));
  }

  async getSetpoint(): Promise<T> {
    if (this.#setpoint?.get) return await this.#setpoint.get();
    if (!Object.values(this.#raw).every(isLocatable)) return (await this.getReading({ cached: true })).value;
    return this.#derive(await setpointsOf(this.#raw));
  }

  put(value: T, options: PutOptions = {}, name = ""): Status {
    if (options.signal?.aborted) return Status.failed(abortion(name || "a derived value", options.signal), name);
    const { choices } = this.#options;
    if (choices && !choices.includes(value as string)) {
      const refusal = `${name || "a derived signal"} cannot be ${String(value)}: use ${choices.join(", ")}`;
      return Status.failed(new UsageError(refusal), name);
    }
    try {
      const work = this.#setpoint?.set(value, options, name);
      const status = isStatus(work) ? Status.all([work], name) : Status.from<void>(async () => void (await work), name);
      return status.within(options);
    } catch (error) {
      return Status.failed(error);
    }
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    if (!fn) return;
    const latest = new Map<string, Reading>();
    const members = Object.entries(this.#raw);
    const ends: (() => void)[] = [];
    this.#unsubscribe = () => {
      for (const end of ends) end();
    };
    for (const [key, member] of members) {
      const listen = (reading: Reading) => {
        latest.set(key, reading);
        if (latest.size === members.length) fn(this.#known(latest));
      };
      ends.push(followMember(member, listen));
    }
  }

  lostConnection(): LostConnection | undefined {
    for (const member of Object.values(this.#raw)) {
      const lost = lostConnectionOf(member);
      if (lost) return lost;
    }
    return undefined;
  }

  async pingConnection(): Promise<unknown> {
    const members = Object.values(this.#raw) as readonly object[];
    return await Promise.all(members.map((member) => (member as Partial<MayLoseConnection>).pingConnection?.()));
  }

  /** The backend itself: the raw signals are mocked, and the value follows from them. */
  mock(): SignalBackend<T> {
    return this;
  }

  /** The reading for a subscriber. If the value cannot be computed it is a reading with the reason. */
  #known(readings: ReadonlyMap<string, Reading>): Reading<T> {
    try {
      return this.#combine(readings);
    } catch (error) {
      return { value: null as T, timestamp: timeNow(), alarm_severity: -1, message: errorText(error) };
    }
  }

  #combine(readings: ReadonlyMap<string, Reading>): Reading<T> {
    const all = [...readings.values()];
    const worst = all.reduce((a, b) => (badness(b) > badness(a) ? b : a));
    const value: unknown = this.#derive(values(this.#raw, readings));
    if (value instanceof Promise) {
      value.catch(() => {});
      throw new UsageError("the function of a derived signal returns a promise: it must compute the value at once");
    }
    if (value === undefined)
      throw new UsageError("the function of a derived signal returns nothing: it must return the value");
    return {
      value: value as T,
      timestamp: Math.max(...all.map((r) => r.timestamp)),
      ...(worst.alarm_severity ? { alarm_severity: worst.alarm_severity } : {}),
      ...(worst.alarm_severity && worst.message !== undefined ? { message: worst.message } : {}),
    };
  }
}

/** An unknown value (-1) is worse than any alarm. */
const badness = ({ alarm_severity = 0 }: Reading): number =>
  alarm_severity < 0 ? Number.POSITIVE_INFINITY : alarm_severity;

function values<R extends RawMembers>(raw: R, readings: ReadonlyMap<string, Reading>): ValuesOf<R> {
  return Object.fromEntries(Object.keys(raw).map((key) => [key, readings.get(key)?.value])) as ValuesOf<R>;
}

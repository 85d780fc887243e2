/** Signals whose value is computed from other signals. */

import { errorText } from "../../errors";
import { isStatus, type Reading, type Readings } from "../protocols/protocols";
import { Status } from "../status/status";
import { dataKeyOf } from "./dataKeyOf";
import type { SignalValue } from "./observe";
import { SignalR, SignalRW } from "./signal";
import type { DataKeyBody, ReadOptions, SignalBackend } from "./signalBackend";

type RawSignals = Readonly<Record<string, SignalR>>;
/** The values of a set of signals, by the same keys. */
export type ValuesOf<R extends RawSignals> = { readonly [K in keyof R]: SignalValue<R[K]> };

export interface DerivedOptions {
  readonly name?: string;
  readonly units?: string;
  /** Digits after the decimal point. */
  readonly precision?: number;
}

/**
 * A value computed from other signals. Its timestamp is the newest of theirs, its alarm the worst of theirs.
 */
export function derivedSignalR<const R extends RawSignals, T>(
  raw: R,
  derive: (values: ValuesOf<R>) => T,
  options: DerivedOptions = {},
): SignalR<T> {
  return new SignalR(new DerivedBackend(raw, derive, null, options), options.name);
}

/**
 * A computed value that can also be set: `set` sets the raw signals and returns the status or promise of
 * doing so.
 */
export function derivedSignalRw<const R extends RawSignals, T>(
  raw: R,
  derive: (values: ValuesOf<R>) => T,
  set: (value: T) => unknown,
  options: DerivedOptions = {},
): SignalRW<T> {
  return new SignalRW(new DerivedBackend(raw, derive, set, options), options.name);
}

/** A transformation between raw values that can be set and derived values, as many as needed. */
export interface Transform<R, D> {
  toDerived(raw: R): D;
  toRaw(derived: D): Partial<R>;
}

/**
 * Several values derived from the same raw signals. Setting one keeps the others: height and tilt of a mirror
 * on jacks, energy and width of a beam behind a monochromator.
 *
 * @param derived one entry for each derived value, with the keys of the derived side of the transformation.
 */
export function derivedSignals<const R extends Readonly<Record<string, SignalRW>>, D extends Record<string, unknown>>(
  raw: R,
  transform: Transform<ValuesOf<R>, D>,
  derived: { readonly [K in keyof D]: DerivedOptions },
): { readonly [K in keyof D]: SignalRW<D[K]> } {
  const signals: Partial<{ [K in keyof D]: SignalRW<D[K]> }> = {};
  for (const key of Object.keys(derived) as (keyof D & string)[]) {
    const set = async (value: D[typeof key]) => {
      const present = transform.toDerived(values(raw, await readAll(raw, undefined)));
      const wanted = transform.toRaw({ ...present, [key]: value });
      await Promise.all(Object.entries(wanted).map(([name, v]) => raw[name]?.set(v)));
    };
    signals[key] = derivedSignalRw(raw, (v) => transform.toDerived(v)[key], set, derived[key]);
  }
  return signals as { [K in keyof D]: SignalRW<D[K]> };
}

class DerivedBackend<R extends RawSignals, T> implements SignalBackend<T> {
  readonly #raw: R;
  readonly #derive: (values: ValuesOf<R>) => T;
  readonly #set: ((value: T) => unknown) | null;
  readonly #options: DerivedOptions;
  #unsubscribe: (() => void) | null = null;

  constructor(
    raw: R,
    derive: (values: ValuesOf<R>) => T,
    set: ((value: T) => unknown) | null,
    options: DerivedOptions,
  ) {
    this.#raw = raw;
    this.#derive = derive;
    this.#set = set;
    this.#options = options;
  }

  source(): string {
    return `derived://${Object.values(this.#raw)
      .map((signal) => signal.name || signal.source)
      .join(",")}`;
  }

  connect(): void {}

  get units(): string {
    return this.#options.units ?? "";
  }

  async getDataKey(): Promise<DataKeyBody> {
    const { units, precision } = this.#options;
    const { value } = await this.getReading({ cached: true });
    return {
      ...dataKeyOf(value),
      ...(units === undefined ? {} : { units }),
      ...(precision === undefined ? {} : { precision }),
    };
  }

  async getReading(options?: ReadOptions): Promise<Reading<T>> {
    return this.#combine(await readAll(this.#raw, options));
  }

  async getSetpoint(): Promise<T> {
    return (await this.getReading({ cached: true })).value;
  }

  put(value: T): Status {
    try {
      const work = this.#set?.(value);
      return isStatus(work) ? Status.all([work]) : Status.from<void>(async () => void (await work));
    } catch (error) {
      return Status.failed(error);
    }
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    if (!fn) return;
    const latest = new Map<string, Reading>();
    const keys = Object.keys(this.#raw);
    const subscriptions = Object.entries(this.#raw).map(([key, signal]) => {
      const listen = (readings: Readings) => {
        latest.set(key, Object.values(readings)[0] as Reading);
        if (latest.size === keys.length) fn(this.#known(latest));
      };
      return [signal, listen] as const;
    });
    this.#unsubscribe = () => {
      for (const [signal, listen] of subscriptions) signal.clearSub(listen);
    };
    for (const [signal, listen] of subscriptions) signal.subscribe(listen);
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
      return { value: null as T, timestamp: Date.now() / 1000, alarm_severity: -1, message: errorText(error) };
    }
  }

  #combine(readings: ReadonlyMap<string, Reading>): Reading<T> {
    const all = [...readings.values()];
    const worst = all.reduce((a, b) => (badness(b) > badness(a) ? b : a));
    return {
      value: this.#derive(values(this.#raw, readings)),
      timestamp: Math.max(...all.map((r) => r.timestamp)),
      ...(worst.alarm_severity ? { alarm_severity: worst.alarm_severity } : {}),
      ...(worst.alarm_severity && worst.message !== undefined ? { message: worst.message } : {}),
    };
  }
}

/** An unknown value (-1) is worse than any alarm. */
const badness = ({ alarm_severity = 0 }: Reading): number =>
  alarm_severity < 0 ? Number.POSITIVE_INFINITY : alarm_severity;

async function readAll(raw: RawSignals, options: ReadOptions | undefined): Promise<ReadonlyMap<string, Reading>> {
  const entries = Object.entries(raw).map(async ([key, signal]): Promise<[string, Reading]> => {
    const readings = await signal.read(options);
    return [key, Object.values(readings)[0] as Reading];
  });
  return new Map(await Promise.all(entries));
}

function values<R extends RawSignals>(raw: R, readings: ReadonlyMap<string, Reading>): ValuesOf<R> {
  return Object.fromEntries(Object.keys(raw).map((key) => [key, readings.get(key)?.value])) as ValuesOf<R>;
}

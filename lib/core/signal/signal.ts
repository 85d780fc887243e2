/** Signals: single values of devices that can be read (R), set (W), both (RW) or triggered (X). */

import { Observable } from "rxjs";
import { $display, type MimeBundle } from "../../display/mimeBundle";
import { IsolatedObservable } from "../../isolatedObservable";
import { reportError } from "../../log";
import { type ConnectOptions, Device } from "../device/device";
import { displaySignal } from "../device/deviceDisplay";
import type { LostConnection } from "../protocols/lostConnection";
import type { DataKey, DataKeys, Location, Reading, Readings, SetOptions, SyncOrAsync } from "../protocols/protocols";
import { checkSetOptions } from "../status/setOptions";
import type { Status } from "../status/status";
import { MockSignalBackend } from "./mockSignalBackend";
import type { ReadOptions, SignalBackend } from "./signalBackend";

/**
 * Calls `fn` with the value: at once if it is not a promise, so that values in memory cost no turn of the
 * event loop.
 */
export function thenSync<A, B>(value: SyncOrAsync<A>, fn: (value: A) => B): SyncOrAsync<B> {
  return value instanceof Promise ? value.then(fn) : fn(value);
}

/** The backend of a signal, for code of this chapter. Devices use the signal itself. */
export let backendOf: <T>(signal: Signal<T>) => SignalBackend<T>;

/** Gives a signal another backend, for code of this chapter. Its subscriptions go on. */
export let exchangeBackend: <T>(signal: Signal<T>, backend: SignalBackend<T>) => void;

/**
 * One value of a device, whatever its control system. Use one of `SignalR`, `SignalW`, `SignalRW` and
 * `SignalX`.
 */
export class Signal<T = unknown> extends Device {
  static {
    backendOf = (signal) => signal.#backend;
    exchangeBackend = (signal, backend) => signal.replaceBackend(backend);
  }

  #backend: SignalBackend<T>;
  #mocked = false;

  constructor(backend: SignalBackend<T>, name = "") {
    super(name);
    this.#backend = backend;
  }

  /** Where the value comes from, for example `localhost:10767:cryo:value`. */
  get source(): string {
    return this.#backend.source(this.name);
  }

  /** The unit of the value, for example `K`; empty if it has none. Known once the signal is connected. */
  get units(): string {
    return this.#backend.units;
  }

  /** Digits after the decimal point; undefined if that is not known. Known once the signal is connected. */
  get precision(): number | undefined {
    return this.#backend.precision;
  }

  override children(): Iterable<readonly [string, Device]> {
    return [];
  }

  override async connect(options: ConnectOptions = {}): Promise<void> {
    if (options.mock && !this.#mocked) {
      this.#mocked = true;
      this.replaceBackend(new MockSignalBackend(this.#backend.mock(), this.#backend));
    }
    await this.#backend.connect(options.timeout);
  }

  override lostConnection(): LostConnection | undefined {
    return this.#backend.lostConnection?.();
  }

  override async pingConnection(): Promise<unknown> {
    return await this.#backend.pingConnection?.();
  }

  override async dispose(): Promise<void> {
    this.#backend.dispose?.();
  }

  /** Returns at once if the value is known: pushed before, or in memory. */
  override [$display](): MimeBundle | Promise<MimeBundle> {
    return displaySignal(this);
  }

  /** @internal Subscriptions continue with the new backend. */
  protected replaceBackend(backend: SignalBackend<T>): void {
    this.#backend = backend;
  }
}

/** The value has no type here, so that a `SignalR<number>` can be used as a `SignalR<unknown>`. */
type Listener = (readings: Readings) => void;

/** A value that can be read. */
export class SignalR<T = unknown> extends Signal<T> {
  #subscribers: Set<Listener> | undefined;
  #staged = false;
  #last: Reading<T> | undefined;

  /**
   * The reading, under the name of the signal. It is the last pushed one if `cached` is true, else the
   * hardware is asked. Default of `cached`: true while the signal is staged or subscribed.
   *
   * Rejects if there is no valid value, with the reason that the node gave.
   */
  read(options?: ReadOptions): SyncOrAsync<Readings<T>> {
    const reading = this.#reading(options);
    return reading instanceof Promise ? reading.then((r) => ({ [this.name]: r })) : { [this.name]: reading };
  }

  describe(): SyncOrAsync<DataKeys> {
    return thenSync(backendOf<T>(this).getDataKey(), (body) => {
      const key: DataKey = { source: this.source, ...body };
      return { [this.name]: key };
    });
  }

  /** The value alone, with the options of `read`. */
  getValue(options?: ReadOptions): SyncOrAsync<T> {
    return thenSync(this.#reading(options), (r) => r.value);
  }

  /**
   * Calls `fn` with `{[name]: reading}` at every update, also when the value stays the same, and now if a
   * value is known.
   *
   * @throws if the signal needs a connection and has none.
   */
  subscribe(fn: (readings: Readings<T>) => void): void {
    if (this.#subscribers) {
      this.#subscribers.add(fn as Listener);
      if (this.#last) call(fn as Listener, { [this.name]: this.#last });
      return;
    }
    this.#subscribers = new Set([fn as Listener]);
    try {
      this.#watch();
    } catch (error) {
      this.#subscribers = undefined;
      throw error;
    }
  }

  /** Ends a subscription. An unknown `fn` is ignored. */
  clearSub(fn: (readings: Readings<T>) => void): void {
    if (!this.#subscribers?.delete(fn as Listener) || this.#subscribers.size > 0) return;
    this.#subscribers = undefined;
    this.#unwatch();
  }

  /**
   * The readings as they come, beginning with the present one. An error of the node is a reading with
   * `alarm_severity` -1 and does not end the observable.
   */
  get value$(): Observable<Reading<T>> {
    const readings$ = new Observable<Reading<T>>((subscriber) => {
      const fn = (readings: Readings<T>) => {
        const reading = readings[this.name];
        if (reading) subscriber.next(reading);
      };
      this.subscribe(fn);
      return () => this.clearSub(fn);
    });
    return new IsolatedObservable(readings$, (text) => reportError(this.name, text));
  }

  /** From now on `read()` returns pushed values. */
  stage(): readonly Device[] {
    this.#staged = true;
    return [this];
  }

  unstage(): readonly Device[] {
    this.#staged = false;
    return [this];
  }

  protected override replaceBackend(backend: SignalBackend<T>): void {
    if (this.#subscribers) backendOf<T>(this).setCallback(null);
    super.replaceBackend(backend);
    if (this.#subscribers) this.#watch();
  }

  #reading(options: ReadOptions | undefined): SyncOrAsync<Reading<T>> {
    const cached = options?.cached ?? (this.#staged || this.#subscribers !== undefined);
    return backendOf<T>(this).getReading(cached ? { ...options, cached } : options);
  }

  #watch(): void {
    backendOf<T>(this).setCallback((reading) => {
      this.#last = reading;
      if (!this.#subscribers) return;
      const readings = { [this.name]: reading };
      for (const fn of this.#subscribers) call(fn, readings);
    });
  }

  #unwatch(): void {
    backendOf<T>(this).setCallback(null);
    this.#last = undefined;
  }
}

/** The lists that stand for typed arrays in `set`: `[1, 2, 3]` for a Float64Array. */
export type NumberList<T> = T extends Float64Array | Int32Array ? readonly number[] : never;

/** A value that can be read and set. */
export class SignalRW<T = unknown> extends SignalR<T> {
  /** Done when the other side has accepted the value. A movement that begins may take longer. */
  set(value: T | NumberList<T>, options?: SetOptions): Status {
    checkSetOptions(this, options);
    return backendOf<T>(this).put(value as T, options, this.name);
  }

  /** The value that was set last, and the value that is read now. */
  locate(): SyncOrAsync<Location<T>> {
    const setpoint = backendOf<T>(this).getSetpoint();
    const readback = this.getValue({ cached: true });
    if (setpoint instanceof Promise || readback instanceof Promise) {
      return Promise.all([setpoint, readback]).then(([s, r]) => ({ setpoint: s, readback: r }));
    }
    return { setpoint, readback };
  }
}

/** A value that can be set but not read. */
export class SignalW<T = unknown> extends Signal<T> {
  /** Done when the other side has accepted the value. */
  set(value: T, options?: SetOptions): Status {
    checkSetOptions(this, options);
    return backendOf<T>(this).put(value, options, this.name);
  }
}

/** An action without a value: it can be triggered. */
export class SignalX extends Signal<void> {
  trigger(options?: SetOptions): Status {
    return backendOf<void>(this).put(undefined, options);
  }
}

/**
 * Calls one subscriber. Its exception is reported and reaches neither the backend nor the other subscribers.
 */
function call(fn: Listener, readings: Readings): void {
  try {
    fn(readings);
  } catch (error) {
    const names = Object.keys(readings).filter((name) => name !== "");
    reportError(`a subscriber of ${names.join() || "a signal without a name"} failed`, error);
  }
}

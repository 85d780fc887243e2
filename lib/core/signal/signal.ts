import { Observable } from "rxjs";
import { $display, type MimeBundle } from "../../display/bundle";
import { IsolatedObservable } from "../../isolatedObservable";
import { reportError } from "../../log";
import { type ConnectOptions, Device } from "../device/device";
import { displaySignal } from "../device/deviceDisplay";
import type { DataKey, DataKeys, Location, Reading, Readings, SetOptions, SyncOrAsync } from "../protocols/protocols";
import type { Status } from "../status/status";
import { MockSignalBackend } from "./mockSignalBackend";
import type { ReadOptions, SignalBackend } from "./signalBackend";

/** Calls `fn` with the result, at once where it is there at once: soft values cost no promise. */
export function thenSync<A, B>(value: SyncOrAsync<A>, fn: (value: A) => B): SyncOrAsync<B> {
  return value instanceof Promise ? value.then(fn) : fn(value);
}

/** The backend behind a signal, for code that builds on signals (mocks, displays); devices use the signal. */
export let backendOf: <T>(signal: Signal<T>) => SignalBackend<T>;

/** One value of a device, behind whatever control system. Use `SignalR`, `SignalW`, `SignalRW` or `SignalX`. */
export class Signal<T = unknown> extends Device {
  static {
    backendOf = (signal) => signal.#backend;
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

  /** The unit of the value, for example `K`; empty where there is none. Known once connected. */
  get units(): string {
    return this.#backend.units;
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

  override async dispose(): Promise<void> {
    this.#backend.dispose?.();
  }

  /** At once where the value is known: pushed, or in memory. */
  override [$display](): MimeBundle | Promise<MimeBundle> {
    return displaySignal(this);
  }

  /** @internal Subscriptions move over. */
  protected replaceBackend(backend: SignalBackend<T>): void {
    this.#backend = backend;
  }
}

/** Kept without its type, so that a `SignalR<number>` is a `SignalR<unknown>`. */
type Listener = (readings: Readings) => void;

/** A value that can be read. */
export class SignalR<T = unknown> extends Signal<T> {
  #subscribers: Set<Listener> | null = null;
  #staged = false;
  #last: Reading<T> | null = null;

  /**
   * The reading under the signal's name. Asks the hardware, unless `cached` or, by default, while the signal is staged or
   * subscribed.
   *
   * Rejects with the words of the node where there is no valid value.
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

  /** The value alone; rules as `read`. */
  getValue(options?: ReadOptions): SyncOrAsync<T> {
    return thenSync(this.#reading(options), (r) => r.value);
  }

  /** Calls `fn` with `{[name]: reading}` now, if a value is known, and at every update, equal ones as well. Throws where the signal must be connected first. */
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
      this.#subscribers = null;
      throw error;
    }
  }

  /** Ends a subscription; an unknown `fn` is ignored. */
  clearSub(fn: (readings: Readings<T>) => void): void {
    if (!this.#subscribers?.delete(fn as Listener) || this.#subscribers.size > 0) return;
    this.#subscribers = null;
    this.#unwatch();
  }

  /** The readings as they come, beginning with the present one. Errors of the node are readings with `alarm_severity` -1, not ends. */
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

  /** From now on pushed values serve `read()`. */
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
    const cached = options?.cached ?? (this.#staged || this.#subscribers !== null);
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
    this.#last = null;
  }
}

/** A list of numbers where the value is a typed array: `[1, 2, 3]`. */
export type NumberList<T> = T extends Float64Array | Int32Array ? readonly number[] : never;

/** A value that can be read and set. */
export class SignalRW<T = unknown> extends SignalR<T> {
  /** Done when the other side has taken the value, which is not when a movement has ended. */
  set(value: T | NumberList<T>, options?: SetOptions): Status {
    return backendOf<T>(this).put(value as T, options, this.name);
  }

  /** What was asked for and what is. */
  locate(): SyncOrAsync<Location<T>> {
    const setpoint = backendOf<T>(this).getSetpoint();
    const readback = this.getValue({ cached: true });
    if (setpoint instanceof Promise || readback instanceof Promise) {
      return Promise.all([setpoint, readback]).then(([s, r]) => ({ setpoint: s, readback: r }));
    }
    return { setpoint, readback };
  }
}

/** A value that can be set only. */
export class SignalW<T = unknown> extends Signal<T> {
  /** Done when the other side has taken the value. */
  set(value: T, options?: SetOptions): Status {
    return backendOf<T>(this).put(value, options, this.name);
  }
}

/** Something to set off: writing has an effect, the value has no meaning. */
export class SignalX extends Signal<void> {
  trigger(options?: SetOptions): Status {
    return backendOf<void>(this).put(undefined, options);
  }
}

/** A subscriber's exception is its own: it reaches neither the backend nor the other subscribers. */
function call(fn: Listener, readings: Readings): void {
  try {
    fn(readings);
  } catch (error) {
    reportError(`a subscriber of ${Object.keys(readings).join()} failed`, error);
  }
}

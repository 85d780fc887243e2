/** The backend of a mocked signal, whose first value is made by `mock()` of the backend that it replaces. */

import { UsageError } from "../../errors";
import type { Reading, SyncOrAsync } from "../protocols/protocols";
import { abortion } from "../status/deadline";
import { Status } from "../status/status";
import { OrderedCalls } from "./orderedCalls";
import type { DataKeyBody, Field, PutOptions, ReadOptions, Settle, SignalBackend } from "./signalBackend";

/** Holds puts back until it is released. */
interface Gate {
  readonly open: Promise<void>;
  readonly release: () => void;
}

/** A backend without hardware. It records all puts, and a test can play the hardware. */
export class MockSignalBackend<T> implements SignalBackend<T> {
  /** All values put so far, oldest first. */
  readonly calls = new OrderedCalls<T>();
  /** Plays the hardware: called at each put. If it returns a value, that becomes the value instead. */
  onPut: Settle<T> | null = null;
  /** Called at the beginning of each put. The function that it returns is called if the put succeeds. */
  onMove: (() => () => void) | undefined;
  readonly #soft: SignalBackend<T>;
  readonly #real: SignalBackend<T>;
  /** The unit and precision that a test gave the signal. */
  shown: Pick<DataKeyBody, "units" | "precision"> = {};
  /** The value that was put last, unless `post` has changed the value since. */
  #setpoint: { readonly value: T } | undefined;
  #gate: Gate | undefined;

  /** `soft` keeps the value. `real` is the backend that is replaced; it gives the source and the fields. */
  constructor(soft: SignalBackend<T>, real: SignalBackend<T>) {
    this.#soft = soft;
    this.#real = real;
  }

  source(name: string): string {
    return `mock+${this.#real.source(name)}`;
  }

  connect(): void {}

  get units(): string {
    return this.shown.units ?? this.#soft.units;
  }

  get precision(): number | undefined {
    return this.shown.precision ?? this.#soft.precision;
  }

  getDataKey(): SyncOrAsync<DataKeyBody> {
    const key = this.#soft.getDataKey();
    if (key instanceof Promise) return key.then((k) => ({ ...k, ...this.shown }));
    return Object.assign({}, key, this.shown);
  }

  getReading(options?: ReadOptions): SyncOrAsync<Reading<T>> {
    return this.#soft.getReading(options);
  }

  getSetpoint(): SyncOrAsync<T> {
    return this.#setpoint ? this.#setpoint.value : this.#soft.getSetpoint();
  }

  put(value: T, options: PutOptions = {}, name = ""): Status {
    const moved = this.onMove?.();
    const status = this.#put(value, options, name);
    if (moved) status.atEnd(({ success }) => success && moved());
    return status;
  }

  #put(value: T, options: PutOptions, name: string): Status {
    if (options.signal?.aborted)
      return Status.failed(abortion(`${name || "a mocked signal"} to be set`, options.signal));
    this.calls.add(value);
    const gate = this.#gate;
    const settle = (settled: T | undefined) => {
      const status = this.#soft.put(settled ?? value, options, name);
      status.addCallback(({ success }) => {
        if (success) this.#setpoint = { value };
      });
      return status;
    };
    try {
      const settled = this.onPut?.(value) as SyncOrAsync<T | undefined>;
      if (!gate && !(settled instanceof Promise)) return settle(settled);
      const work = async () => {
        await settle(await settled);
        await gate?.open;
      };
      return Status.from(work, name || "a mocked signal").within(options);
    } catch (error) {
      return Status.failed(error);
    }
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#soft.setCallback(fn);
  }

  getFields(): ReadonlyMap<string, Field<T>> | null {
    return this.#real.getFields?.() ?? null;
  }

  mock(): SignalBackend<T> {
    return this;
  }

  /**
   * Changes the value as hardware would. This is not recorded as a put. @throws UsageError for a value that
   * is computed from others
   */
  post(value: T): void {
    if (!this.#soft.post) {
      throw new UsageError(
        `${this.#real.source("")} is computed: set the mock values of the signals that it is made of`,
      );
    }
    this.#setpoint = undefined;
    this.#soft.post(value);
  }

  /** True (the default): puts are done at once. False: they wait until this is true again. */
  set proceeds(proceed: boolean) {
    if (proceed) {
      this.#gate?.release();
      this.#gate = undefined;
    } else if (!this.#gate) {
      let release = () => {};
      const open = new Promise<void>((resolve) => {
        release = resolve;
      });
      this.#gate = { open, release };
    }
  }
}

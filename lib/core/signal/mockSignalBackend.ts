/** The backend of a mocked signal, whose first value is made by `mock()` of the backend that it replaces. */

import type { Reading, SyncOrAsync } from "../protocols/protocols";
import { Status } from "../status/status";
import type { DataKeyBody, Field, PutOptions, ReadOptions, Settle, SignalBackend } from "./signalBackend";

/** Holds puts back until it is released. */
interface Gate {
  readonly open: Promise<void>;
  readonly release: () => void;
}

/** A backend without hardware. It records what was put, and a test can play the hardware. */
export class MockSignalBackend<T> implements SignalBackend<T> {
  /** All values put so far, oldest first. */
  readonly puts: T[] = [];
  /** Plays the hardware: called at each put. If it returns a value, that becomes the value instead. */
  onPut: Settle<T> | null = null;
  readonly #soft: SignalBackend<T>;
  readonly #real: SignalBackend<T>;
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
    return this.#soft.units;
  }

  getDataKey(): SyncOrAsync<DataKeyBody> {
    return this.#soft.getDataKey();
  }

  getReading(options?: ReadOptions): SyncOrAsync<Reading<T>> {
    return this.#soft.getReading(options);
  }

  getSetpoint(): SyncOrAsync<T> {
    return this.#soft.getSetpoint();
  }

  put(value: T, options?: PutOptions, name?: string): Status {
    this.puts.push(value);
    const gate = this.#gate;
    const settled = this.onPut?.(value) as SyncOrAsync<T | undefined>;
    if (!gate && !(settled instanceof Promise)) return this.#soft.put(settled ?? value, options, name);
    return Status.from(async () => {
      await this.#soft.put((await settled) ?? value, options, name);
      await gate?.open;
    });
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

  /** Changes the value as hardware would. This is not recorded as a put. */
  post(value: T): void {
    this.#soft.post?.(value);
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

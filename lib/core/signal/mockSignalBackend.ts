import type { Reading, SyncOrAsync } from "../protocols/protocols";
import { Status } from "../status/status";
import type { DataKeyBody, Field, PutOptions, ReadOptions, Settle, SignalBackend } from "./signalBackend";

/** Holds puts back until somebody lets them proceed. */
interface Gate {
  readonly open: Promise<void>;
  readonly release: () => void;
}

/** A backend without hardware behind it, which remembers what was put and lets a test play the hardware. */
export class MockSignalBackend<T> implements SignalBackend<T> {
  /** All values put so far, oldest first. */
  readonly puts: T[] = [];
  /** Plays the hardware: what it returns, if anything, becomes the value instead of what was put. */
  onPut: Settle<T> | null = null;
  readonly #soft: SignalBackend<T>;
  readonly #real: SignalBackend<T>;
  #gate: Gate | null = null;

  /** `soft` keeps the value, `real` is what is being stood in for. */
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

  /** The value as the hardware would push it; not a put. */
  post(value: T): void {
    this.#soft.post?.(value);
  }

  /** Whether puts are done at once (the default) or wait until this is true again. */
  set proceeds(proceed: boolean) {
    if (proceed) {
      this.#gate?.release();
      this.#gate = null;
    } else if (!this.#gate) {
      let release = () => {};
      const open = new Promise<void>((resolve) => {
        release = resolve;
      });
      this.#gate = { open, release };
    }
  }
}

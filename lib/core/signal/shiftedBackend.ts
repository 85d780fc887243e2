/** Signals whose positions differ from those of the hardware by an offset of this session. */

import { UsageError } from "../../errors";
import type { LostConnection } from "../protocols/lostConnection";
import type { LimitRange, Reading, SyncOrAsync } from "../protocols/protocols";
import { Status } from "../status/status";
import { backendOf, exchangeBackend, type SignalR, thenSync } from "./signal";
import type { DataKeyBody, PutOptions, ReadOptions, SignalBackend } from "./signalBackend";

/**
 * A backend that adds a number to what is read, and subtracts it from what is put. Values that are not
 * numbers pass unchanged.
 */
class ShiftedBackend<T> implements SignalBackend<T> {
  readonly #real: SignalBackend<T>;
  readonly #offset: number;

  constructor(real: SignalBackend<T>, offset: number) {
    this.#real = real;
    this.#offset = offset;
  }

  /** The same backend with another number added to the offset. */
  shifted(by: number): SignalBackend<T> {
    return new ShiftedBackend(this.#real, exact(this.#offset + by));
  }

  source(name: string): string {
    return this.#real.source(name);
  }

  get units(): string {
    return this.#real.units;
  }

  get precision(): number | undefined {
    return this.#real.precision;
  }

  connect(timeout: number | undefined): SyncOrAsync<void> {
    return this.#real.connect(timeout);
  }

  getDataKey(): SyncOrAsync<DataKeyBody> {
    return thenSync(this.#real.getDataKey(), ({ limits, ...key }) => {
      if (!limits) return key;
      const shifted = Object.entries(limits).map(([kind, range]) => [kind, range && this.#range(range)]);
      return { ...key, limits: Object.fromEntries(shifted) as typeof limits };
    });
  }

  getReading(options?: ReadOptions): SyncOrAsync<Reading<T>> {
    return thenSync(this.#real.getReading(options), (reading) => this.#reading(reading));
  }

  getSetpoint(): SyncOrAsync<T> {
    return thenSync(this.#real.getSetpoint(), (value) => this.#plus(value, this.#offset));
  }

  put(value: T, options?: PutOptions, name?: string): Status {
    const real = this.#plus(value, -this.#offset);
    const status = this.#real.put(real, options, name);
    const refusal = status.done && !status.success ? status.exception() : undefined;
    if (!(refusal instanceof UsageError)) return status;
    // The refusal and its limits are in the numbers of the hardware.
    const shift = `${value} is ${real} without the ${this.#offset} that setCurrentPosition added`;
    return Status.failed(new UsageError(`${refusal.message} (${shift})`, { cause: refusal }));
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#real.setCallback(fn && ((reading) => fn(this.#reading(reading))));
  }

  mock(): SignalBackend<T> {
    return this.#real.mock();
  }

  lostConnection(): LostConnection | undefined {
    return this.#real.lostConnection?.();
  }

  async pingConnection(): Promise<unknown> {
    return await this.#real.pingConnection?.();
  }

  dispose(): void {
    this.#real.dispose?.();
  }

  post(value: T): void {
    this.#real.post?.(this.#plus(value, -this.#offset));
  }

  #reading(reading: Reading<T>): Reading<T> {
    return { ...reading, value: this.#plus(reading.value, this.#offset) };
  }

  #range({ low, high }: LimitRange): LimitRange {
    const shift = (limit: number | null) => (limit === null ? null : exact(limit + this.#offset));
    return { low: shift(low), high: shift(high) };
  }

  #plus(value: T, by: number): T {
    return typeof value === "number" ? (exact(value + by) as T) : value;
  }
}

/** A number rounded to 15 digits, so that 0.1 + 0.2 is 0.3. */
const exact = (value: number): number => Number(value.toPrecision(15));

/**
 * From now on the present value of the first signal is `value`, and the values of the others differ from it
 * by as much as before. Nothing moves. Limits move with the values.
 *
 * @throws UsageError if the present value is not a finite number.
 */
export async function callPosition(value: number, readback: SignalR, ...others: readonly SignalR[]): Promise<void> {
  const present = await readback.getValue({ cached: false });
  if (typeof present !== "number" || !Number.isFinite(present)) {
    throw new UsageError(
      `${readback.name || "a signal"} is ${String(present)}: only a finite number can be replaced by another`,
    );
  }
  for (const signal of new Set([readback, ...others])) {
    const backend = backendOf(signal);
    const by = value - present;
    exchangeBackend(signal, backend instanceof ShiftedBackend ? backend.shifted(by) : new ShiftedBackend(backend, by));
  }
}

/** A parameter of a module as the backend of a signal. */

import { timeNow } from "../../clock";
import type { LostConnection } from "../../core/protocols/lostConnection";
import type { Reading, SyncOrAsync } from "../../core/protocols/protocols";
import type { DataKeyBody, Field, PutOptions, ReadOptions, SignalBackend } from "../../core/signal/signalBackend";
import { SoftSignalBackend } from "../../core/signal/softSignal";
import { Status } from "../../core/status/status";
import { errorText } from "../../errors";
import type { CacheItem } from "../../secop/cache/cacheItem";
import type { ParameterDescription } from "../../secop/description/description";
import { plainestValue } from "../../secop/values/plainestValue";
import { checkChange } from "./checkChange";
import { dataKeyFor, fieldsFor, limitsOf } from "./dataKey";
import { presentInfo } from "./dynamicLimits";
import type { ModuleHandle } from "./moduleHandle";

/**
 * Reads, sets and follows a parameter of a module.
 *
 * T is the type of the values by the datainfo. Client and cache do not know this type, so values are cast.
 */
export class ParameterBackend<T> implements SignalBackend<T> {
  readonly #handle: ModuleHandle;
  readonly #name: string;
  #unsubscribe: (() => void) | undefined;

  constructor(handle: ModuleHandle, name: string) {
    this.#handle = handle;
    this.#name = name;
  }

  source(): string {
    return `${this.#handle.link.address}:${this.#handle.name}:${this.#name}`;
  }

  connect(): void {}

  get units(): string {
    return this.getDataKey().units ?? "";
  }

  get precision(): number | undefined {
    return this.getDataKey().precision ?? undefined;
  }

  getDataKey(): DataKeyBody {
    const { datainfo } = this.#description;
    const key = dataKeyFor(datainfo, this.#handle.mainUnit());
    const present = presentInfo(this.#handle, this.#name);
    const control = present === datainfo ? undefined : limitsOf(present);
    return control ? { ...key, limits: { control } } : key;
  }

  getFields(): ReadonlyMap<string, Field<T>> | null {
    return fieldsFor(this.#name, this.#description.datainfo, this.#handle.mainUnit());
  }

  getReading({ cached = false, signal, timeout }: ReadOptions = {}): SyncOrAsync<Reading<T>> {
    try {
      const { constant } = this.#description;
      const known = this.#handle.known(this.#name) as CacheItem<T> | undefined;
      if (known && (constant !== undefined || (cached && known.stale === false))) return this.#valid(known);
      const { client, name } = this.#handle;
      return client.read(name, this.#name, { signal, timeout }).then((item) => this.#valid(item as CacheItem<T>));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  getSetpoint(): SyncOrAsync<T> {
    const reading = this.getReading({ cached: true });
    return reading instanceof Promise ? reading.then((r) => r.value) : reading.value;
  }

  put(value: T, { timeout, signal }: PutOptions = {}): Status {
    const { name } = this.#handle;
    return Status.from<void>(async () => {
      const { datainfo } = this.#handle.require(this.#name);
      // The client checks the limits of the description.
      if (presentInfo(this.#handle, this.#name) !== datainfo) checkChange(this.#handle, this.#name, value);
      await this.#handle.client.change(name, this.#name, value, {
        signal,
        timeout: timeout === null ? Number.POSITIVE_INFINITY : timeout,
      });
    }, `${name}:${this.#name}`);
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    if (!fn) return;
    const { link, name } = this.#handle;
    let offUpdates = () => {};
    const offClient = link.onClient((client) => {
      offUpdates();
      try {
        offUpdates = client.onUpdate<T>(name, this.#name, (item) => fn(this.#reading(item)));
        const known = client.cache.get(name, this.#name) as CacheItem<T> | undefined;
        if (known) fn(this.#reading(known));
      } catch (error) {
        fn(this.#invalid(errorText(error), timeNow()));
      }
    });
    const offLost = link.onLost((reason) => {
      // A constant keeps its value, and the node would send no update that corrects this reading.
      const isConstant = this.#handle.parameter(this.#name)?.constant !== undefined;
      if (!isConstant) fn(this.#invalid(reason, timeNow()));
    });
    this.#unsubscribe = () => {
      offClient();
      offUpdates();
      offLost();
    };
  }

  lostConnection(): LostConnection | undefined {
    return this.#handle.link.lost;
  }

  pingConnection(): Promise<unknown> {
    return this.#handle.link.ping();
  }

  mock(): SignalBackend<T> {
    const description = this.#description;
    const setter = (value: T) => checkChange(this.#handle, this.#name, value) as T;
    const initial = (description.constant ?? plainestValue(description.datainfo)) as T;
    const soft = new SoftSignalBackend(initial, { setter }, this.getDataKey());
    this.#handle.mocks.set(this.#name, soft as SoftSignalBackend<unknown>);
    return soft;
  }

  get #description(): ParameterDescription {
    return this.#handle.require(this.#name);
  }

  /** @throws SecopError if the node reported an error instead of a value. */
  #valid(item: CacheItem<T>): Reading<T> {
    if (item.error) throw item.error;
    return this.#withAlarm(item);
  }

  /** The reading for subscribers, who also get a reading when there is no valid value. */
  #reading(item: CacheItem<T>): Reading<T> {
    if (item.error) return this.#invalid(item.error.message, item.timestamp);
    if (item.stale !== false) return this.#invalid(item.stale, item.timestamp);
    return this.#withAlarm(item);
  }

  #withAlarm({ value, timestamp }: CacheItem<T>): Reading<T> {
    // A status in error is no better than the value beside it.
    const alarm = this.#name === "value" || this.#name === "status" ? this.#handle.alarm() : undefined;
    return alarm ? { value, timestamp, ...alarm } : { value, timestamp };
  }

  /** A reading of NaN or null with the reason as its alarm message. */
  #invalid(message: string, timestamp: number): Reading<T> {
    const type = this.#handle.parameter(this.#name)?.datainfo.type;
    const isNumber = type === "double" || type === "scaled" || type === "int";
    return { value: (isNumber ? Number.NaN : null) as T, timestamp, alarm_severity: -1, message };
  }
}

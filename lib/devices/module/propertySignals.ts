/** The properties of a node or module as read-only signals of format config. */

import { timeNow } from "../../clock";
import type { Reading } from "../../core/protocols/protocols";
import { SignalR } from "../../core/signal/signal";
import type { DataKeyBody, SignalBackend } from "../../core/signal/signalBackend";
import { SoftSignalBackend } from "../../core/signal/softSignal";
import { Status } from "../../core/status/status";
import { ReadOnlyError, UsageError } from "../../errors";
import { journalTime } from "../../journal";
import { propertyDataKey, recordedProperty } from "./propertyValue";

/**
 * The properties of one node or module: a signal for each, which keeps its identity when the value changes.
 */
export class PropertySignals {
  readonly #source: () => string;
  readonly #signals = new Map<string, SignalR>();
  readonly #backends = new Map<string, PropertyBackend>();

  /** `source` is `host:port` of a node, `host:port:module` of a module. */
  constructor(source: () => string) {
    this.#source = source;
  }

  /** The signals by the names of the properties on the wire. */
  get signals(): ReadonlyMap<string, SignalR> {
    return this.#signals;
  }

  /** Takes over the values of a new description. Returns the signals that are new. */
  adopt(values: ReadonlyMap<string, unknown>): SignalR[] {
    const time = journalTime(`described ${this.#source()}`, timeNow());
    for (const [name, backend] of this.#backends) backend.take(values.get(name), time);
    const fresh: SignalR[] = [];
    for (const [name, value] of values) {
      if (this.#backends.has(name)) continue;
      const backend = new PropertyBackend(name, () => `${this.#source()}:${name}`, value, time);
      const signal = new SignalR(backend);
      this.#backends.set(name, backend);
      this.#signals.set(name, signal);
      fresh.push(signal);
    }
    return fresh;
  }

  /** The signals of properties that the last description did not have. */
  *missing(): Generator<SignalR> {
    for (const [name, backend] of this.#backends) {
      const signal = this.#signals.get(name);
      if (signal && backend.isMissing) yield signal;
    }
  }
}

/** One property: its value is in the description, and changes only when the node connects again. */
class PropertyBackend implements SignalBackend<unknown> {
  readonly #name: string;
  readonly #source: () => string;
  #value: unknown;
  #timestamp: number;
  #callback: ((reading: Reading) => void) | null = null;

  constructor(name: string, source: () => string, value: unknown, time: number) {
    this.#name = name;
    this.#source = source;
    this.#value = value;
    this.#timestamp = time;
  }

  /** Undefined if the node no longer has the property. */
  take(value: unknown, time: number): void {
    this.#value = value;
    this.#timestamp = time;
    this.#callback?.(this.#reading());
  }

  get isMissing(): boolean {
    return this.#value === undefined;
  }

  source(): string {
    return this.#source();
  }

  connect(): void {}

  get units(): string {
    return this.getDataKey().units ?? "";
  }

  getDataKey(): DataKeyBody {
    return propertyDataKey(this.#name, this.#value);
  }

  getReading(): Reading | Promise<Reading> {
    return this.isMissing ? Promise.reject(new UsageError(this.#missingWords())) : this.#reading();
  }

  getSetpoint(): unknown {
    return this.#reading().value;
  }

  put(): Status {
    return Status.from(() => {
      throw new ReadOnlyError(`cannot set ${this.#source()}: it is a property of the node`);
    }, this.#source());
  }

  setCallback(fn: ((reading: Reading) => void) | null): void {
    this.#callback = fn;
    fn?.(this.#reading());
  }

  mock(): SignalBackend<unknown> {
    return new SoftSignalBackend(this.#reading().value, {}, this.getDataKey());
  }

  #missingWords(): string {
    return `${this.#source()} has no value: the node does not have this property any more`;
  }

  #reading(): Reading {
    const timestamp = this.#timestamp;
    if (this.isMissing) return { value: null, timestamp, alarm_severity: -1, message: this.#missingWords() };
    return { value: recordedProperty(this.#name, this.#value), timestamp };
  }
}

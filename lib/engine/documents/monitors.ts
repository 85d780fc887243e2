/** Signals that a run records at every update, each in its own stream, whatever else the plan does. */

import { lostConnectionOf } from "../../core/protocols/lostConnection";
import type { Readings, Subscribable } from "../../core/protocols/protocols";
import { newUid } from "../../randomSource";
import type { CommandSteps } from "../commandSteps";
import { IllegalMessageSequence } from "../planErrors";
import type { RunStreams } from "./runStreams";
import { describe, splitReadings } from "./stream";

type Listener = (readings: Readings) => void;

export class Monitors {
  readonly #streams: RunStreams;
  readonly #listeners = new Map<Subscribable, Listener>();
  #suspended = false;

  constructor(streams: RunStreams) {
    this.#streams = streams;
  }

  /** Emits a descriptor, then an event for every update of the signal until `remove` or `clear`. */
  *add(signal: Subscribable, name = `monitor-${newUid().slice(0, 6)}`): CommandSteps<void> {
    if (this.#listeners.has(signal))
      throw new IllegalMessageSequence(`${signal.name} is monitored already in this run`);
    const description = yield* describe(signal);
    const stream = this.#streams.get(name, false);
    stream.descriptions.set(signal, description);
    this.#streams.emitDescriptor(stream, [signal]);
    const listener: Listener = (readings) => {
      if (!description.keys.every((key) => Object.hasOwn(readings, key))) return;
      const { data, timestamps } = splitReadings(readings, description.keys);
      if (lostConnectionOf(signal)) {
        // A signal without its connection repeats its last value, which was not measured now: NaN makes a gap
        // in a plot instead.
        if (!description.keys.every((key) => description.dataKeys[key]?.dtype === "number")) return;
        for (const key of description.keys) data[key] = Number.NaN;
      }
      this.#streams.emitEvent(stream, data, timestamps);
    };
    this.#listeners.set(signal, listener);
    signal.subscribe(listener);
  }

  remove(signal: Subscribable): void {
    const listener = this.#listeners.get(signal);
    if (!listener) throw new IllegalMessageSequence(`${signal.name} is not monitored in this run`);
    this.#listeners.delete(signal);
    signal.clearSub(listener);
  }

  /** Stops events until `restore`: while the plan is paused or suspended. */
  suspend(): void {
    this.#suspended = true;
    for (const [signal, listener] of this.#listeners) release(signal, listener);
  }

  restore(): void {
    if (!this.#suspended) return;
    this.#suspended = false;
    for (const [signal, listener] of this.#listeners) signal.subscribe(listener);
  }

  /**
   * Stops monitoring all signals. One that can't be unsubscribed has lost its connection, so it sends nothing
   * either.
   */
  clear(): void {
    for (const [signal, listener] of this.#listeners) release(signal, listener);
    this.#listeners.clear();
  }
}

function release(signal: Subscribable, listener: Listener): void {
  try {
    signal.clearSub(listener);
  } catch {
    // A signal that can't be unsubscribed must not keep the run from pausing or ending.
  }
}

/** A device whose movements end when the test says so. */

import type { DataKeys, Readings, SetOptions } from "../../lib/core/protocols/protocols";
import { Status } from "../../lib/core/status/status";

/** A movement under way. */
interface Action {
  readonly target: number;
  readonly arrive: () => void;
  readonly fail: (error: Error) => void;
}

/** Moves until `arrive`, `fail` or `stop` is called. */
export class HeldDevice {
  readonly name: string;
  readonly stopOnExit?: boolean;
  position = 0;
  /** The `success` argument of each call of `stop`. */
  readonly stops: (boolean | undefined)[] = [];
  /** All targets so far. */
  readonly targets: number[] = [];
  /** The signal in the options of the last `set`. */
  signal: AbortSignal | undefined;
  #action: Action | null = null;
  #started: (() => void) | null = null;

  constructor(name: string, stopOnExit?: boolean) {
    this.name = name;
    if (stopOnExit !== undefined) this.stopOnExit = stopOnExit;
  }

  get moving(): boolean {
    return this.#action !== null;
  }

  set(target: number, options: SetOptions = {}): Status {
    this.targets.push(target);
    this.signal = options.signal;
    return new Status((resolve, reject) => {
      const end = (act: () => void) => () => {
        this.#action = null;
        act();
      };
      this.#action = {
        target,
        arrive: end(() => {
          this.position = target;
          resolve();
        }),
        fail: (error) => end(() => reject(error))(),
      };
      queueMicrotask(() => this.#started?.());
    }, this.name);
  }

  /** Resolves when the next movement begins. */
  started(): Promise<void> {
    return new Promise((resolve) => {
      this.#started = resolve;
    });
  }

  arrive(): void {
    this.#action?.arrive();
  }

  fail(message: string): void {
    this.#action?.fail(new Error(message));
  }

  stop(success?: boolean): void {
    this.stops.push(success);
    this.fail(`${this.name} was stopped`);
  }

  read(): Readings<number> {
    return { [this.name]: { value: this.position, timestamp: Date.now() / 1000 } };
  }

  describe(): DataKeys {
    return { [this.name]: { source: "SIM", dtype: "number", shape: [] } };
  }
}

/** The interface class Readable as a device. */

import type { Readings, SetOptions, Subscribable, Triggerable } from "../../core/protocols/protocols";
import type { SignalR } from "../../core/signal/signal";
import { Status } from "../../core/status/status";
import { handleOf, ModuleDevice } from "../module/moduleDevice";
import { waitForIdle } from "../module/waitForIdle";
import { measure } from "./measure";

/** A module with a value. `trigger()` reads fresh values from the node. */
export class ReadableDevice<V = unknown> extends ModuleDevice implements Triggerable, Subscribable<V> {
  /** The main value of the module. */
  declare readonly value: SignalR<V>;
  /** Its status. */
  declare readonly status: SignalR;

  /**
   * Reads the hinted parameters from the node. Fails if one cannot be read, unless `readErrorPolicy` is
   * "nan".
   */
  trigger(): Status {
    return Status.from(() => measure(this), this.name);
  }

  /** Seconds of an action, for `preview`: 0 for a reading, undefined (unknown) for `set`. */
  expectedDuration(command: "set" | "trigger", _target?: unknown, _from?: unknown): number | undefined {
    return command === "trigger" ? 0 : undefined;
  }

  /** Calls `fn` with the readings of `value`, now and at every update. */
  subscribe(fn: (readings: Readings<V>) => void): void {
    this.value.subscribe(fn);
  }

  clearSub(fn: (readings: Readings<V>) => void): void {
    this.value.clearSub(fn);
  }

  /** Done when the module is not busy; fails when it is in error or disabled. */
  waitForIdle(options?: SetOptions): Status {
    return waitForIdle(handleOf(this), options);
  }
}

import type { Readings, SetOptions, Subscribable, Triggerable } from "../../core/protocols/protocols";
import type { SignalR } from "../../core/signal/signal";
import { Status } from "../../core/status/status";
import { handleOf, ModuleDevice } from "../module/moduleDevice";
import { waitForIdle } from "../module/waitForIdle";
import { measure } from "./measure";

/** A module with a value. `trigger()` asks the node for fresh values of what it measures. */
export class ReadableDevice<V = unknown> extends ModuleDevice implements Triggerable, Subscribable<V> {
  declare readonly value: SignalR<V>;
  declare readonly status: SignalR;

  /** Has the node measure anew everything recorded as hinted. Fails if it cannot, unless `readErrorPolicy` is "nan". */
  trigger(): Status {
    return Status.from(() => measure(this), this.name);
  }

  /** Seconds an action takes, for `preview`: to read takes none that matter; how long it takes to set something is unknown. */
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

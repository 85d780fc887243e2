/** The interface class Writable as a device. */

import type { ConnectOptions } from "../../core/device/device";
import type { Checkable, Locatable, Location, SetOptions, SyncOrAsync } from "../../core/protocols/protocols";
import { mockFollows } from "../../core/signal/mockSignal";
import type { SignalR, SignalRW } from "../../core/signal/signal";
import { checkSetOptions } from "../../core/status/setOptions";
import { Status } from "../../core/status/status";
import { cannotCheck } from "../../errors";
import { checkChange } from "../module/checkChange";
import { handleOf } from "../module/moduleDevice";
import { waitForIdle } from "../module/waitForIdle";
import { ReadableDevice } from "./readableDevice";

/** A module with a value that can be set. */
export class WritableDevice<V = unknown, T = V> extends ReadableDevice<V> implements Locatable<T>, Checkable<T> {
  /** Where the value should be. */
  declare readonly target: SignalRW<T>;

  override async connect(options: ConnectOptions = {}): Promise<void> {
    await super.connect(options);
    // The value and the target have the same type on nearly all nodes.
    mockFollows(this.value as unknown as SignalR<T>, this.target);
  }

  /** Done when the node has accepted the target and the module is not busy. */
  set(value: T, options: SetOptions = {}): Status {
    checkSetOptions(this, options);
    const handle = handleOf(this);
    return Status.from(async () => {
      checkChange(handle, "target", value);
      await this.target.set(value, options);
      await waitForIdle(handle, options);
    }, this.name);
  }

  /** The last known target and value. */
  async locate(): Promise<Location<T>> {
    const [setpoint, readback] = await Promise.all([
      this.target.getValue({ cached: true }),
      this.value.getValue({ cached: true }),
    ]);
    // A node may give its value another type than its target; `locate` promises that of the target.
    return { setpoint, readback: readback as unknown as T };
  }

  /**
   * Checks a target without changing anything: by the limits and, where the node supports `check` (SECoP
   * 2.0), by asking the node, for which a promise is returned.
   *
   * @throws SecopError for a target that the node would refuse.
   */
  checkValue(value: T): SyncOrAsync<void> {
    const handle = handleOf(this);
    checkChange(handle, "target", value);
    const { link, name } = handle;
    if (link.mocked || !link.cache || !handle.require("target").checkable) return undefined;
    const answer = handle.client.check(name, "target", value).then(() => {});
    return answer.catch((error: unknown) => {
      // The description may say `checkable` where the node is not: it then refuses the change itself, if at
      // all.
      if (!cannotCheck(error)) throw error;
    });
  }
}

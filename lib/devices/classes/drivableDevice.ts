/** The interface class Drivable as a device. */

import type { SetOptions, Stoppable } from "../../core/protocols/protocols";
import type { SignalR } from "../../core/signal/signal";
import { type Arrival, type HasArrival, holdsArrival } from "../../core/standard/arrival";
import { MockMovement } from "../../core/standard/mockMovement";
import { checkSetOptions } from "../../core/status/setOptions";
import { WatchableStatus } from "../../core/status/status";
import { checkChange } from "../module/checkChange";
import { handleOf } from "../module/moduleDevice";
import { moveDuration } from "../moving/moveDuration";
import { Movement } from "../moving/movement";
import { WritableDevice } from "./writableDevice";

/** A module that takes time to reach its target and can be stopped. */
export class DrivableDevice<V = unknown, T = V> extends WritableDevice<V, T> implements Stoppable, HasArrival {
  static {
    holdsArrival(DrivableDevice.prototype);
  }

  /**
   * Whether the end of a plan stops the module while it moves: true always, false never. Default: unless the
   * plan ends normally, so that a ramp continues after a scan.
   */
  stopOnExit?: boolean;
  #move: Movement<T> | undefined;
  readonly #mock = new MockMovement<T>();

  /**
   * When the module counts as being at its target, for every `set`, `mv` and scan:
   * `cryo.arrival = { tolerance: 0.05, holdTime: 30, settleTime: 1 }`. The default tolerance is the parameter
   * `tolerance` of the module. A module that goes IDLE beside its target fails the `set` if a tolerance is
   * known, and is reported if none is.
   */
  declare arrival: Arrival;
  /** Seconds to wait after each movement; a part of `arrival`. */
  declare settleTime: number;

  /**
   * Done at the target, with progress on the way. Fails on ERROR and DISABLED, when anybody stops the module
   * or gives it another target, when the connection is lost, and after `timeout` seconds (default: never).
   */
  override set(value: T, options: SetOptions = {}): WatchableStatus<void, T> {
    checkSetOptions(this, options);
    const handle = handleOf(this);
    try {
      checkChange(handle, "target", value);
      // The value and the target have the same type on nearly all nodes.
      const readback = this.value as unknown as SignalR<T>;
      if (handle.link.mocked) return this.#mock.start(this.name, this.target, readback, value, options);
      this.#move?.interrupt(`was sent to ${handle.shown("target", value)}`, "us");
      const move = new Movement<T>(handle, value, options, {
        device: this,
        readback: this.value,
        arrival: this.arrival,
      });
      this.#move = move;
      move.status.atEnd(() => {
        if (this.#move === move) this.#move = undefined;
      });
      return move.status;
    } catch (error) {
      return new WatchableStatus<void, T>((_resolve, reject) => reject(error), this.name);
    }
  }

  /**
   * Seconds of a movement by `ramp` or `speed`, for `preview`; undefined without one. Default of `from`: the
   * present value.
   */
  override expectedDuration(command: "set" | "trigger", target?: unknown, from?: unknown): number | undefined {
    if (command !== "set") return super.expectedDuration(command);
    const handle = handleOf(this);
    return moveDuration(handle, target, from ?? handle.known("value")?.value);
  }

  /**
   * Stops the module. A `set` under way fails. Nothing is sent if the module is idle. Rejects if the node is
   * not connected: the module may be moving.
   */
  async stop(_success = true): Promise<void> {
    const handle = handleOf(this);
    this.#mock.stop();
    if (handle.link.mocked) return;
    const move = this.#move;
    if (!move && !handle.mayBeBusy()) return;
    move?.interrupt("was stopped", "us");
    await handle.client.do(handle.name, "stop");
  }
}

/** The movement of a mocked device: it arrives at once, or when a test lets its put proceed. */

import { formatValue } from "../../display/formatValue";
import { withUnits } from "../../display/number";
import { withSignals } from "../../withSignals";
import type { SetOptions } from "../protocols/protocols";
import { mockFollows } from "../signal/mockSignal";
import type { SignalR, SignalRW } from "../signal/signal";
import { WatchableStatus } from "../status/status";
import { causedByUs } from "../status/unwatchedFailures";

/** Moves a mocked device. As with hardware, a movement fails when it is stopped or replaced. */
export class MockMovement<T> {
  #interrupt: ((words: string) => void) | undefined;

  /** Puts `target`, after which `readback` has the value of `setpoint`. `name` is that of the device. */
  start(
    name: string,
    setpoint: SignalRW<T>,
    readback: SignalR<T>,
    target: T,
    options: SetOptions,
  ): WatchableStatus<void, T> {
    const goal = withUnits(typeof target === "number" ? `${target}` : formatValue(target), readback.units);
    this.#interrupt?.(`was sent to ${goal}`);
    const interrupted = new AbortController();
    const interrupt = (words: string) =>
      interrupted.abort(causedByUs(new Error(`${name} ${words} before it reached ${goal}`)));
    this.#interrupt = interrupt;
    const { signal } = interrupted;
    mockFollows(readback, setpoint);
    return new WatchableStatus<void, T>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
      withSignals([options.signal, signal], async (either) => setpoint.set(target, { ...options, signal: either }))
        .finally(() => {
          if (this.#interrupt === interrupt) this.#interrupt = undefined;
        })
        .then(resolve, reject);
    }, name);
  }

  /** Makes the movement fail. Without effect if nothing moves. */
  stop(): void {
    this.#interrupt?.("was stopped");
  }
}

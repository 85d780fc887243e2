/** Devices that move, made of a readback and a setpoint signal. */

import { withUnits } from "../../display/number";
import { errorText } from "../../errors";
import type { LostConnection } from "../protocols/lostConnection";
import type {
  Checkable,
  Locatable,
  Location,
  Readings,
  SetOptions,
  Stoppable,
  Subscribable,
  SyncOrAsync,
  WatcherUpdate,
} from "../protocols/protocols";
import { waitForValue } from "../signal/observe";
import type { SignalR, SignalRW } from "../signal/signal";
import { deadline } from "../status/deadline";
import { WatchableStatus } from "../status/status";
import { StandardReadable } from "./standardReadable";

/** How a device moves: its signals, and what differs from the usual. */
export interface MovableLogic<T> {
  /** The position. This signal gets the name of the device. */
  readonly readback: SignalR<T>;
  /** The target. */
  readonly setpoint: SignalRW<T>;
  /** How far the readback may be from a target that is a number, in its unit. Default 0. */
  readonly tolerance?: number;
  /** Throws or rejects for a target that is not allowed, with the reason. */
  check?(value: T): SyncOrAsync<void>;
  /**
   * Moves, and resolves on arrival. Default: sets `setpoint` and waits until `readback` is within
   * `tolerance`. `accepted` may be called once the device has taken the target, see `mayRefuse`.
   */
  move?(value: T, options: SetOptions, accepted: () => void): PromiseLike<unknown>;
  /**
   * Whether the device may refuse a target while it moves. The movement that is under way then goes on until
   * `move` calls `accepted`; else it fails as soon as another target is set. Default false.
   */
  readonly mayRefuse?: boolean;
  /** Seconds that a movement may take if `set` gets no timeout. Null, the default: for ever. */
  timeout?(from: T, to: T): SyncOrAsync<number | null>;
  /** Stops a movement. Default: sets `setpoint` to the present position. */
  stop?(): PromiseLike<unknown>;
}

interface Move<T> {
  readonly target: T;
  /** True once `stop` was called: the movement must not start any more, and ends when the stop has ended. */
  stopping: boolean;
  /** True once the device has taken the target. */
  accepted: boolean;
  fail(error: Error): void;
}

/**
 * A device that moves. A subclass has signals as properties and says in `logic` which of them make a
 * movement.
 *
 * ```ts
 * class Slit extends StandardMovable {
 *   readonly gap = epicsSignalR(Number, "BL:GAP.RBV");
 *   readonly demand = epicsSignalRw(Number, "BL:GAP");
 *   protected logic() {
 *     return { readback: this.gap, setpoint: this.demand, tolerance: 0.01 };
 *   }
 * }
 * ```
 */
export abstract class StandardMovable<T = number>
  extends StandardReadable
  implements Locatable<T>, Checkable<T>, Stoppable, Subscribable<T>
{
  #move: Move<T> | null = null;
  /** The movement that replaces the present one if the device takes its target. */
  #next: Move<T> | null = null;

  /** Called at each movement. */
  protected abstract logic(): MovableLogic<T>;

  override setName(name: string): void {
    super.setName(name);
    this.logic().readback.setName(name);
  }

  /**
   * Done at the target. Fails if the target is refused, if it is stopped or sent elsewhere before, and if it
   * takes too long.
   */
  set(value: T, options: SetOptions = {}): WatchableStatus<void, T> {
    const { name } = this;
    this.#replace(this.#next, value);
    return new WatchableStatus<void, T>((resolve, reject, report) => {
      const ended = new AbortController();
      const move: Move<T> = {
        target: value,
        stopping: false,
        accepted: false,
        fail: (error) => finish(() => reject(error), error),
      };
      const finish = (settle: () => void, reason?: Error) => {
        if (this.#move === move) this.#move = null;
        if (this.#next === move) this.#next = null;
        ended.abort(reason);
        settle();
      };
      this.#next = move;
      if (!this.#move?.accepted || !this.logic().mayRefuse) this.#begin(move);
      this.#travel(move, options, report, ended.signal).then(
        () => move.stopping || finish(resolve),
        (error) => move.stopping || finish(() => reject(error)),
      );
    }, name);
  }

  /** Makes this movement the present one; one that is still under way fails. */
  #begin(move: Move<T>): void {
    if (this.#next !== move) return;
    this.#next = null;
    this.#replace(this.#move, move.target);
    this.#move = move;
  }

  #replace(former: Move<T> | null, target: T): void {
    former?.fail(
      new Error(`${this.name} was sent to ${this.#shown(target)} before it reached ${this.#shown(former.target)}`),
    );
  }

  /** Rejects for a target that is not allowed, with the reason. */
  async checkValue(value: T): Promise<void> {
    await this.logic().check?.(value);
  }

  async locate(): Promise<Location<T>> {
    const { setpoint, readback } = this.logic();
    const [{ setpoint: wanted }, is] = await Promise.all([setpoint.locate(), readback.getValue()]);
    return { setpoint: wanted, readback: is };
  }

  /** Calls `fn` with the readings of the position, now and at every update. */
  subscribe(fn: (readings: Readings<T>) => void): void {
    this.logic().readback.subscribe(fn);
  }

  clearSub(fn: (readings: Readings<T>) => void): void {
    this.logic().readback.clearSub(fn);
  }

  /** Also that of a readback or setpoint that belongs to another device. */
  override lostConnection(): LostConnection | undefined {
    const { readback, setpoint } = this.logic();
    return super.lostConnection() ?? readback.lostConnection() ?? setpoint.lostConnection();
  }

  async stop(): Promise<void> {
    const move = this.#next ?? this.#move;
    const moves = [this.#next, this.#move].filter((one) => one !== null);
    for (const one of moves) one.stopping = true;
    const { readback, setpoint, stop } = this.logic();
    try {
      if (stop) await stop();
      else if (move) await setpoint.set(await readback.getValue({ cached: false }));
      if (!move) return;
      const place = this.#shown(await readback.getValue({ cached: false }));
      for (const { target, fail } of moves)
        fail(new Error(`${this.name} was stopped at ${place} before it reached ${this.#shown(target)}`));
    } catch (error) {
      for (const { fail } of moves)
        fail(new Error(`${this.name} could not be stopped: ${errorText(error)}`, { cause: error }));
      throw error;
    }
  }

  async #travel(
    move: Move<T>,
    options: SetOptions,
    report: (update: WatcherUpdate<T>) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { target, fail } = move;
    const logic = this.logic();
    const { readback } = logic;
    await logic.check?.(target);
    const initial = await readback.getValue({ cached: false });
    const timeout =
      options.timeout === undefined ? ((await logic.timeout?.(initial, target)) ?? null) : options.timeout;
    if (signal.aborted || move.stopping) return;
    const { name } = this;
    const disarm = deadline({ timeout, signal: options.signal }, `${name} to reach ${this.#shown(target)}`, fail);
    signal.addEventListener("abort", disarm);
    const watch = (readings: Readonly<Record<string, { readonly value: T }>>) => {
      const current = readings[name]?.value ?? initial;
      report({ name, current, initial, target, unit: readback.units, ...fraction(initial, current, target) });
    };
    readback.subscribe(watch);
    try {
      const accepted = () => {
        move.accepted = true;
        this.#begin(move);
      };
      if (logic.move) await logic.move(target, { timeout: null, signal }, accepted);
      else await arrive(logic, target, signal);
    } finally {
      readback.clearSub(watch);
    }
  }

  #shown(value: T): string {
    return withUnits(typeof value === "object" ? JSON.stringify(value) : errorText(value), this.logic().readback.units);
  }
}

async function arrive<T>({ setpoint, readback, tolerance = 0 }: MovableLogic<T>, target: T, signal: AbortSignal) {
  await setpoint.set(target, { timeout: null, signal });
  const isThere = (value: T) =>
    typeof value === "number" && typeof target === "number"
      ? Math.abs(value - target) <= tolerance
      : Object.is(value, target);
  await waitForValue(readback, isThere, { signal });
}

/** How far the movement is; empty if the values are not numbers. */
function fraction(initial: unknown, current: unknown, target: unknown): { readonly fraction?: number } {
  if (typeof initial !== "number" || typeof current !== "number" || typeof target !== "number") return {};
  return { fraction: target === initial ? 1 : Math.min(1, Math.abs((current - initial) / (target - initial))) };
}

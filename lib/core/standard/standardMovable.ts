/** Devices that move, made of a readback and a setpoint signal. */

import { withUnits } from "../../display/number";
import { errorText, UsageError } from "../../errors";
import type { ConnectOptions } from "../device/device";
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
import { isMocked, mockFollows, setMockValue } from "../signal/mockSignal";
import { waitForValue } from "../signal/observe";
import { callPosition } from "../signal/shiftedBackend";
import type { SignalR, SignalRW } from "../signal/signal";
import { deadline, TimeoutError } from "../status/deadline";
import { checkSetOptions } from "../status/setOptions";
import { WatchableStatus } from "../status/status";
import { causedByUs } from "../status/unwatchedFailures";
import { wayDone } from "../status/wayDone";
import { type Arrival, type HasArrival, holdsArrival, isWithin, offTarget, settled } from "./arrival";
import { StandardReadable } from "./standardReadable";

/** Seconds after a movement within which the readback has to show the target. */
const GRACE = 1;

/** How a device moves: its signals, and what differs from the usual. */
export interface MovableLogic<T> {
  /** The position. This signal gets the name of the device, unless it belongs to another device. */
  readonly readback: SignalR<T>;
  /** The target. */
  readonly setpoint: SignalRW<T>;
  /**
   * How far the readback may be from a target that is a number, in its unit. Default 0; with a `move` of its
   * own, the default is that the readback is not checked.
   */
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
  /**
   * Called after the movement, also of a mocked device. Resolves when the device is at the target, and
   * rejects if it has stopped before. Default: the readback has to come within `tolerance` in 1 s. `from` is
   * where the movement began.
   */
  arrive?(value: T, options: SetOptions, from: T): PromiseLike<unknown>;
  /** Seconds that a movement may take if `set` gets no timeout. Null, the default: for ever. */
  timeout?(from: T, to: T): SyncOrAsync<number | null>;
  /**
   * Calls the present position by another number, and moves nothing. Default: the readback and the setpoint
   * are shifted, here and not in the control system. There is no default with a `move` or `check` of its own,
   * which would not know of it.
   */
  setCurrentPosition?(value: T): PromiseLike<unknown>;
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
  /** Reports where the device is; does nothing before the movement has begun. */
  reportAt(position: T): void;
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
  implements Locatable<T>, Checkable<T>, Stoppable, Subscribable<T>, HasArrival
{
  static {
    holdsArrival(StandardMovable.prototype);
  }

  #move: Move<T> | null = null;
  /** The movement that replaces the present one if the device takes its target. */
  #next: Move<T> | null = null;

  /**
   * When the device counts as being at its target, for every `set`, `mv` and scan:
   * `stage.arrival = { tolerance: 0.01, holdTime: 5, settleTime: 0.5 }`.
   */
  declare arrival: Arrival;
  /** Seconds to wait after each movement; a part of `arrival`. */
  declare settleTime: number;

  /** Called at each movement. */
  protected abstract logic(): MovableLogic<T>;

  override async connect(options: ConnectOptions = {}): Promise<void> {
    await super.connect(options);
    const { readback, setpoint } = this.logic();
    mockFollows(readback, setpoint);
  }

  override setName(name: string): void {
    const before = this.name;
    super.setName(name);
    const { readback } = this.logic();
    // A readback that belongs to another device keeps its name.
    const isOwn = readback.parent === this || (readback.parent === null && ["", before].includes(readback.name));
    if (isOwn) readback.setName(name);
  }

  /**
   * Done at the target. Fails if the target is refused, if it is stopped or sent elsewhere before, and if it
   * takes too long.
   */
  set(value: T, options: SetOptions = {}): WatchableStatus<void, T> {
    checkSetOptions(this, options);
    const { name } = this;
    this.#replace(this.#next, value);
    return new WatchableStatus<void, T>(
      (resolve, reject, report) => {
        const ended = new AbortController();
        const move: Move<T> = {
          target: value,
          stopping: false,
          accepted: false,
          fail: (error) => finish(() => reject(error), error),
          reportAt: () => {},
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
      },
      name,
      this,
    );
  }

  /** Makes this movement the present one; one that is still under way fails. */
  #begin(move: Move<T>): void {
    if (this.#next !== move) return;
    this.#next = null;
    this.#replace(this.#move, move.target);
    this.#move = move;
  }

  #replace(former: Move<T> | null, target: T): void {
    if (!former) return;
    const words = `${this.name} was sent to ${this.#shown(target)} before it reached ${this.#shown(former.target)}`;
    former.fail(causedByUs(new Error(words)));
  }

  /** Rejects for a target that is not allowed, with the reason. */
  async checkValue(value: T): Promise<void> {
    await this.logic().check?.(value);
  }

  /**
   * From now on the present position has this value; nothing moves. Rejects while the device moves, and if
   * its position cannot be set.
   */
  async setCurrentPosition(value: T): Promise<void> {
    const { readback, setpoint, move, check, setCurrentPosition } = this.logic();
    if (this.#move ?? this.#next)
      throw new UsageError(`${this.name} moves: its position can be set when it stands still`);
    if (isMocked(setpoint)) {
      await setpoint.set(value);
      setMockValue(readback, value);
    } else if (setCurrentPosition) await setCurrentPosition(value);
    else if (!move && !check && typeof value === "number") await callPosition(value, readback, setpoint);
    else {
      throw new UsageError(`${this.name}'s present position can't be set: its logic() has no setCurrentPosition`);
    }
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
    const { readback, stop } = this.logic();
    try {
      if (stop) await stop();
      else if (move) await this.#holdPosition();
      if (!move) return;
      const position = await readback.getValue({ cached: false });
      const place = this.#shown(position);
      for (const { target, fail, reportAt } of moves) {
        reportAt(position);
        fail(causedByUs(new Error(`${this.name} was stopped at ${place} before it reached ${this.#shown(target)}`)));
      }
    } catch (error) {
      for (const { fail } of moves)
        fail(new Error(`${this.name} could not be stopped: ${errorText(error)}`, { cause: error }));
      throw error;
    }
  }

  /** Sets the setpoint to where the device is. A mock may hold puts back, which must not hold back a stop. */
  async #holdPosition(): Promise<void> {
    const { readback, setpoint } = this.logic();
    const put = setpoint.set(await readback.getValue({ cached: false }));
    if (!isMocked(setpoint)) await put;
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
    if (target === undefined || (typeof target === "number" && !Number.isFinite(target))) {
      const needed = target === undefined ? "it needs a value" : "use a finite number";
      throw new UsageError(`cannot set ${this.name} to ${String(target)}: ${needed}`);
    }
    await logic.check?.(target);
    const initial = await readback.getValue({ cached: false });
    const timeout =
      options.timeout === undefined ? ((await logic.timeout?.(initial, target)) ?? null) : options.timeout;
    if (signal.aborted || move.stopping) return;
    const { name } = this;
    const { units: unit, precision } = readback;
    const way = { name, initial, target, unit, ...(precision === undefined ? {} : { precision }) };
    const disarm = deadline({ timeout, signal: options.signal }, `${name} to reach ${this.#shown(target)}`, fail);
    signal.addEventListener("abort", disarm);
    move.reportAt = (current) => report({ ...way, current, ...wayDone(initial, current, target) });
    let newest: T = initial;
    const watch = (readings: Readonly<Record<string, { readonly value: T }>>) => {
      newest = readings[readback.name]?.value ?? initial;
      move.reportAt(newest);
    };
    readback.subscribe(watch);
    try {
      const accepted = () => {
        move.accepted = true;
        this.#begin(move);
      };
      await this.#reach(logic, initial, target, { timeout: null, signal }, accepted);
      report({ ...way, current: newest, fraction: 1, time_remaining: 0 });
    } finally {
      readback.clearSub(watch);
    }
  }

  async #reach(logic: MovableLogic<T>, from: T, target: T, options: SetOptions, accepted: () => void): Promise<void> {
    const { setpoint, readback } = logic;
    const tolerance = this.arrival.tolerance ?? logic.tolerance;
    const isThere = (value: T) => isWithin(tolerance ?? 0, value, target);
    if (isMocked(setpoint)) {
      mockFollows(readback, setpoint);
      await setpoint.set(target, options);
      accepted();
    } else if (logic.move) await logic.move(target, options, accepted);
    else {
      await setpoint.set(target, options);
      await waitForValue(readback, isThere, options);
    }
    if (logic.arrive) await logic.arrive(target, options, from);
    else if (tolerance !== undefined) await this.#comesNear(readback, isThere, target, options);
    await settled(readback, isThere, this.arrival, options.signal);
  }

  /** The readback may be older than the end of the movement, so it is given some time. */
  async #comesNear(readback: SignalR<T>, isThere: (value: T) => boolean, target: T, options: SetOptions) {
    try {
      await waitForValue(readback, isThere, { timeout: GRACE, signal: options.signal });
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      const place = this.#shown(await readback.getValue({ cached: false }));
      const short = `${this.name} stopped at ${place} before it reached ${this.#shown(target)}`;
      offTarget(this.name, this.arrival.offTarget ?? "fail", new Error(short, { cause: error }));
    }
  }

  #shown(value: T): string {
    return withUnits(typeof value === "object" ? JSON.stringify(value) : errorText(value), this.logic().readback.units);
  }
}

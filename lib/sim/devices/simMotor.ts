/** A simulated motor. */

import { inspect } from "node:util";
import { type ClockTimer, monotonicTime, startTimer } from "../../clock";
import type { ConnectOptions } from "../../core/device/device";
import type {
  Checkable,
  Flyable,
  Locatable,
  Location,
  Preparable,
  Readings,
  SetOptions,
  Stoppable,
  Subscribable,
} from "../../core/protocols/protocols";
import { isMocked, mockFollows } from "../../core/signal/mockSignal";
import type { SignalR, SignalRW } from "../../core/signal/signal";
import { softSignalRAndSetter, softSignalRw } from "../../core/signal/softSignal";
import { type Arrival, type HasArrival, holdsArrival } from "../../core/standard/arrival";
import { type Flight, type FlyInfo, flightOf, movedSincePrepared } from "../../core/standard/flight";
import { MockMovement } from "../../core/standard/mockMovement";
import { StandardReadable } from "../../core/standard/standardReadable";
import { type Trapezoid, trapezoid } from "../../core/standard/trapezoid";
import { abortion, deadline } from "../../core/status/deadline";
import { checkSetOptions } from "../../core/status/setOptions";
import { Status, WatchableStatus } from "../../core/status/status";
import { causedByUs } from "../../core/status/unwatchedFailures";
import { wayDone } from "../../core/status/wayDone";
import { UsageError } from "../../errors";
import { checkOptions, type OptionNames } from "../../options";
import { afterSeconds } from "../../timeLimit";

/** Where a simulated motor starts, and how it moves. */
export interface SimMotorOptions {
  /** Position at the start; default 0. */
  readonly initial?: number;
  /** Unit of the position; default "mm". */
  readonly units?: string;
  /** Digits after the decimal point; default 3. */
  readonly precision?: number;
  /** Units per second. The default 0 moves at once. */
  readonly velocity?: number;
  /** Seconds from rest to full velocity; default 0.5. */
  readonly acceleration?: number;
  /** Lowest and highest position; default none. */
  readonly limits?: readonly [low: number, high: number];
}

const OPTIONS: OptionNames<SimMotorOptions> = {
  initial: true,
  units: true,
  precision: true,
  velocity: true,
  acceleration: true,
  limits: true,
};

/** A movement under way. */
interface Travel {
  readonly path: Trapezoid;
  /** The start, by `monotonicTime`. */
  readonly since: number;
  /** Ends the movement: as a success without an error. */
  readonly settle: (error?: Error) => void;
  /** Ends the waiting as a failure; the movement continues. */
  readonly giveUp: (error: Error) => void;
}

/** Seconds between two readings of a moving motor. */
const STEP = 0.1;

/**
 * A motor in memory. With a velocity, it accelerates and brakes like a real one. Its readback is recorded
 * under the name of the motor.
 */
export class SimMotor
  extends StandardReadable
  implements
    Locatable<number>,
    Checkable<number>,
    Stoppable,
    Preparable<FlyInfo>,
    Flyable,
    Subscribable<number>,
    HasArrival
{
  static {
    holdsArrival(SimMotor.prototype);
  }

  /** How long the motor stands at its target before a movement counts as done: `{ settleTime: 0.5 }`. */
  declare arrival: Arrival;
  /** Seconds to wait after each movement; a part of `arrival`. */
  declare settleTime: number;
  /**
   * Whether the end of a plan stops the moving motor: true always, false never. Default: unless the plan ends
   * normally.
   */
  stopOnExit?: boolean;
  /** Where it is. */
  readonly readback: SignalR<number>;
  /** Setting it only starts the movement; `set` of the motor also waits for its end. */
  readonly setpoint: SignalRW<number>;
  /** Units per second; 0 moves at once. */
  readonly velocity: SignalRW<number>;
  /** Seconds from rest to full velocity. */
  readonly acceleration: SignalRW<number>;
  readonly #limits: readonly [number, number];
  /** The units of its positions. */
  readonly units: string;
  readonly #precision: number;
  readonly #post: (position: number) => void;
  #target: number;
  #velocity: number;
  #acceleration: number;
  #position: number;
  #travelling: Travel | undefined;
  #status: WatchableStatus<void, number> | undefined;
  readonly #mock = new MockMovement<number>();
  /** Fails the movement that has arrived and waits until it has settled. */
  #unsettle: (verb: string) => void = () => {};
  /** The flight that was prepared and has not started. */
  #flight: Flight | undefined;
  /** The flight that was started last. */
  #flying: Status | undefined;

  constructor(name = "", options: SimMotorOptions = {}) {
    super();
    checkOptions("SimMotor", options, OPTIONS);
    const { initial = 0, units = "mm", precision = 3, velocity = 0, acceleration = 0.5 } = options;
    const { limits = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } = options;
    this.#limits = limits;
    this.units = units;
    this.#precision = precision;
    this.#position = initial;
    this.#target = initial;
    this.#velocity = velocity;
    this.#acceleration = acceleration;
    const shown = { units, precision };
    [this.readback, this.#post] = softSignalRAndSetter<number>(initial, shown);
    this.setpoint = softSignalRw<number>(initial, {
      ...shown,
      ...(options.limits ? { limits } : {}),
      setter: (value) => this.#start(value),
    });
    this.velocity = notNegative(velocity, `${units}/s`, (value) => {
      this.#velocity = value;
    });
    this.acceleration = notNegative(acceleration, "s", (value) => {
      this.#acceleration = value;
    });
    this.addReadables([this.readback]);
    this.addReadables([this.setpoint], "uncached");
    this.addReadables([this.velocity, this.acceleration], "config");
    this.setName(name);
  }

  override setName(name: string): void {
    super.setName(name);
    this.readback.setName(name);
  }

  override async connect(options: ConnectOptions = {}): Promise<void> {
    await super.connect(options);
    mockFollows(this.readback, this.setpoint);
  }

  /** The position now, also between two readings of a moving motor. */
  get position(): number {
    const mocked = isMocked(this.readback) ? this.readback.getValue() : undefined;
    if (typeof mocked === "number") return mocked;
    const move = this.#travelling;
    return move ? move.path.position(monotonicTime() - move.since) : this.#position;
  }

  /** Done at the target. Fails when the motor is stopped or sent elsewhere before. */
  set(value: number, options: SetOptions = {}): WatchableStatus<void, number> {
    checkSetOptions(this, options);
    const refusal = this.#refusal(value);
    if (refusal) return new WatchableStatus((_resolve, reject) => reject(new UsageError(refusal)), this.name);
    if (isMocked(this.setpoint)) return this.#setMocked(value, options);
    if (options.signal?.aborted) {
      const error = abortion(`${this.name} to reach ${value} ${this.units}`, options.signal);
      return new WatchableStatus((_resolve, reject) => reject(error), this.name);
    }
    this.setpoint.set(value);
    let giveUp = this.#travelling?.giveUp;
    const settling = (resolve: () => void, reject: (error: Error) => void) => {
      giveUp = reject;
      this.#settle(resolve, reject);
    };
    const status = this.#status ?? new WatchableStatus<void, number>(settling, this.name);
    if (giveUp && !status.done && (options.timeout || options.signal)) {
      status.atEnd(deadline(options, `${this.name} to reach ${value} ${this.units}`, giveUp));
    }
    return status;
  }

  /** @throws UsageError outside the limits. */
  checkValue(value: number): void {
    const refusal = this.#refusal(value);
    if (refusal) throw new UsageError(refusal);
  }

  /** From now on the present position has this value; nothing moves. Rejects while the motor moves. */
  async setCurrentPosition(value: number): Promise<void> {
    if (this.#travelling) throw new UsageError(`${this.name} moves: its position can be set when it stands still`);
    this.#position = value;
    await this.setpoint.set(value);
  }

  locate(): Location<number> {
    const mocked = isMocked(this.setpoint) ? this.setpoint.getValue() : undefined;
    return { setpoint: typeof mocked === "number" ? mocked : this.#target, readback: this.position };
  }

  /** Calls `fn` with the readings of the position, now and at every update. */
  subscribe(fn: (readings: Readings<number>) => void): void {
    this.readback.subscribe(fn);
  }

  clearSub(fn: (readings: Readings<number>) => void): void {
    this.readback.clearSub(fn);
  }

  /** Seconds that a movement takes, for `preview`. */
  expectedDuration(_command: "set" | "trigger", value?: unknown, from: unknown = this.position): number | undefined {
    if (typeof value !== "number" || typeof from !== "number") return undefined;
    if (this.#velocity === 0 || value === from) return 0;
    return trapezoid(from, value, this.#velocity, this.#acceleration).duration;
  }

  stop(): void {
    this.#mock.stop();
    this.#unsettle("stopped");
    if (!this.#travelling) return;
    const words = `${this.name} was stopped before it reached ${this.#target} ${this.units}`;
    this.#arrive(this.position, causedByUs(new Error(words)));
  }

  /** Moves to a position from which the motor reaches the speed of the flight before its start. */
  prepare(info: FlyInfo): Status {
    try {
      const flight = flightOf(this.name, info, this.#acceleration);
      this.checkValue(flight.to);
      this.#flight = flight;
      return this.set(flight.from);
    } catch (error) {
      return Status.failed(error, this.name);
    }
  }

  /** Starts the prepared flight. Fails if the motor was moved since the flight was prepared. */
  kickoff(): Status {
    const flight = this.#flight;
    if (!flight) return Status.failed(new UsageError(`${this.name} is not prepared: use prepare before kickoff`));
    const moved = movedSincePrepared(this, flight, flight.from, this.position);
    if (moved) return Status.failed(new UsageError(moved));
    this.#flying = this.set(flight.to);
    this.#flight = undefined;
    return Status.completed(this.name);
  }

  /** Done at the end of the flight. Fails without `kickoff`. */
  complete(): Status {
    return this.#flying ?? Status.failed(new UsageError(`${this.name} is not flying: use kickoff first`));
  }

  override async dispose(): Promise<void> {
    this.stop();
  }

  #setMocked(value: number, options: SetOptions): WatchableStatus<void, number> {
    return this.#mock.start(this.name, this.setpoint, this.readback, value, options);
  }

  /** Why a target is refused; undefined if it is not. */
  #refusal(value: number): string | undefined {
    const [low, high] = this.#limits;
    const unit = this.units ? ` ${this.units}` : "";
    if (!Number.isFinite(value)) {
      return `cannot set ${this.name} to ${typeof value === "number" ? `${value}${unit}` : inspect(value)}: use a finite number`;
    }
    if (value >= low && value <= high) return undefined;
    return `cannot set ${this.name} to ${value}${unit}: the limits are ${low}${unit} to ${high}${unit}`;
  }

  #start(target: number): void {
    this.#unsettle("sent elsewhere");
    const from = this.position;
    const speed = this.#flight?.to === target ? this.#flight.speed : this.#velocity;
    const words = `${this.name} was sent to ${target} ${this.units} before it reached ${this.#target}`;
    this.#travelling?.settle(causedByUs(new Error(words)));
    this.#target = target;
    this.#status = undefined;
    if (speed === 0 || target === from) this.#arrive(target);
    else this.#status = this.#travel(from, target, trapezoid(from, target, speed, this.#acceleration));
  }

  #travel(initial: number, target: number, path: Trapezoid): WatchableStatus<void, number> {
    return new WatchableStatus<void, number>(
      (resolve, reject, report) => {
        const since = monotonicTime();
        let timer: ClockTimer | undefined;
        const step = () => {
          const elapsed = monotonicTime() - since;
          if (elapsed >= path.duration) {
            this.#arrive(target);
            return;
          }
          const current = path.position(elapsed);
          this.#post(current);
          report({
            name: this.name,
            current,
            initial,
            target,
            unit: this.units,
            precision: this.#precision,
            ...wayDone(initial, current, target),
            time_remaining: path.duration - elapsed,
          });
          timer = startTimer(Math.min(STEP, path.duration - elapsed), step);
        };
        const settle = (error?: Error) => {
          timer?.cancel();
          this.#travelling = undefined;
          if (error) reject(error);
          else this.#settle(resolve, reject);
        };
        this.#travelling = { path, since, settle, giveUp: reject };
        step();
      },
      this.name,
      this,
    );
  }

  /**
   * Ends a movement when the motor has stood at its target long enough, unless it moves again before that.
   */
  #settle(resolve: () => void, reject: (error: Error) => void): void {
    const { holdTime = 0, settleTime = 0 } = this.arrival;
    const seconds = holdTime + settleTime;
    if (seconds === 0) {
      resolve();
      return;
    }
    const cancel = afterSeconds(seconds, resolve, { wakes: true });
    this.#unsettle = (verb) => {
      cancel();
      reject(causedByUs(new Error(`${this.name} was ${verb} before it had settled`)));
    };
  }

  #arrive(position: number, error?: Error): void {
    this.#position = position;
    this.#post(position);
    this.#travelling?.settle(error);
  }
}

function notNegative(initial: number, units: string, setter: (value: number) => void): SignalRW<number> {
  return softSignalRw<number>(initial, { units, limits: [0, Number.MAX_VALUE], setter });
}

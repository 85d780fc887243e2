/** The motor record of EPICS as a device. */

import type { Flyable, Preparable, SetOptions } from "../core/protocols/protocols";
import type { SignalR, SignalRW, SignalX } from "../core/signal/signal";
import { type Flight, type FlyInfo, flightOf } from "../core/standard/flight";
import { type MovableLogic, StandardMovable } from "../core/standard/standardMovable";
import { trapezoid } from "../core/standard/trapezoid";
import { Status } from "../core/status/status";
import { withUnits } from "../display/number";
import { UsageError } from "../errors";
import { EpicsError } from "./ca/epicsError";
import { epicsSignalR, epicsSignalRw, epicsSignalX } from "./epicsSignal";

/** The seconds by which a movement may exceed the time that its distance, velocity and acceleration need. */
const MARGIN = 10;

/**
 * A motor record: `new EpicsMotor("BL:X")`. Its readback has the name of the motor. Signals have the names of
 * ophyd-async.
 *
 * `set` rejects values outside the limits of the record. It fails if the movement takes 10 s longer than its
 * velocity and acceleration need, unless `timeout` is given. Source: documentation of motorRecord in the
 * EPICS motor module.
 */
export class EpicsMotor extends StandardMovable<number> implements Preparable<FlyInfo>, Flyable {
  readonly userReadback: SignalR<number>;
  /**
   * Setting it resolves when the motor has arrived, as `set` of the motor does, but does not check the
   * limits.
   */
  readonly userSetpoint: SignalRW<number>;
  /** Units per second. */
  readonly velocity: SignalRW<number>;
  /** Units per second; 0 if there is no maximum. */
  readonly maxVelocity: SignalRW<number>;
  /** Seconds to full velocity. */
  readonly accelerationTime: SignalRW<number>;
  readonly motorEgu: SignalR<string>;
  readonly offset: SignalRW<number>;
  /** The user limits; both are 0 if there are none. */
  readonly lowLimitTravel: SignalRW<number>;
  readonly highLimitTravel: SignalRW<number>;
  readonly motorStop: SignalX;
  /** The flight that was prepared and has not started. */
  #flight: Flight | undefined;
  /** The flight that was started last. */
  #flying: Status | undefined;

  constructor(prefix: string, name = "") {
    super();
    this.userReadback = epicsSignalR(Number, `${prefix}.RBV`);
    this.userSetpoint = epicsSignalRw(Number, `${prefix}.VAL`);
    this.velocity = epicsSignalRw(Number, `${prefix}.VELO`);
    this.maxVelocity = epicsSignalRw(Number, `${prefix}.VMAX`);
    this.accelerationTime = epicsSignalRw(Number, `${prefix}.ACCL`);
    this.motorEgu = epicsSignalR(String, `${prefix}.EGU`);
    this.offset = epicsSignalRw(Number, `${prefix}.OFF`);
    this.lowLimitTravel = epicsSignalRw(Number, `${prefix}.LLM`);
    this.highLimitTravel = epicsSignalRw(Number, `${prefix}.HLM`);
    this.motorStop = epicsSignalX(`${prefix}.STOP`, 1, { wait: false });
    this.addReadables([this.userReadback]);
    this.addReadables([this.offset, this.velocity, this.motorEgu], "config");
    this.setName(name);
  }

  /** The seconds that a movement takes, for `preview`; undefined if the record has no velocity. */
  async expectedDuration(command: "set" | "trigger", value?: unknown, from?: unknown): Promise<number | undefined> {
    if (command !== "set" || typeof value !== "number") return undefined;
    const start = typeof from === "number" ? from : await this.userReadback.getValue();
    const [velocity, acceleration] = await Promise.all([this.velocity.getValue(), this.accelerationTime.getValue()]);
    if (value === start) return 0;
    return velocity > 0 ? trapezoid(start, value, velocity, acceleration).duration : undefined;
  }

  /**
   * Moves so far before `start` that it can accelerate. Fails if the flight is too fast or leaves the limits.
   */
  prepare(info: FlyInfo): Status {
    return Status.from(async () => {
      const [acceleration, fastest] = await Promise.all([
        this.accelerationTime.getValue(),
        this.maxVelocity.getValue(),
      ]);
      const flight = flightOf(this.name, info, acceleration);
      const speed = (value: number) => withUnits(`${value}`, `${this.userReadback.units}/s`);
      if (fastest > 0 && flight.speed > fastest) {
        throw new EpicsError(
          `${this.name} cannot fly at ${speed(flight.speed)}: its velocity is at most ${speed(fastest)}`,
        );
      }
      await this.#check(flight.to);
      await this.set(flight.from);
      this.#flight = flight;
    }, this.name);
  }

  /** Starts the prepared flight at its speed. After the flight, the motor has its former velocity again. */
  kickoff(): Status {
    const flight = this.#flight;
    if (!flight) return Status.failed(new UsageError(`${this.name} is not prepared: use prepare before kickoff`));
    this.#flight = undefined;
    const departure = this.#depart(flight);
    this.#flying = Status.from(async () => {
      const { arrived, before } = await departure;
      try {
        await arrived;
      } finally {
        await this.velocity.set(before);
      }
    }, this.name);
    return Status.from(async () => void (await departure), this.name);
  }

  /** Resolves at the end of the flight. */
  complete(): Status {
    return this.#flying ?? Status.failed(new UsageError(`${this.name} is not flying: use kickoff first`));
  }

  protected logic(): MovableLogic<number> {
    return {
      readback: this.userReadback,
      setpoint: this.userSetpoint,
      check: (value) => this.#check(value),
      timeout: (from, to) => this.#timeout(from, to),
      move: (value, options) => this.#travel(value, options),
      stop: () => this.motorStop.trigger(),
    };
  }

  async #check(value: number): Promise<void> {
    const [low, high] = await Promise.all([this.lowLimitTravel.getValue(), this.highLimitTravel.getValue()]);
    if (!Number.isFinite(value)) throw this.#refusal(value, "use a finite number");
    if (low === high || (value >= low && value <= high)) return;
    throw this.#refusal(value, `the limits are ${this.#shown(low)} to ${this.#shown(high)}`);
  }

  async #depart({ to, speed }: Flight): Promise<{ readonly arrived: Status; readonly before: number }> {
    const before = await this.velocity.getValue();
    await this.velocity.set(speed);
    return { arrived: this.set(to), before };
  }

  async #timeout(from: number, to: number): Promise<number> {
    return MARGIN + ((await this.expectedDuration("set", to, from)) ?? 0);
  }

  /** A motor record also answers a write whose movement was stopped; its setpoint is then its readback. */
  async #travel(target: number, options: SetOptions): Promise<void> {
    await this.userSetpoint.set(target, options);
    const { setpoint, readback } = await this.locate();
    if (Math.abs(setpoint - target) <= 1e-9 * Math.max(1, Math.abs(target))) return;
    const interrupted = `${this.name} was stopped or sent elsewhere before it reached ${this.#shown(target)}`;
    throw new EpicsError(`${interrupted}: it is at ${this.#shown(readback)}`);
  }

  #refusal(value: number, limits: string): EpicsError {
    return new EpicsError(`cannot set ${this.name} to ${this.#shown(value)}: ${limits}`);
  }

  #shown(value: number): string {
    return withUnits(`${value}`, this.userReadback.units);
  }
}

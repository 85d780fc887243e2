import type { SetOptions } from "../core/protocols";
import type { SignalR, SignalRW, SignalX } from "../core/signal";
import { type MovableLogic, StandardMovable } from "../core/standardMovable";
import { withUnits } from "../display/number";
import { EpicsError } from "./epicsError";
import { epicsSignalR, epicsSignalRw, epicsSignalX } from "./epicsSignal";

/** Seconds a movement may take longer than its way and acceleration need. */
const MARGIN = 10;

/**
 * A motor record: `new EpicsMotor("BL:X")`. Its readback carries the motor's own name. Signals are named as ophyd-async's.
 *
 * `set` refuses what is outside the limits of the record, and fails when the way takes 10 s longer than its velocity and acceleration
 * need (`timeout` says otherwise). Source: motorRecord documentation of the EPICS motor module.
 */
export class EpicsMotor extends StandardMovable<number> {
  readonly userReadback: SignalR<number>;
  /** Setting it is done when the motor has arrived, as `set` of the motor, but is not checked against the limits. */
  readonly userSetpoint: SignalRW<number>;
  /** Units per second. */
  readonly velocity: SignalRW<number>;
  /** Seconds to full velocity. */
  readonly accelerationTime: SignalRW<number>;
  readonly motorEgu: SignalR<string>;
  readonly offset: SignalRW<number>;
  /** User limits; both 0 for none. */
  readonly lowLimitTravel: SignalRW<number>;
  readonly highLimitTravel: SignalRW<number>;
  readonly motorStop: SignalX;

  constructor(prefix: string, name = "") {
    super();
    this.userReadback = epicsSignalR(Number, `${prefix}.RBV`);
    this.userSetpoint = epicsSignalRw(Number, `${prefix}.VAL`);
    this.velocity = epicsSignalRw(Number, `${prefix}.VELO`);
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

  async #timeout(from: number, to: number): Promise<number> {
    const [velocity, acceleration] = await Promise.all([this.velocity.getValue(), this.accelerationTime.getValue()]);
    return MARGIN + (velocity > 0 ? Math.abs(to - from) / velocity + 2 * acceleration : 0);
  }

  /** A motor record answers a write that others stopped, too, and then makes the readback its setpoint. */
  async #travel(target: number, options: SetOptions): Promise<void> {
    await this.userSetpoint.set(target, options);
    const { setpoint, readback } = await this.locate();
    if (Math.abs(setpoint - target) <= 1e-9 * Math.max(1, Math.abs(target))) return;
    const short = `before it reached ${this.#shown(target)}`;
    throw new EpicsError(`${this.name} was stopped or sent elsewhere ${short}: it is at ${this.#shown(readback)}`);
  }

  #refusal(value: number, limits: string): EpicsError {
    return new EpicsError(`cannot set ${this.name} to ${this.#shown(value)}: ${limits}`);
  }

  #shown(value: number): string {
    return withUnits(`${value}`, this.userReadback.units);
  }
}

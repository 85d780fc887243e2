import type { Checkable, Locatable, Location, SetOptions, Stoppable } from "../core/protocols";
import type { SignalR, SignalRW, SignalX } from "../core/signal";
import { StandardReadable } from "../core/standardReadable";
import { WatchableStatus } from "../core/status";
import { EpicsError } from "./epicsError";
import { epicsSignalR, epicsSignalRw, epicsSignalX } from "./epicsSignal";

/** Seconds a movement may take longer than its way and acceleration need. */
const MARGIN = 10;

/** One movement; which is the latest one, its identity tells. */
interface Move {
  readonly target: number;
  stopped: boolean;
}

/**
 * A motor record: `new EpicsMotor("BL:X")`. Its readback carries the motor's own name. Signals are named as ophyd-async's.
 * Source: motorRecord documentation of the EPICS motor module.
 */
export class EpicsMotor extends StandardReadable implements Locatable<number>, Checkable<number>, Stoppable {
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
  #latest: Move | null = null;

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

  override setName(name: string): void {
    super.setName(name);
    this.userReadback.setName(name);
  }

  /**
   * Done at the target. Fails when stopped or sent elsewhere before, outside the limits, and when the way takes 10 s longer than
   * its velocity and acceleration need (`timeout` says otherwise).
   */
  set(value: number, options: SetOptions = {}): WatchableStatus<void, number> {
    const move = { target: value, stopped: false };
    this.#latest = move;
    return new WatchableStatus<void, number>((resolve, reject, report) => {
      this.#travel(move, options, report)
        .then(() => this.#arrived(move))
        .then(resolve, reject);
    }, this.name);
  }

  /** Rejects outside the limits. */
  async checkValue(value: number): Promise<void> {
    const [low, high] = await Promise.all([this.lowLimitTravel.getValue(), this.highLimitTravel.getValue()]);
    if (!Number.isFinite(value)) throw this.#refusal(value, "use a finite number");
    if (low === high || (value >= low && value <= high)) return;
    throw this.#refusal(value, `the limits are ${this.#shown(low)} to ${this.#shown(high)}`);
  }

  async locate(): Promise<Location<number>> {
    const [{ setpoint }, readback] = await Promise.all([this.userSetpoint.locate(), this.userReadback.getValue()]);
    return { setpoint, readback };
  }

  async stop(): Promise<void> {
    if (this.#latest) this.#latest.stopped = true;
    await this.motorStop.trigger();
  }

  async #travel(move: Move, options: SetOptions, report: WatchReport): Promise<void> {
    const { target } = move;
    await this.checkValue(target);
    const [initial, velocity, acceleration] = await Promise.all([
      this.userReadback.getValue(),
      this.velocity.getValue(),
      this.accelerationTime.getValue(),
    ]);
    // Stopped while its limits were looked up: it must not start any more.
    this.#checkCurrent(move, initial);
    const needed = velocity > 0 ? Math.abs(target - initial) / velocity + 2 * acceleration : 0;
    const timeout = options.timeout === undefined ? needed + MARGIN : options.timeout;
    const { name } = this;
    const { units } = this.userReadback;
    const watch = (readings: Readonly<Record<string, { readonly value: number }>>) => {
      const current = readings[name]?.value ?? initial;
      const fraction = target === initial ? 1 : Math.min(1, Math.abs((current - initial) / (target - initial)));
      report({ name, current, initial, target, unit: units, fraction });
    };
    this.userReadback.subscribe(watch);
    try {
      await this.userSetpoint.set(target, { ...options, timeout });
    } finally {
      this.userReadback.clearSub(watch);
    }
  }

  /** A motor record answers a stopped write, too, and then makes the readback its setpoint. */
  async #arrived(move: Move): Promise<void> {
    const { target } = move;
    const { setpoint, readback } = await this.locate();
    this.#checkCurrent(move, readback);
    if (Math.abs(setpoint - target) > 1e-9 * Math.max(1, Math.abs(target))) {
      throw new EpicsError(
        `${this.name} was stopped or sent elsewhere ${this.#short(move)}: it is at ${this.#shown(readback)}`,
      );
    }
  }

  /** @throws EpicsError when the movement was stopped, or followed by another one. */
  #checkCurrent(move: Move, readback: number): void {
    if (this.#latest && this.#latest !== move) {
      throw new EpicsError(`${this.name} was sent to ${this.#shown(this.#latest.target)} ${this.#short(move)}`);
    }
    if (move.stopped) throw new EpicsError(`${this.name} was stopped at ${this.#shown(readback)} ${this.#short(move)}`);
  }

  #short({ target }: Move): string {
    return `before it reached ${this.#shown(target)}`;
  }

  #refusal(value: number, limits: string): EpicsError {
    return new EpicsError(`cannot set ${this.name} to ${this.#shown(value)}: ${limits}`);
  }

  #shown(value: number): string {
    const { units } = this.userReadback;
    return units ? `${value} ${units}` : `${value}`;
  }
}

type WatchReport = (update: {
  readonly name: string;
  readonly current: number;
  readonly initial: number;
  readonly target: number;
  readonly unit: string;
  readonly fraction: number;
}) => void;

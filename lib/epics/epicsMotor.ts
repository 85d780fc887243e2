/** The motor record of EPICS as a device. */

import type { ConnectOptions } from "../core/device/device";
import type { Flyable, Preparable, SetOptions } from "../core/protocols/protocols";
import { setMockValue } from "../core/signal/mockSignal";
import { waitForValue } from "../core/signal/observe";
import type { SignalR, SignalRW, SignalX } from "../core/signal/signal";
import { type Arrival, isWithin, offTarget } from "../core/standard/arrival";
import type { FlyInfo } from "../core/standard/flight";
import { type MovableLogic, StandardMovable } from "../core/standard/standardMovable";
import { trapezoid } from "../core/standard/trapezoid";
import type { Status } from "../core/status/status";
import { withUnits } from "../display/number";
import { UsageError } from "../errors";
import { checkOptions } from "../options";
import { EpicsError } from "./epicsError";
import { awaitArrival, type MotorRecordState, problemsOf } from "./motorArrival";
import { MotorFlights } from "./motorFlights";
import { epicsSignalR, epicsSignalRw, epicsSignalX } from "./signal/epicsSignal";

/** Options of `EpicsMotor`. */
export interface EpicsMotorOptions {
  /** When the motor counts as arrived. Default tolerance: the larger of RDBD and MRES of the record. */
  readonly arrival?: Arrival;
}

/** The seconds by which a movement may exceed the time that its distance, velocity and acceleration need. */
const MARGIN = 10;

/** The velocity of a mocked motor. Units per second. */
const MOCK_VELOCITY = 1000;

/**
 * A motor record: `new EpicsMotor("BL:X")`. Its readback has the name of the motor. Signals have the names of
 * ophyd-async.
 *
 * `set` rejects values outside the limits of the record. It fails if the movement takes 10 s longer than its
 * velocity and acceleration need, unless `timeout` is given. It is done when the write is done, DMOV is 1 and
 * the readback is within the larger of RDBD and MRES of the target; a motor that stands still for 1 s before
 * that has failed, and the error names MISS and the problems of MSTA. Source: documentation of motorRecord in
 * the EPICS motor module.
 */
export class EpicsMotor extends StandardMovable<number> implements Preparable<FlyInfo>, Flyable {
  /** Where it is (RBV), in the units of the motor. */
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
  /** The units of the motor (EGU). */
  readonly motorEgu: SignalR<string>;
  /** Added to the dial position (OFF), in the units of the motor. */
  readonly offset: SignalRW<number>;
  /** The user limits; both are 0 if there are none. */
  readonly lowLimitTravel: SignalRW<number>;
  /** The upper limit (HLM), in the units of the motor. */
  readonly highLimitTravel: SignalRW<number>;
  /** Stops the motor when it becomes 1 (STOP). */
  readonly motorStop: SignalX;
  /** 1 when the motor has stopped, with all retries. */
  readonly doneMoving: SignalR<number>;
  /** The distance within which the record tries no further. */
  readonly retryDeadband: SignalR<number>;
  /** The size of a motor step in units. */
  readonly motorResolution: SignalR<number>;
  /** 1 if the last movement has missed its target after all retries. */
  readonly missed: SignalR<number>;
  /** The bits of MSTA. */
  readonly motorStatus: SignalR<number>;
  /**
   * The two modes of SET; no children, so that settings do not restore them. Connected when they are first
   * needed.
   */
  readonly #modes: { readonly set: SignalX; readonly use: SignalX };
  readonly #flights: MotorFlights;

  constructor(prefix: string, name = "", options: EpicsMotorOptions = {}) {
    super();
    checkOptions(new.target.name, options, { arrival: true });
    this.arrival = options.arrival ?? {};
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
    this.doneMoving = epicsSignalR(Number, `${prefix}.DMOV`);
    this.retryDeadband = epicsSignalR(Number, `${prefix}.RDBD`);
    this.motorResolution = epicsSignalR(Number, `${prefix}.MRES`);
    this.#modes = { set: epicsSignalX(`${prefix}.SET`, 1), use: epicsSignalX(`${prefix}.SET`, 0) };
    this.missed = epicsSignalR(Number, `${prefix}.MISS`);
    this.motorStatus = epicsSignalR(Number, `${prefix}.MSTA`);
    this.#flights = new MotorFlights(this, (target) => this.#check(target));
    this.addReadables([this.userReadback]);
    this.addReadables([this.offset, this.velocity, this.motorEgu], "config");
    this.setName(name);
  }

  override async dispose(): Promise<void> {
    const { set, use } = this.#modes;
    await Promise.all([super.dispose(), set.dispose(), use.dispose()]);
  }

  override async connect(options: ConnectOptions = {}): Promise<void> {
    await super.connect(options);
    if (!options.mock) return;
    setMockValue(this.doneMoving, 1);
    setMockValue(this.velocity, MOCK_VELOCITY);
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
    return this.#flights.prepare(info);
  }

  /**
   * Starts the prepared flight at its speed. After the flight, the motor has its former velocity again.
   * Rejects if the motor was moved since the flight was prepared. A flight that could not start stays
   * prepared.
   */
  kickoff(): Status {
    return this.#flights.kickoff();
  }

  /** Resolves at the end of the flight. */
  complete(): Status {
    return this.#flights.complete();
  }

  override async stop(): Promise<void> {
    this.#flights.stop();
    await super.stop();
    // A flight sets the former velocity at its end: the next movement must not begin before that.
    await this.#flights.ended();
  }

  protected logic(): MovableLogic<number> {
    return {
      readback: this.userReadback,
      setpoint: this.userSetpoint,
      check: (value) => this.#check(value),
      timeout: (from, to) => this.#timeout(from, to),
      move: (value, options) => this.userSetpoint.set(value, options),
      arrive: (value, options) => this.#arrive(value, options),
      stop: () => this.motorStop.trigger(),
      setCurrentPosition: (value) => this.#callPosition(value),
    };
  }

  /**
   * With SET of the record, a new VAL changes its offset (or, if FOFF is Frozen, its raw position) and moves
   * nothing.
   */
  async #callPosition(value: number): Promise<void> {
    if (!(await this.doneMoving.getValue()))
      throw new UsageError(`${this.name} moves: its position can be set when it stands still`);
    const { set, use } = this.#modes;
    await Promise.all([set.connect(), use.connect()]);
    try {
      await set.trigger();
      await this.userSetpoint.set(value);
    } finally {
      await use.trigger();
    }
    const tolerance = await this.#tolerance();
    await waitForValue(this.userReadback, (position) => isWithin(tolerance, position, value), { timeout: MARGIN });
  }

  async #check(value: number): Promise<void> {
    const [low, high, velocity] = await Promise.all([
      this.lowLimitTravel.getValue(),
      this.highLimitTravel.getValue(),
      this.velocity.getValue(),
    ]);
    if (velocity === 0) throw this.#refusal(value, "its velocity (VELO) is 0: set it above 0 first");
    if (!Number.isFinite(value)) throw this.#refusal(value, "use a finite number");
    if (low === high || (value >= low && value <= high)) return;
    throw this.#refusal(value, `the limits are ${this.#shown(low)} to ${this.#shown(high)}`);
  }

  async #timeout(from: number, to: number): Promise<number> {
    return MARGIN + ((await this.expectedDuration("set", to, from)) ?? 0);
  }

  /**
   * Waits until the motor stands at its target. A motor record also answers a write whose movement was
   * stopped, and its setpoint is then its readback.
   */
  async #arrive(target: number, { signal }: SetOptions): Promise<void> {
    const tolerance = this.arrival.tolerance ?? (await this.#tolerance());
    const isDone = (value: number) => value !== 0;
    const parts = { done: this.doneMoving, isDone, readback: this.userReadback, target, tolerance };
    const stands = await awaitArrival(parts, signal);
    const { setpoint, readback } = await this.locate();
    const at = `before it reached ${this.#shown(target)}: it is at ${this.#shown(readback)}`;
    if (Math.abs(setpoint - target) > 1e-9 * Math.max(1, Math.abs(target))) {
      throw new EpicsError(`${this.name} was stopped or sent elsewhere ${at}`);
    }
    const problems = problemsOf(await this.#state());
    if (stands === "at the target" && !problems.fatal) return;
    const why = problems.texts.length > 0 ? ` (${problems.texts.join(", ")})` : "";
    const error = new EpicsError(`${this.name} stopped ${at}${why}`);
    offTarget(this.name, this.arrival.offTarget ?? "fail", error);
  }

  /** The distance from the target that is as good as none for the record. */
  async #tolerance(): Promise<number> {
    const [deadband, resolution] = await Promise.all([this.retryDeadband.getValue(), this.motorResolution.getValue()]);
    return Math.max(Math.abs(deadband), Math.abs(resolution));
  }

  async #state(): Promise<MotorRecordState> {
    const [missed, status] = await Promise.all([this.missed.getValue(), this.motorStatus.getValue()]);
    return { missed, status };
  }

  #refusal(value: number, limits: string): EpicsError {
    return new EpicsError(`cannot set ${this.name} to ${this.#shown(value)}: ${limits}`);
  }

  #shown(value: number): string {
    return withUnits(`${value}`, this.userReadback.units);
  }
}

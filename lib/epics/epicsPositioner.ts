/**
 * A device that moves, made of PVs: a setpoint, a readback, a PV that says it is done, and one that stops it.
 */

import type { SetOptions } from "../core/protocols/protocols";
import { isMocked } from "../core/signal/mockSignal";
import type { SignalR, SignalRW, SignalX } from "../core/signal/signal";
import { isPlausible, offTarget } from "../core/standard/arrival";
import { type MovableLogic, StandardMovable } from "../core/standard/standardMovable";
import { withUnits } from "../display/number";
import { UsageError } from "../errors";
import { checkOptions, type OptionNames } from "../options";
import { EpicsError } from "./epicsError";
import { awaitArrival } from "./motorArrival";
import { epicsSignalR, epicsSignalRw, epicsSignalX } from "./signal/epicsSignal";

/** The PVs of a positioner, and when it has arrived. */
export interface EpicsPositionerOptions {
  /** Default: the name that `initDevices` or the parent gives. */
  readonly name?: string;
  /** The PV with the position. Default: the setpoint. */
  readonly readback?: string;
  /** The PV that says whether the movement is done, as DMOV of a motor record. Default: there is none. */
  readonly done?: string;
  /** The value of `done` at the end of a movement; the number of its state for an enum. Default 1. */
  readonly doneValue?: number;
  /** The PV that ends a movement. Default: the setpoint is set to the position. */
  readonly stop?: string;
  /** The number that is written to `stop`. Default 1. */
  readonly stopValue?: number;
  /**
   * The largest distance from the target at the end, in the unit of the position. Without `done` it decides
   * when the movement has ended; its default is then one step of the last digit that the setpoint shows
   * (PREC). With `done`, the default is to trust that PV, and to warn if the end is further away from the
   * target than a hundredth of the way or of the target.
   */
  readonly tolerance?: number;
  /** Seconds to wait after each movement. Default 0. */
  readonly settle?: number;
  /** Seconds that a movement may take if `set` gets no timeout. Default null: for ever. */
  readonly timeout?: number | null;
}

const OPTIONS: OptionNames<EpicsPositionerOptions> = {
  name: true,
  readback: true,
  done: true,
  doneValue: true,
  stop: true,
  stopValue: true,
  tolerance: true,
  settle: true,
  timeout: true,
};

/**
 * A setpoint with a readback that follows it: a slit, an undulator, a temperature controller.
 *
 * ```ts
 * const gap = new EpicsPositioner("ID:GAP:SET", {
 *   readback: "ID:GAP", done: "ID:DONE", stop: "ID:STOP", settle: 0.5,
 * });
 * ```
 *
 * `set` rejects values outside the limits of the setpoint (DRVL, DRVH). It fails if the movement ends away
 * from the target: when `done` is reported and the position comes no closer for 1 s. The readback has the
 * name of the device. PVs may be `pva://NAME`.
 */
export class EpicsPositioner extends StandardMovable<number> {
  /** The position that was demanded last. */
  readonly setpoint: SignalRW<number>;
  /** The present position. */
  readonly readback: SignalR<number>;
  /** Says whether the movement is done; undefined if there is no such PV. */
  readonly done: SignalR<number> | undefined;
  /** Ends a movement; undefined if there is no such PV. */
  readonly stopSignal: SignalX | undefined;
  readonly #options: EpicsPositionerOptions;

  constructor(setpoint: string, options: EpicsPositionerOptions = {}) {
    super();
    checkOptions(new.target.name, options, OPTIONS);
    const { name = "", readback, done, stop, stopValue = 1, tolerance, settle } = options;
    if (tolerance !== undefined && !(tolerance >= 0))
      throw new UsageError(`tolerance ${tolerance}: use a number from 0`);
    this.#options = options;
    this.setpoint = epicsSignalRw(Number, setpoint);
    this.readback = readback === undefined ? this.setpoint : epicsSignalR(Number, readback);
    this.done = done === undefined ? undefined : epicsSignalR(Number, done);
    this.stopSignal = stop === undefined ? undefined : epicsSignalX(stop, stopValue, { wait: false });
    this.arrival = settle === undefined ? {} : { settleTime: settle };
    this.addReadables([this.readback]);
    this.setName(name);
  }

  protected logic(): MovableLogic<number> {
    const { stopSignal } = this;
    return {
      readback: this.readback,
      setpoint: this.setpoint,
      check: (value) => this.#check(value),
      timeout: () => this.#options.timeout ?? null,
      move: (value, options) => this.setpoint.set(value, options),
      arrive: (value, options, from) => this.#arrive(value, options, from),
      ...(stopSignal && { stop: () => stopSignal.trigger() }),
    };
  }

  async #check(value: number): Promise<void> {
    const refusal = (reason: string) => new EpicsError(`cannot set ${this.name} to ${this.#shown(value)}: ${reason}`);
    if (!Number.isFinite(value)) throw refusal("use a finite number");
    const key = Object.values(await this.setpoint.describe())[0];
    const { low = null, high = null } = key?.limits?.control ?? {};
    if ((low === null || value >= low) && (high === null || value <= high)) return;
    const [lowest, highest] = [low, high].map((limit) => (limit === null ? "none" : this.#shown(limit)));
    throw refusal(`the limits are ${lowest} to ${highest}`);
  }

  async #arrive(target: number, { signal }: SetOptions, from: number): Promise<void> {
    if (isMocked(this.setpoint)) return;
    const { doneValue = 1 } = this.#options;
    const { done, readback } = this;
    const known = this.arrival.tolerance ?? this.#options.tolerance;
    const tolerance = known ?? (await this.#lastDigit());
    const isDone = (value: number) => value === doneValue;
    const stands = await awaitArrival({ done, isDone, readback, target, tolerance }, signal);
    if (stands === "at the target") return;
    const { setpoint, readback: at } = await this.locate();
    const where = `before it reached ${this.#shown(target)}: it is at ${this.#shown(at)}`;
    if (Math.abs(setpoint - target) > Math.max(tolerance, 1e-6 * Math.abs(target)))
      throw new EpicsError(`${this.name} was stopped or sent elsewhere ${where}`);
    if (known === undefined && isPlausible(at, target, from)) return;
    const policy = this.arrival.offTarget ?? (known === undefined ? "warn" : "fail");
    offTarget(this.name, policy, new EpicsError(`${this.name} stopped ${where}`));
  }

  /** One step of the last digit that the setpoint shows; a little more, since the digits are decimal. */
  async #lastDigit(): Promise<number> {
    const key = Object.values(await this.setpoint.describe())[0];
    return key?.precision ? 1.001 * 10 ** -key.precision : 1e-6;
  }

  #shown(value: number): string {
    return withUnits(`${value}`, this.readback.units);
  }
}

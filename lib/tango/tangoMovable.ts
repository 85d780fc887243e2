/** A Tango device that moves to a setpoint, such as a motor or a power supply. */

import { setTimeout as delay } from "node:timers/promises";
import type { SetOptions } from "../core/protocols/protocols";
import { callPosition } from "../core/signal/shiftedBackend";
import type { SignalR, SignalRW } from "../core/signal/signal";
import { isPlausible, offTarget } from "../core/standard/arrival";
import { type MovableLogic, StandardMovable } from "../core/standard/standardMovable";
import { UsageError } from "../errors";
import { checkOptions, type OptionNames } from "../options";
import { DEFAULT_PERIOD } from "./link/poll";
import { memberTrl, parseDevice } from "./link/trl";
import { TangoCommand } from "./tangoCommand";
import { TangoError } from "./tangoError";
import { type TangoSignalOptions, tangoSignalR, tangoSignalRw } from "./tangoSignal";
import { DEV_STATES, type DevState } from "./values/deviceIdl";
import { rangeText, tangoValueText } from "./values/valueText";

/** Options of `TangoMovable`. */
export interface TangoMovableOptions extends TangoSignalOptions {
  /** Default: the name that `initDevices` or the parent gives. */
  readonly name?: string;
  /** The name of the attribute that is set and read. Default `position`. */
  readonly attribute?: string;
  /** The name of the command that ends a movement. Default `Stop`. */
  readonly stop?: string;
  /**
   * The largest distance from the target at the end, in the unit of the position. Default: if the device
   * ends further away than a hundredth of the way or of the target, a warning is shown and `set` succeeds;
   * `arrival.offTarget` changes that.
   */
  readonly tolerance?: number;
}

const OPTIONS: OptionNames<TangoMovableOptions> = {
  name: true,
  attribute: true,
  stop: true,
  tolerance: true,
  polling: true,
  events: true,
};

/**
 * A device that is not in MOVING counts as stopped if it does not come closer to the target for this many
 * seconds.
 */
const STANDSTILL = 1;
/** A movement that ends in one of these states has failed. */
const FAILED: ReadonlySet<DevState> = new Set(["FAULT", "ALARM", "UNKNOWN", "DISABLE", "OFF"]);

/**
 * A Tango device that moves: it has an attribute to set, the state MOVING until it has arrived, and a command
 * that stops it. A motor is `new TangoMovable("lab/motor/1")`, a power supply
 * `new TangoMovable("lab/psu/1", { attribute: "Current", tolerance: 0.01 })`.
 *
 * `set` rejects a value outside the limits of the attribute. It fails if the device ends in FAULT, ALARM,
 * UNKNOWN, DISABLE or OFF, or if it is further than `tolerance` from the target and comes no closer for 1 s.
 * The position has the name of the device.
 */
export class TangoMovable extends StandardMovable<number> {
  /** The position: reads the attribute, and sets it. */
  readonly position: SignalRW<number>;
  /** The state of the device. */
  readonly state: SignalR<DevState>;
  /** The command that ends a movement. */
  readonly stopCommand: TangoCommand<undefined>;
  readonly #tolerance: number | undefined;

  constructor(trl: string, options: TangoMovableOptions = {}) {
    super();
    checkOptions(new.target.name, options, OPTIONS);
    const { name = "", attribute = "position", stop = "Stop", tolerance, ...following } = options;
    if (tolerance !== undefined && !(tolerance >= 0))
      throw new UsageError(`tolerance ${tolerance}: use a number from 0`);
    const device = parseDevice(trl);
    this.position = tangoSignalRw(Number, memberTrl(device, attribute), undefined, following);
    this.state = tangoSignalR(DEV_STATES, memberTrl(device, "State"), following);
    this.stopCommand = new TangoCommand(memberTrl(device, stop));
    this.#tolerance = tolerance;
    this.addReadables([this.position]);
    this.setName(name);
  }

  protected logic(): MovableLogic<number> {
    return {
      readback: this.position,
      setpoint: this.position,
      check: (value) => this.#check(value),
      move: (value, options, accepted) => this.#send(value, options, accepted),
      arrive: (value, options, from) => this.#arrive(value, options, from),
      mayRefuse: true,
      // The client shifts the position, because Tango has no common command for that.
      setCurrentPosition: (value) => callPosition(value, this.position),
      stop: () => this.stopCommand.trigger(),
    };
  }

  async #check(value: number): Promise<void> {
    const refusal = (reason: string) => new TangoError(`cannot set ${this.name} to ${this.#shown(value)}: ${reason}`);
    if (!Number.isFinite(value)) throw refusal("use a finite number");
    const key = Object.values(await this.position.describe())[0];
    const { low = null, high = null } = key?.limits?.control ?? {};
    if ((low !== null && value < low) || (high !== null && value > high))
      throw refusal(`the device allows ${rangeText(key?.limits?.control, this.position.units)}`);
  }

  async #send(target: number, options: SetOptions, accepted: () => void): Promise<void> {
    await this.position.set(target, options);
    accepted();
  }

  /** Watches the state until the device has arrived or failed. */
  async #arrive(target: number, options: SetOptions, from: number): Promise<void> {
    const tolerance = this.arrival.tolerance ?? this.#tolerance;
    let nearest = Number.POSITIVE_INFINITY;
    let since = performance.now();
    for (;;) {
      const state = await this.state.getValue();
      if (state !== "MOVING") {
        const { setpoint, readback } = await this.locate();
        const distance = Math.abs(readback - target);
        if (!isClose(setpoint, target)) throw this.#fellShort("was sent elsewhere", target, readback);
        if (tolerance !== undefined && distance <= tolerance) return;
        if (FAILED.has(state)) throw this.#fellShort(`went to ${state}`, target, readback);
        if (tolerance === undefined && isPlausible(readback, target, from)) return;
        if (distance < nearest) since = performance.now();
        else if (performance.now() > since + 1000 * STANDSTILL) {
          const policy = this.arrival.offTarget ?? (tolerance === undefined ? "warn" : "fail");
          offTarget(this.name, policy, this.#fellShort("stopped", target, readback));
          return;
        }
        nearest = Math.min(nearest, distance);
      } else since = performance.now();
      await delay(1000 * DEFAULT_PERIOD, undefined, options.signal ? { signal: options.signal } : {});
    }
  }

  #fellShort(what: string, target: number, readback: number): TangoError {
    const reached = `before it reached ${this.#shown(target)}`;
    return new TangoError(`${this.name} ${what} ${reached}: it is at ${this.#shown(readback)}`);
  }

  #shown(value: number): string {
    return tangoValueText(value, this.position.units);
  }
}

/** Whether two numbers are the same apart from the digits that a 32-bit float loses. */
const isClose = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(other));

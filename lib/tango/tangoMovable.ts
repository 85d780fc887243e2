import { setTimeout as delay } from "node:timers/promises";
import type { SetOptions } from "../core/protocols/protocols";
import type { SignalR, SignalRW } from "../core/signal/signal";
import { type MovableLogic, StandardMovable } from "../core/standard/standardMovable";
import { UsageError } from "../errors";
import { PERIOD } from "./link/poll";
import { memberTrl, parseDevice } from "./link/trl";
import { TangoCommand } from "./tangoCommand";
import { TangoError } from "./tangoError";
import { type TangoSignalOptions, tangoSignalR, tangoSignalRw } from "./tangoSignal";
import { limitsText, shown } from "./values/conversion";
import { DEV_STATES, type DevState } from "./values/deviceIdl";

/** Options of movable Tango devices. */
export interface TangoMovableOptions extends TangoSignalOptions {
  /** Default: given by `initDevices` or a parent. */
  readonly name?: string;
  /** The attribute that is set and read. Default `position`. */
  readonly attribute?: string;
  /** The command that ends a movement. Default `Stop`. */
  readonly stop?: string;
  /** How far from the target the position may be at the end, in its unit. Default: wherever the device stops moving is where it should be. */
  readonly tolerance?: number;
}

/** Seconds without coming closer after which a device that does not say MOVING counts as stopped. */
const STANDSTILL = 1;
/** A device in such a state has not arrived, whatever it did before. */
const FAILED: ReadonlySet<DevState> = new Set(["FAULT", "ALARM", "UNKNOWN", "DISABLE", "OFF"]);

/**
 * A Tango device that moves: an attribute that is set, the state MOVING until it has arrived, a command that stops it. A motor is
 * `new TangoMovable("lab/motor/1")`, a power supply `new TangoMovable("lab/psu/1", { attribute: "Current", tolerance: 0.01 })`.
 *
 * `set` refuses what is outside the limits of the attribute, and fails when the device ends in FAULT, ALARM, UNKNOWN, DISABLE or OFF,
 * or comes no closer for 1 s while further than `tolerance` from the target. The position carries the device's own name.
 */
export class TangoMovable extends StandardMovable<number> {
  readonly position: SignalRW<number>;
  readonly state: SignalR<DevState>;
  readonly stopCommand: TangoCommand<undefined>;
  readonly #tolerance: number | undefined;

  constructor(trl: string, options: TangoMovableOptions = {}) {
    super();
    const { name = "", attribute = "position", stop = "Stop", tolerance } = options;
    if (tolerance !== undefined && !(tolerance >= 0))
      throw new UsageError(`tolerance ${tolerance}: use a number from 0`);
    const device = parseDevice(trl);
    this.position = tangoSignalRw(Number, memberTrl(device, attribute), undefined, options);
    this.state = tangoSignalR(DEV_STATES, memberTrl(device, "State"), options);
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
      move: (value, options) => this.#travel(value, options),
      stop: () => this.stopCommand.trigger(),
    };
  }

  async #check(value: number): Promise<void> {
    const refusal = (words: string) => new TangoError(`cannot set ${this.name} to ${this.#shown(value)}: ${words}`);
    if (!Number.isFinite(value)) throw refusal("use a finite number");
    const key = Object.values(await this.position.describe())[0];
    const { low = null, high = null } = key?.limits?.control ?? {};
    if ((low !== null && value < low) || (high !== null && value > high))
      throw refusal(`the device allows ${limitsText(key?.limits?.control, this.position.units)}`);
  }

  async #travel(target: number, options: SetOptions): Promise<void> {
    await this.position.set(target, options);
    let nearest = Number.POSITIVE_INFINITY;
    let since = performance.now();
    for (;;) {
      const state = await this.state.getValue();
      if (state !== "MOVING") {
        const { setpoint, readback } = await this.locate();
        const distance = Math.abs(readback - target);
        if (!isClose(setpoint, target)) throw this.#short("was sent elsewhere", target, readback);
        if (this.#tolerance !== undefined && distance <= this.#tolerance) return;
        if (FAILED.has(state)) throw this.#short(`went to ${state}`, target, readback);
        if (this.#tolerance === undefined) return;
        if (distance < nearest) since = performance.now();
        else if (performance.now() > since + 1000 * STANDSTILL) throw this.#short("stopped", target, readback);
        nearest = Math.min(nearest, distance);
      } else since = performance.now();
      await delay(1000 * PERIOD, undefined, options.signal ? { signal: options.signal } : {});
    }
  }

  #short(what: string, target: number, readback: number): TangoError {
    const reached = `before it reached ${this.#shown(target)}`;
    return new TangoError(`${this.name} ${what} ${reached}: it is at ${this.#shown(readback)}`);
  }

  #shown(value: number): string {
    return shown(value, this.position.units);
  }
}

/** What was set comes back as it was sent, but for the digits of a float. */
const isClose = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(other));

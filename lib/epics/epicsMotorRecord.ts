/** A motor record with all its fields, and its commands to home, jog and tweak. */

import { waitForValue } from "../core/signal/observe";
import type { SignalR, SignalRW } from "../core/signal/signal";
import { softCommand } from "../core/signal/softCommand";
import { UsageError } from "../errors";
import { delayFor } from "../timeLimit";
import { EpicsError } from "./epicsError";
import { EpicsMotor, type EpicsMotorOptions } from "./epicsMotor";
import { problemsOf } from "./motorArrival";
import { epicsSignalR, epicsSignalRw } from "./signal/epicsSignal";

/** Towards the higher or the lower user coordinates. */
export type MotorDirection = "forward" | "reverse";

/** A jog: the motor moves in one direction for some time, at the jog velocity. */
export interface MotorJog {
  readonly direction: MotorDirection;
  readonly seconds: number;
}

/**
 * An `EpicsMotor` with the other fields of its record as signals, for commissioning:
 * `new EpicsMotorRecord("BL:X")`. It connects about 40 PVs. Positions and distances are in user units unless
 * a name says dial or raw. Source: documentation of motorRecord in the EPICS motor module.
 *
 * ```ts
 * await motor.home.execute("reverse"); // in a plan: yield* motor.home.plan("reverse")
 * await motor.jog.execute({ direction: "forward", seconds: 2 });
 * await motor.tweak.execute(-0.1);
 * ```
 */
export class EpicsMotorRecord extends EpicsMotor {
  /** DESC. */
  readonly description: SignalRW<string>;
  /** DVAL, DRBV: the position without offset and direction. */
  readonly dialSetpoint: SignalRW<number>;
  /** Where it is in dial coordinates (DRBV). */
  readonly dialReadback: SignalR<number>;
  /** RVAL: where it should be, in motor steps. */
  readonly rawSetpoint: SignalRW<number>;
  /** RRBV: where it is, in steps of the encoder if there is one, else of the motor. */
  readonly rawReadback: SignalR<number>;
  /** DLLM: the lower limit of the dial position. */
  readonly dialLowLimit: SignalRW<number>;
  /** DHLM: the upper limit of the dial position. */
  readonly dialHighLimit: SignalRW<number>;
  /** LLS: 1 while the lower limit switch is active. */
  readonly lowLimitSwitch: SignalR<number>;
  /** HLS: 1 while the upper limit switch is active. */
  readonly highLimitSwitch: SignalR<number>;
  /** ATHM: 1 while the home switch is active. */
  readonly atHome: SignalR<number>;
  /** DIR: 0 if user and dial coordinates have the same direction. */
  readonly direction: SignalRW<number>;
  /** FOFF: 1 if a new dial position changes the user position, and not the offset. */
  readonly offsetFrozen: SignalRW<number>;
  /** MOVN: 1 while the motor is moving. */
  readonly moving: SignalR<number>;
  /** TDIR: 1 if the last movement went up. */
  readonly lastDirection: SignalR<number>;
  /** SPMG: 0 stop, 1 pause, 2 move, 3 go. */
  readonly stopPauseMoveGo: SignalRW<number>;
  /** CNEN: 1 if the motor has power. */
  readonly enabled: SignalRW<number>;
  /** HVEL: the velocity of a home search, in units per second. */
  readonly homeVelocity: SignalRW<number>;
  /** JVEL: the velocity of a jog, in units per second. */
  readonly jogVelocity: SignalRW<number>;
  /** JAR: the acceleration of a jog, in units per second squared. */
  readonly jogAcceleration: SignalRW<number>;
  /** VBAS: the velocity at which a movement begins, in units per second. */
  readonly baseVelocity: SignalRW<number>;
  /** HOMF: 1 begins a home search upwards, 0 ends it. `home` uses it. */
  readonly homeForward: SignalRW<number>;
  /** HOMR: 1 begins a home search downwards, 0 ends it. `home` uses it. */
  readonly homeReverse: SignalRW<number>;
  /** JOGF: 1 begins a jog upwards, 0 ends it. `jog` uses it. */
  readonly jogForward: SignalRW<number>;
  /** JOGR: 1 begins a jog downwards, 0 ends it. `jog` uses it. */
  readonly jogReverse: SignalRW<number>;
  /** TWV: the distance of a tweak, in units. `tweak` uses it. */
  readonly tweakDistance: SignalRW<number>;
  /** TWF: 1 moves up by the distance of a tweak. */
  readonly tweakForward: SignalRW<number>;
  /** TWR: 1 moves down by the distance of a tweak. */
  readonly tweakReverse: SignalRW<number>;
  /** BDST: the distance of the last part of a movement, which takes out the backlash, in units. */
  readonly backlashDistance: SignalRW<number>;
  /** BVEL: the velocity of that part, in units per second. */
  readonly backlashVelocity: SignalRW<number>;
  /** BACC: seconds to that velocity. */
  readonly backlashAcceleration: SignalRW<number>;
  /** ERES: units per step of the encoder. */
  readonly encoderResolution: SignalRW<number>;
  /** RRES: units per step of a readback that comes from elsewhere. */
  readonly readbackResolution: SignalRW<number>;
  /** UEIP: 1 if the position is that of the encoder. */
  readonly usesEncoder: SignalRW<number>;
  /** RTRY: the largest number of retries. */
  readonly maxRetries: SignalRW<number>;
  /** DLY: seconds before the readback is checked. */
  readonly settlingTime: SignalRW<number>;

  /**
   * Searches the home switch, and resolves when the motor has stopped. Fails if the record reports a problem.
   */
  readonly home = softCommand((direction: MotorDirection, signal) => this.#home(direction, signal));
  /** Moves for some seconds at the jog velocity, and resolves when the motor has stopped. */
  readonly jog = softCommand((jog: MotorJog, signal) => this.#jog(jog, signal));
  /** Moves by a distance; a negative one goes down. Resolves when the motor has arrived. */
  readonly tweak = softCommand((distance: number, signal) => this.#tweak(distance, signal));

  constructor(prefix: string, name = "", options: EpicsMotorOptions = {}) {
    super(prefix, "", options);
    const rw = (field: string) => epicsSignalRw(Number, `${prefix}.${field}`);
    const r = (field: string) => epicsSignalR(Number, `${prefix}.${field}`);
    // These fields are answered when the movement has ended, which `home` and `jog` wait for themselves.
    const begins = (field: string) => epicsSignalRw(Number, `${prefix}.${field}`, undefined, { wait: false });
    this.description = epicsSignalRw(String, `${prefix}.DESC`);
    this.dialSetpoint = rw("DVAL");
    this.dialReadback = r("DRBV");
    this.rawSetpoint = rw("RVAL");
    this.rawReadback = r("RRBV");
    this.dialLowLimit = rw("DLLM");
    this.dialHighLimit = rw("DHLM");
    this.lowLimitSwitch = r("LLS");
    this.highLimitSwitch = r("HLS");
    this.atHome = r("ATHM");
    this.direction = rw("DIR");
    this.offsetFrozen = rw("FOFF");
    this.moving = r("MOVN");
    this.lastDirection = r("TDIR");
    this.stopPauseMoveGo = rw("SPMG");
    this.enabled = rw("CNEN");
    this.homeVelocity = rw("HVEL");
    this.jogVelocity = rw("JVEL");
    this.jogAcceleration = rw("JAR");
    this.baseVelocity = rw("VBAS");
    this.homeForward = begins("HOMF");
    this.homeReverse = begins("HOMR");
    this.jogForward = begins("JOGF");
    this.jogReverse = begins("JOGR");
    this.tweakDistance = rw("TWV");
    this.tweakForward = begins("TWF");
    this.tweakReverse = begins("TWR");
    this.backlashDistance = rw("BDST");
    this.backlashVelocity = rw("BVEL");
    this.backlashAcceleration = rw("BACC");
    this.encoderResolution = rw("ERES");
    this.readbackResolution = rw("RRES");
    this.usesEncoder = rw("UEIP");
    this.maxRetries = rw("RTRY");
    this.settlingTime = rw("DLY");
    this.addReadables(
      [this.direction, this.motorResolution, this.baseVelocity, this.backlashDistance, this.encoderResolution],
      "config",
    );
    this.setName(name);
  }

  async #home(direction: MotorDirection, signal: AbortSignal): Promise<void> {
    const command = chosen(direction, this.homeForward, this.homeReverse);
    await this.#moves(command, signal, () => this.#done(signal));
  }

  async #jog({ direction, seconds }: MotorJog, signal: AbortSignal): Promise<void> {
    if (!(seconds > 0)) throw new UsageError(`${this.name} cannot jog for ${seconds} s: use a number above 0`);
    const command = chosen(direction, this.jogForward, this.jogReverse);
    await this.#moves(command, signal, async () => {
      await delayFor(seconds, signal);
      await command.set(0);
      await this.#done(signal);
    });
  }

  async #tweak(distance: number, signal: AbortSignal): Promise<void> {
    const { setpoint, readback } = await this.locate();
    const target = setpoint + distance;
    await this.checkValue(target);
    const timeout = (await this.logic().timeout?.(readback, target)) ?? null;
    await this.tweakDistance.set(Math.abs(distance), { signal });
    // The record answers when it has moved; `set` to the same target then checks all that a movement has to
    // fulfil.
    await (distance < 0 ? this.tweakReverse : this.tweakForward).set(1, { signal, timeout });
    await this.set(target, { signal });
  }

  /** Begins a movement and waits for its end. One that is given up is stopped. */
  async #moves(command: SignalRW<number>, signal: AbortSignal, end: () => Promise<void>): Promise<void> {
    await command.set(1, { signal });
    try {
      await end();
    } catch (error) {
      if (signal.aborted) await this.stop();
      throw error;
    }
    const problems = problemsOf({
      missed: 0,
      status: await this.motorStatus.getValue({ cached: false }),
    });
    if (problems.fatal) throw new EpicsError(`${this.name} stopped (${problems.texts.join(", ")})`);
  }

  /**
   * The motor may need a moment to start: it is done when it has moved, or has not started within a second.
   */
  async #done(signal: AbortSignal): Promise<void> {
    await waitForValue(this.doneMoving, (done) => done === 0, { timeout: 1, signal }).catch((error: unknown) => {
      if (signal.aborted) throw error;
    });
    await waitForValue(this.doneMoving, (done) => done !== 0, { timeout: null, signal });
  }
}

function chosen(direction: MotorDirection, forward: SignalRW<number>, reverse: SignalRW<number>): SignalRW<number> {
  if (direction === "forward") return forward;
  if (direction === "reverse") return reverse;
  throw new UsageError(`the direction is "forward" or "reverse", not ${JSON.stringify(direction)}`);
}

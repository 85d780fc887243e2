/**
 * The flights of a motor record: movements at constant speed, after which it has its former velocity again.
 */

import type { SignalR, SignalRW } from "../core/signal/signal";
import { type Flight, type FlyInfo, flightOf, movedSincePrepared } from "../core/standard/flight";
import { Status } from "../core/status/status";
import { causedByUs } from "../core/status/unwatchedFailures";
import { withUnits } from "../display/number";
import { UsageError } from "../errors";
import { reportError } from "../log";
import { EpicsError } from "./epicsError";

/** The members of a motor that a flight uses. */
export interface FlyingMotor {
  readonly name: string;
  readonly userReadback: SignalR<number>;
  readonly velocity: SignalRW<number>;
  /** The maximum in units per second; 0 if there is none. */
  readonly maxVelocity: SignalR<number>;
  /** Seconds to full velocity. */
  readonly accelerationTime: SignalR<number>;
  /** Moves the motor. */
  set(target: number): Status;
}

/** A flight whose motor was moved to its beginning. */
interface PreparedFlight extends Flight {
  /** The position of the motor when the flight was prepared. */
  readonly at: number;
}

/** A flight under way. */
interface Departure {
  readonly arrived: Status;
  /** The velocity before the flight. */
  readonly before: number;
}

/** Prepares flights and makes them, one after the other. */
export class MotorFlights {
  readonly #motor: FlyingMotor;
  /** Rejects for a target outside the limits. */
  readonly #check: (target: number) => Promise<void>;
  /** Aborted by `stop`, so that an earlier flight does not move the motor afterwards. */
  #begun = new AbortController();
  /** The flight that was prepared and has not started. */
  #prepared: PreparedFlight | undefined;
  /** The flight that was started last. */
  #flying: Status | undefined;

  constructor(motor: FlyingMotor, check: (target: number) => Promise<void>) {
    this.#motor = motor;
    this.#check = check;
  }

  /** Moves to the place before the start from which the motor can accelerate. */
  prepare(info: FlyInfo): Status {
    return Status.from(() => this.#prepare(info), this.#motor.name);
  }

  /** Starts the prepared flight. A flight that could not start stays prepared, unless it was stopped. */
  kickoff(): Status {
    const { name } = this.#motor;
    const flight = this.#prepared;
    if (!flight) return Status.failed(new UsageError(`${name} is not prepared: use prepare before kickoff`));
    this.#prepared = undefined;
    const { signal } = this.#begun;
    const departure = this.#depart(flight);
    const flying = Status.from(() => this.#fly(departure), name);
    this.#flying = flying;
    const work = async () => {
      try {
        await departure;
      } catch (error) {
        if (!signal.aborted) this.#prepared ??= flight;
        // The kickoff reports this failure, so it counts as watched here.
        flying.addCallback(() => {});
        throw error;
      }
    };
    return Status.from(work, name);
  }

  /** Resolves at the end of the flight. */
  complete(): Status {
    const { name } = this.#motor;
    return this.#flying ?? Status.failed(new UsageError(`${name} is not flying: use kickoff first`));
  }

  /** Ends the preparation or flight under way. */
  stop(): void {
    this.#begun.abort(causedByUs(new EpicsError(`${this.#motor.name} was stopped`)));
    this.#begun = new AbortController();
  }

  /** Resolves when the last flight has ended, and its motor has its former velocity. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#flying) this.#flying.atEnd(() => resolve());
      else resolve();
    });
  }

  async #prepare(info: FlyInfo): Promise<void> {
    const { name, accelerationTime, maxVelocity, userReadback } = this.#motor;
    const { signal } = this.#begun;
    const [acceleration, fastest] = await Promise.all([accelerationTime.getValue(), maxVelocity.getValue()]);
    const flight = flightOf(name, info, acceleration);
    if (fastest > 0 && flight.speed > fastest) {
      const most = this.#speedText(fastest);
      throw new EpicsError(`${name} cannot fly at ${this.#speedText(flight.speed)}: its velocity is at most ${most}`);
    }
    await this.#check(flight.to);
    signal.throwIfAborted();
    await this.#motor.set(flight.from);
    this.#prepared = { ...flight, at: await userReadback.getValue() };
  }

  async #depart(flight: PreparedFlight): Promise<Departure> {
    const { name, userReadback, velocity } = this.#motor;
    const { signal } = this.#begun;
    const [before, position] = await Promise.all([velocity.getValue(), userReadback.getValue()]);
    const moved = movedSincePrepared({ name, units: userReadback.units }, flight, flight.at, position);
    if (moved) throw new EpicsError(moved);
    signal.throwIfAborted();
    await velocity.set(flight.speed);
    if (signal.aborted) {
      await velocity.set(before);
      throw signal.reason;
    }
    return { arrived: this.#motor.set(flight.to), before };
  }

  async #fly(departure: Promise<Departure>): Promise<void> {
    const { arrived, before } = await departure;
    try {
      await arrived;
    } finally {
      await this.#restoreVelocity(before);
    }
  }

  /**
   * While the connection is lost, only arranges that the velocity is set when it is back: the user needs the
   * error of the flight, not that of this write.
   */
  async #restoreVelocity(before: number): Promise<void> {
    const { name, velocity } = this.#motor;
    try {
      await velocity.set(before);
    } catch (error) {
      const lost = velocity.lostConnection();
      if (!lost) throw error;
      const tried = `cannot set ${name} back to ${this.#speedText(before)}`;
      lost.restored.then(() => velocity.set(before)).catch((cause) => reportError(tried, cause));
    }
  }

  #speedText(value: number): string {
    return withUnits(`${value}`, `${this.#motor.userReadback.units}/s`);
  }
}

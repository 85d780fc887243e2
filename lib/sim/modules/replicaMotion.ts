/** The movement of a module that is simulated by its description: it waits, moves, settles, and rests. */

import type { MoveBehaviour } from "./moduleBehaviour";

/** Seconds that a movement takes if nothing says how fast the module is. */
const MOVE_TIME = 1;

/** The phases of a movement. */
export type MotionPhase = "rests" | "waits" | "moves" | "settles";

/** Moves one module from target to target. */
export class ReplicaMotion {
  readonly #behaviour: MoveBehaviour | undefined;
  readonly #speed: () => number | undefined;
  #phase: MotionPhase = "rests";
  /** Seconds left of the phase, while it waits or settles. */
  #left = 0;
  /** The length of the way in units of the value; undefined if the value is not a number. */
  #way: number | undefined;
  #fraction = 1;

  /** @param speed units per second, by the module's own parameters; undefined if those do not say */
  constructor(behaviour: MoveBehaviour | undefined, speed: () => number | undefined) {
    this.#behaviour = behaviour;
    this.#speed = speed;
  }

  get phase(): MotionPhase {
    return this.#phase;
  }

  /** The fraction of the way that is covered, from 0 to 1. */
  get fraction(): number {
    return this.#fraction;
  }

  /** Begins a movement. `way` is its length in units of the value; undefined if that is not a number. */
  begin(way: number | undefined): void {
    this.#way = way;
    this.#fraction = 0;
    this.#left = this.#behaviour?.delay ?? 0;
    this.#phase = "waits";
  }

  stop(): void {
    this.#phase = "rests";
  }

  /** Lets seconds pass. */
  step(seconds: number): void {
    let left = seconds;
    if (this.#phase === "waits") {
      left = this.#wait(left);
      if (this.#left === 0) this.#phase = "moves";
    }
    if (this.#phase === "moves") {
      left = this.#move(left);
      if (this.#fraction === 1) {
        this.#phase = "settles";
        this.#left = this.#behaviour?.settling ?? 0;
      }
    }
    if (this.#phase === "settles") {
      this.#wait(left);
      if (this.#left === 0) this.#phase = "rests";
    }
  }

  /** @returns the seconds that are left after the wait */
  #wait(seconds: number): number {
    const waited = Math.min(seconds, this.#left);
    this.#left -= waited;
    return seconds - waited;
  }

  /** @returns the seconds that are left after the arrival */
  #move(seconds: number): number {
    const needed = (1 - this.#fraction) * this.#wholeTime();
    if (needed <= seconds) {
      this.#fraction = 1;
      return seconds - needed;
    }
    this.#fraction += seconds / this.#wholeTime();
    return 0;
  }

  /** Seconds for the whole way at the present speed. */
  #wholeTime(): number {
    const { rate, rateBySpeed = 1, duration = MOVE_TIME } = this.#behaviour ?? {};
    const speed = this.#speed();
    const known = speed === undefined ? rate : speed * rateBySpeed;
    return this.#way === undefined || known === undefined ? duration : this.#way / known;
  }
}

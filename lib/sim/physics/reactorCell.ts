/** The physics of a catalytic reactor cell, in degrees Celsius, watts, joules and seconds. */

/** Room temperature in °C. */
export const ROOM = 22;
/** Highest power of the furnace in W. */
export const FURNACE_POWER = 400;
/** Heat capacity of the furnace in J/K. */
const CAPACITY = 180;
/** Heat loss to the room in W/K. */
const LOSS = 0.45;
/** Time constant in s with which the bed follows the furnace. */
const BED_LAG = 12;
/** Longest Euler step in s, well below the shortest time constant. */
const LONGEST_STEP = 1;
/** Proportional gain of the controller in W/K. */
const GAIN = 20;
/** Integral gain of the controller in W/(K s). */
const INTEGRAL = 0.5;

/** Two bodies: a furnace that loses heat to the room, and the catalyst bed that follows it. */
export class ReactorCell {
  /** Temperature of the furnace in °C. */
  furnace = ROOM;
  /** Temperature of the catalyst bed in °C. */
  bed = ROOM;
  /** Present power of the furnace in W. */
  power = 0;
  #integral = 0;

  /** Lets `seconds` pass. `setpoint(dt)` gives the setpoint of the furnace for each small step. */
  advance(seconds: number, setpoint: (dt: number) => number): void {
    const steps = Math.max(1, Math.ceil(seconds / LONGEST_STEP));
    const dt = seconds / steps;
    for (let n = 0; n < steps; n += 1) {
      this.power = this.#regulate(setpoint(dt), dt);
      this.furnace += ((this.power - LOSS * (this.furnace - ROOM)) / CAPACITY) * dt;
      this.bed += ((this.furnace - this.bed) / BED_LAG) * dt;
    }
  }

  #regulate(setpoint: number, dt: number): number {
    const error = setpoint - this.furnace;
    const wanted = LOSS * (setpoint - ROOM) + GAIN * error + this.#integral;
    const power = Math.min(FURNACE_POWER, Math.max(0, wanted));
    // The integral stops while the furnace is saturated. Otherwise it would overshoot.
    if (power === wanted) this.#integral += INTEGRAL * error * dt;
    return power;
  }
}

/**
 * A catalytic reactor cell as two lumps: a furnace that loses heat to the room, and the catalyst bed that follows it.
 * Degrees Celsius, watts, joules and seconds.
 */

/** °C of the room. */
export const ROOM = 22;
/** W, what the furnace can give. */
export const FURNACE_POWER = 400;
/** J/K of the furnace. */
const CAPACITY = 180;
/** W/K lost to the room. */
const LOSS = 0.45;
/** s: the bed follows the furnace. */
const BED_LAG = 12;
/** Euler steps stay below the shortest time constant. */
const LONGEST_STEP = 1;
/** W per K and W per K·s of the controller. */
const GAIN = 20;
const INTEGRAL = 0.5;

export class ReactorCell {
  furnace = ROOM;
  bed = ROOM;
  /** W, now. */
  power = 0;
  #integral = 0;

  /** Lets `seconds` pass with the furnace regulated to `setpoint(dt)`, asked for at each small step. */
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
    // a saturated furnace must not wind the integral up
    if (power === wanted) this.#integral += INTEGRAL * error * dt;
    return power;
  }
}

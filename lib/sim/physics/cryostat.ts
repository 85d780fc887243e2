/** The physics of a closed-cycle cryostat, in kelvin, watts, joules and seconds. */

/**
 * PID coefficients: `p` in 1/s, `i` in 1/s², `d` without unit. The controller multiplies them by the heat
 * capacity.
 */
export interface Pid {
  readonly p: number;
  readonly i: number;
  readonly d: number;
}

/** Temperature in K that the cold head reaches without load. */
export const BASE_TEMPERATURE = 2.8;
/** Longest Euler step in s; the fastest time constant is 4 s, at low temperature. */
const LONGEST_STEP = 0.25;
/** The controller underestimates the cold head by this factor, so that it needs its integral part. */
const CALIBRATION = 0.96;

/** Heat capacity of the stage in J/K: small when cold, saturating when warm, as for a metal. */
export function heatCapacity(temperature: number): number {
  const x = (temperature / 80) ** 3;
  return 4 + (60 * x) / (1 + x);
}

/** Power in W that the cold head removes at `temperature`. */
export function coolingPower(temperature: number): number {
  return 40 * (1 - Math.exp(-(temperature - BASE_TEMPERATURE) / 50));
}

/**
 * Two bodies: the stage, cooled by a cold head and warmed by a heater, and the sample, which is weakly
 * coupled to it.
 */
export class Cryostat {
  /** Temperature of the stage in K. */
  stage: number;
  /** Temperature of the sample in K. */
  sample: number;
  /** Present power of the heater in W. */
  power: number;
  #integral: number;
  #lastError = 0;
  #lastSetpoint: number;

  /** Starts in equilibrium at `temperature`. */
  constructor(temperature: number) {
    this.stage = temperature;
    this.sample = temperature;
    this.#lastSetpoint = temperature;
    this.power = coolingPower(temperature);
    this.#integral = ((1 - CALIBRATION) * this.power) / heatCapacity(temperature);
  }

  /** Lets `seconds` pass. `power(dt)` gives the heater power for each small step. */
  advance(seconds: number, power: (dt: number) => number): void {
    const steps = Math.max(1, Math.ceil(seconds / LONGEST_STEP));
    const dt = seconds / steps;
    for (let n = 0; n < steps; n += 1) {
      this.power = power(dt);
      this.stage += ((this.power - coolingPower(this.stage)) / heatCapacity(this.stage)) * dt;
      this.sample += ((this.stage - this.sample) / sampleLag(this.stage)) * dt;
    }
  }

  /**
   * Heater power in W that brings the stage to `setpoint`: a feed-forward for the ramp and the cold head,
   * plus PID, from 0 to `maxPower`.
   */
  regulate(setpoint: number, pid: Pid, maxPower: number, dt: number): number {
    const error = setpoint - this.stage;
    const slope = dt > 0 ? (error - this.#lastError) / dt : 0;
    this.#lastError = error;
    const scale = heatCapacity(this.stage);
    const rise = dt > 0 ? (setpoint - this.#lastSetpoint) / dt : 0;
    this.#lastSetpoint = setpoint;
    const load = CALIBRATION * coolingPower(setpoint) + scale * rise;
    const wanted = load + scale * (pid.p * error + this.#integral + pid.d * slope);
    const power = Math.min(maxPower, Math.max(0, wanted));
    // The integral stops while the heater is saturated. Otherwise the stage would overshoot.
    if (power === wanted) this.#integral += pid.i * error * dt;
    return power;
  }
}

/** Time constant in s with which the sample follows the stage; shorter when cold. */
function sampleLag(temperature: number): number {
  return 1.5 + temperature / 40;
}

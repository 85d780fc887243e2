/**
 * A closed-cycle cryostat as two lumps: the regulated stage, cooled by a cold head and warmed by a heater, and the sample
 * hanging on it by a weak link. Kelvin, watts, joules and seconds.
 */

/** Regulation coefficients: `p` 1/s, `i` 1/s², `d` dimensionless; the controller scales them with the heat capacity. */
export interface Pid {
  readonly p: number;
  readonly i: number;
  readonly d: number;
}

/** K: what the cold head reaches without load. */
export const BASE_TEMPERATURE = 2.8;
/** Euler steps longer than this would not follow the fastest time constant, 4 s at the cold end. */
const LONGEST_STEP = 0.25;
/** The controller's idea of the cold head is this much off: without the integral part it would miss its setpoint. */
const CALIBRATION = 0.96;

/** J/K: a metal stage, small when cold, saturating when warm. */
export function heatCapacity(temperature: number): number {
  const x = (temperature / 80) ** 3;
  return 4 + (60 * x) / (1 + x);
}

/** W the cold head takes away at `temperature`. */
export function coolingPower(temperature: number): number {
  return 40 * (1 - Math.exp(-(temperature - BASE_TEMPERATURE) / 50));
}

export class Cryostat {
  stage: number;
  sample: number;
  /** W, what the heater gives now. */
  power: number;
  #integral: number;
  #lastError = 0;
  #lastSetpoint: number;

  /** In balance at `temperature`. */
  constructor(temperature: number) {
    this.stage = temperature;
    this.sample = temperature;
    this.#lastSetpoint = temperature;
    this.power = coolingPower(temperature);
    this.#integral = ((1 - CALIBRATION) * this.power) / heatCapacity(temperature);
  }

  /** Lets `seconds` pass with the heater at `power(dt)`, asked for at each small step. */
  advance(seconds: number, power: (dt: number) => number): void {
    const steps = Math.max(1, Math.ceil(seconds / LONGEST_STEP));
    const dt = seconds / steps;
    for (let n = 0; n < steps; n += 1) {
      this.power = power(dt);
      this.stage += ((this.power - coolingPower(this.stage)) / heatCapacity(this.stage)) * dt;
      this.sample += ((this.stage - this.sample) / sampleLag(this.stage)) * dt;
    }
  }

  /** W that brings the stage to `setpoint`: feed-forward of the ramp and of the cold head's load, plus PID, within 0 and `maxPower`. */
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
    // A saturated heater must not wind the integral up, else the stage overshoots by what it could not do before.
    if (power === wanted) this.#integral += pid.i * error * dt;
    return power;
  }
}

/** s: the sample follows the stage faster when cold. */
function sampleLag(temperature: number): number {
  return 1.5 + temperature / 40;
}

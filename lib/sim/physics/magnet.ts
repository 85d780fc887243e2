/** The physics of a superconducting magnet with a persistent switch. */

import { STATUS } from "../../secop/values/moduleStatus";
import { rampTowards } from "./ramp";

/** driven: the leads keep the current; persistent: the switch closes and the leads ramp down. */
export type MagnetMode = "driven" | "persistent";

/** Time in s that the switch needs to warm up or to cool down. */
const SWITCH_TIME = 30;
/** Time in s that the current needs to settle after a ramp. */
const SETTLE_TIME = 10;
/** The factor by which the leads ramp faster than the field, since they lack the inductance of the coil. */
const LEAD_SPEED = 10;

/** One phase of a change of field. `advance` lets `dt` seconds pass and returns whether the phase is over. */
interface Phase {
  readonly code: number;
  readonly text: string;
  advance(dt: number): boolean;
}

/** Leads, switch heater and coil, which go through their phases one after the other. */
export class Magnet {
  /** Field of the coil in T. */
  field = 0;
  /** Current in the leads, as the field in T that it would give. */
  leads = 0;
  /** Whether the persistent switch is warm, which means open. */
  switchWarm = false;
  /** Wanted field in T. */
  target = 0;
  mode: MagnetMode = "persistent";
  /** Speed of the field in T/min. */
  ramp = 1;
  #phases: Phase[] = [];

  /** Whether the field or the switch is changing. */
  get busy(): boolean {
    return this.#phases.length > 0;
  }

  /** The SECoP status code and text of the present phase. */
  get status(): readonly [number, string] {
    const phase = this.#phases[0];
    if (phase) return [phase.code, phase.text];
    return this.switchWarm ? [STATUS.IDLE, "driven by the leads"] : [STATUS.IDLE, "persistent"];
  }

  /** Starts a change of field. */
  goTo(tesla: number): void {
    this.target = tesla;
    const open = this.switchWarm ? [] : [this.#chargeLeads(), this.#warmSwitch()];
    this.#phases = [...open, this.#rampCoil(), ...this.#finish()];
  }

  /** Keeps the present field. Does nothing at rest. */
  stop(): void {
    if (!this.busy) return;
    this.target = this.field;
    if (this.switchWarm) this.leads = this.field;
    this.#phases = this.#finish();
  }

  /** Opens or closes the switch as the mode demands, unless the field is changing. */
  setMode(mode: MagnetMode): void {
    this.mode = mode;
    if (this.busy) return;
    if (mode === "driven" && !this.switchWarm) this.#phases = [this.#chargeLeads(), this.#warmSwitch()];
    if (mode === "persistent" && this.switchWarm) this.#phases = this.#finish();
  }

  /** Lets `dt` seconds pass. */
  advance(dt: number): void {
    if (this.#phases[0]?.advance(dt)) this.#phases.shift();
  }

  #finish(): Phase[] {
    const settle = wait(STATUS.STABILIZING, "waiting for a stable current", SETTLE_TIME);
    if (this.mode === "driven") return [settle];
    const cool = wait(STATUS.FINALIZING, "closing the switch", SWITCH_TIME, () => {
      this.switchWarm = false;
    });
    return [settle, cool, this.#moveLeads(STATUS.FINALIZING, "ramping the leads down", () => 0)];
  }

  #chargeLeads(): Phase {
    return this.#moveLeads(STATUS.PREPARING, "ramping the leads to the field", () => this.field);
  }

  #moveLeads(code: number, text: string, goal: () => number): Phase {
    return {
      code,
      text,
      advance: (dt) => {
        this.leads = rampTowards(this.leads, goal(), (LEAD_SPEED * this.ramp) / 60, dt);
        return this.leads === goal();
      },
    };
  }

  #warmSwitch(): Phase {
    return wait(STATUS.PREPARING, "opening the switch", SWITCH_TIME, () => {
      this.switchWarm = true;
    });
  }

  #rampCoil(): Phase {
    return {
      code: STATUS.RAMPING,
      text: "ramping the field",
      advance: (dt) => {
        this.field = rampTowards(this.field, this.target, this.ramp / 60, dt);
        this.leads = this.field;
        return this.field === this.target;
      },
    };
  }
}

function wait(code: number, text: string, seconds: number, then: () => void = () => {}): Phase {
  let left = seconds;
  return {
    code,
    text,
    advance: (dt) => {
      left -= dt;
      if (left > 0) return false;
      then();
      return true;
    },
  };
}

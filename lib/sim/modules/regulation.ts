/** The regulation of the simulated cryostat: setpoint ramp, PID, and stability. */

import { STATUS } from "../../secop/values/moduleStatus";
import type { ModuleSelf } from "../node/moduleDefinition";
import type { Cryostat, Pid } from "../physics/cryostat";
import { rampTowards } from "../physics/ramp";
import { StabilityWatch } from "../physics/stabilityWatch";

/** ramp: the setpoint ramps; pid: it jumps; openloop: the heater is set by hand. */
export type RegulationMode = "ramp" | "pid" | "openloop";

/** Highest power of the heater in W. */
export const MAX_POWER = 60;

/** Regulates the stage of a cryostat and sets the status of its module. */
export class Regulation {
  /** Present setpoint in K. */
  setpoint: number;
  /** Heater power in W in open loop. */
  manualPower = 0;
  readonly #model: Cryostat;
  readonly #self: ModuleSelf;
  readonly #stability = new StabilityWatch();
  #settled = true;

  constructor(self: ModuleSelf, model: Cryostat) {
    this.#self = self;
    this.#model = model;
    this.setpoint = model.stage;
  }

  get inOpenLoop(): boolean {
    return this.#mode === "openloop";
  }

  /** Begins to move to `kelvin`. Ends an open loop. */
  setTarget(kelvin: number): void {
    if (this.#mode === "openloop") {
      this.#self.set("mode", "ramp");
      this.setMode("ramp");
    }
    this.#self.set("target", kelvin);
    this.#start(`going to ${kelvin} K`);
  }

  /** Applies a new mode. */
  setMode(mode: RegulationMode): void {
    this.#self.set("control_active", mode !== "openloop");
    if (mode === "openloop") {
      this.#settled = true;
      this.#self.status(STATUS.STANDBY, "open loop: the heater is set by hand");
    } else if (this.#mode === "openloop") {
      this.setpoint = this.#model.stage;
      this.#start("control switched on");
    }
  }

  /** Sets the heater by hand and ends the regulation. */
  openLoop(watts: number): void {
    this.manualPower = watts;
    this.setMode("openloop");
    this.#self.set("mode", "openloop");
  }

  /** Keeps the present temperature. Does nothing when it is settled. */
  stop(): void {
    if (this.#settled) return;
    this.setpoint = this.#model.stage;
    this.#self.set("target", this.setpoint);
    this.#start("stopped");
  }

  step(dt: number): void {
    const mode = this.#mode;
    if (mode === "openloop") {
      this.#model.advance(dt, () => this.manualPower);
      return;
    }
    const target = this.#self.get<number>("target");
    const rate = mode === "ramp" ? this.#self.get<number>("ramp") / 60 : 0;
    const pid = this.#self.get<Pid>("_pid");
    this.#model.advance(dt, (short) => {
      this.setpoint = rampTowards(this.setpoint, target, rate, short);
      return this.#model.regulate(this.setpoint, pid, MAX_POWER, short);
    });
    if (!this.#settled && this.setpoint === target) this.#settle(target, dt);
  }

  #settle(target: number, dt: number): void {
    const tolerance = this.#self.get<number>("_tolerance");
    const window = this.#self.get<number>("_window");
    this.#settled = this.#stability.watch(this.#model.stage - target, dt, tolerance, window);
    if (this.#settled) this.#self.status(STATUS.IDLE, "at target");
    else this.#self.status(STATUS.STABILIZING, "waiting for a stable temperature");
  }

  #start(text: string): void {
    this.#stability.restart();
    this.#settled = false;
    this.#self.status(STATUS.RAMPING, text);
  }

  get #mode(): RegulationMode {
    return this.#self.get<RegulationMode>("mode");
  }
}

/** Two simulated motors at right angles. */

import { StandardReadable } from "../../core/standard/standardReadable";
import { SimMotor, type SimMotorOptions } from "./simMotor";

/** A stage with the motors `stage.x` and `stage.y`. */
export class SimStage extends StandardReadable {
  readonly x: SimMotor;
  readonly y: SimMotor;

  constructor(name = "", options: SimMotorOptions = {}) {
    super();
    this.x = new SimMotor("", options);
    this.y = new SimMotor("", options);
    this.addReadables([this.x, this.y]);
    this.setName(name);
  }
}

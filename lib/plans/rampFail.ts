/** The error of plans that wait for a device. */

import { ClearError } from "../clearError";

/** A ramp, or settling, took longer than its timeout. */
export class RampFail extends ClearError {
  override readonly name = "RampFail";
}

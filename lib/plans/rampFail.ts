/** The error of plans that wait for a device. */

/** A ramp, or settling, took longer than its timeout. */
export class RampFail extends Error {
  override readonly name = "RampFail";
}

/** The error of a ramp, or of settling, that took longer than its timeout. */
export class RampFail extends Error {
  override readonly name = "RampFail";
}

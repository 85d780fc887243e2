/** What plans for ramps have in common. */

/** A ramp took longer than its timeout. */
export class RampFail extends Error {
  override readonly name = "RampFail";
}

/** Seconds. */
export const now = () => Date.now() / 1000;

/**
 * The checks that plans make of their arguments before their first message, each with an error of one line.
 * They use the protocols of devices and nothing of plans. Begin with `checkDetectors` in deviceArguments.ts.
 */

export type { AnyMotor, ReadableMotor } from "./deviceArguments";

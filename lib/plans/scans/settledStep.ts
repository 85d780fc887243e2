/** A step of a scan that measures when the motors have settled. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { movePerStep, type PositionCache, type Step, type TakeReading, triggerAndRead } from "../stubs/pointStubs";
import { type SettleOptions, settle } from "../stubs/settle";
import type { PerStep } from "./scanNd";

/**
 * A `perStep` for scans that measures each point when each motor has settled:
 * `scan([det], cryo, 5, 20, 16, { perStep: settledStep({ tolerance: 0.05, time: 30 }) })`.
 */
export function settledStep(options: SettleOptions, takeReading: TakeReading = triggerAndRead): PerStep {
  return function* settledStep(detectors: readonly Readable[], step: Step, positions: PositionCache): Plan<void> {
    yield* movePerStep(step, positions);
    for (const [motor, position] of step) yield* settle(motor as Readable, position as number, options);
    yield* takeReading([...detectors, ...(step.keys() as Iterable<Readable>)]);
  };
}

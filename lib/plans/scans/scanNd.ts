/** Scans along any trajectory; the other scans make a trajectory and end here. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { type AnyMotor, checkDetectors, checkName } from "../arguments/deviceArguments";
import { checkMaker, madePlan } from "../arguments/valueArguments";
import { Cycler } from "../patterns/cycler";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { oneNdStep, type PositionCache, type Step } from "../stubs/pointStubs";
import { deviceText, functionInPlanArgs, type MdOptions, motorDimensions, withMetadata } from "./planMetadata";

/** Makes the plan of one point of a scan. */
export type PerStep = (detectors: readonly Readable[], step: Step, positions: PositionCache) => Plan<unknown>;

/** Options of scans, the last argument. */
export interface ScanOptions extends MdOptions {
  /** Makes the plan of one point; default `oneNdStep`. */
  readonly perStep?: PerStep;
}

/** Measures at each point of a trajectory. @returns the run's uid */
export const scanNd = plan(
  "scanNd",
  function* (detectors: readonly Readable[], trajectory: Cycler<AnyMotor>, options: ScanOptions = {}): Plan<string> {
    checkDetectors("scanNd", detectors);
    if (!(trajectory instanceof Cycler)) {
      throw new UsageError("scanNd: argument 2 is a trajectory, e.g. cycler(motor, [1, 2, 3])");
    }
    checkMaker("scanNd", { perStep: options.perStep });
    const { perStep = oneNdStep } = options;
    const { motors, length } = trajectory;
    for (const motor of motors) checkTrajectoryMotor(motor);
    const md = withMetadata(
      {
        detectors: detectors.map((detector) => detector.name),
        motors: motors.map((motor) => motor.name),
        num_points: length,
        num_intervals: length - 1,
        plan_args: {
          detectors: detectors.map(deviceText),
          cycler: motors.map(deviceText).join(" and "),
          per_step: functionInPlanArgs(options.perStep),
        },
        plan_name: "scan_nd",
      },
      options.md,
      motorDimensions(motors),
    );
    return yield* stageWrapper(runWrapper(measurePoints(detectors, trajectory, perStep), { md }), [
      ...detectors,
      ...motors,
    ]);
  },
);

function* measurePoints(detectors: readonly Readable[], trajectory: Cycler<AnyMotor>, perStep: PerStep): Plan<void> {
  const positions: PositionCache = new Map();
  for (const step of trajectory) {
    yield* madePlan("scan", "perStep", perStep(detectors, step as Step, positions));
  }
}

function checkTrajectoryMotor(motor: AnyMotor): void {
  if (typeof motor?.set !== "function" || typeof motor.read !== "function") {
    throw new UsageError(`${motor?.name ?? String(motor)} can't be scanned: a motor of a scan has set() and read()`);
  }
  checkName("a motor of the trajectory", motor);
}

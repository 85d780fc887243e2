/** Scans through lists of positions, all motors together. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { type AnyMotor, checkDetectors } from "../arguments/deviceArguments";
import { innerListProduct } from "../patterns/products";
import { plan } from "../plan";
import { checkPositions } from "./checkPositions";
import { deviceText, documentedName, functionInPlanArgs, jointDimension, withMetadata } from "./planMetadata";
import { relativeToStart } from "./relativeToStart";
import { type ListScanArgs, type NamedListScan, readListScanArgs, SCAN_NAMES } from "./scanArguments";
import { type ScanOptions, scanNd } from "./scanNd";

/** A motor and its positions. */
type List = [motor: AnyMotor, points: Iterable<unknown>];
/**
 * `motor, points, motor, points, ..., options?`, or one motor by name: `{ motor, points }`. There is one
 * signature for each number of motors as in `LineScan`.
 */
export interface ListScan<O = ScanOptions> {
  (detectors: readonly Readable[], options: NamedListScan & O): Plan<string>;
  (detectors: readonly Readable[], ...args: [...list: List, options?: O]): Plan<string>;
  (detectors: readonly Readable[], ...args: [...list: List, ...list: List, options?: O]): Plan<string>;
  (detectors: readonly Readable[], ...args: [...list: List, ...list: List, ...list: List, options?: O]): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...list: List, ...list: List, ...list: List, ...list: List, options?: O]
  ): Plan<string>;
}

/**
 * Moves motors through lists of positions, together: `listScan([det], motor, [1, 2, 5])`.
 * @returns the run's uid
 */
export const listScan = plan(
  "listScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("listScan", detectors);
    const parsed = readListScanArgs("listScan", args, SCAN_NAMES);
    yield* checkPositions(parsed.pairs);
    return yield* scanLists("listScan", detectors, parsed);
  },
) as ListScan;

/** Like `listScan`, with positions relative to where the motors are. It moves them back there at its end. */
export const relListScan = plan(
  "relListScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("relListScan", detectors);
    const parsed = readListScanArgs("relListScan", args, SCAN_NAMES);
    return yield* relativeToStart(parsed.pairs, scanLists("relListScan", detectors, parsed));
  },
) as ListScan;

function* scanLists(name: string, detectors: readonly Readable[], { pairs, options }: ListScanArgs): Plan<string> {
  const lengths = pairs.map(([, points]) => points.length);
  if (new Set(lengths).size > 1) {
    throw new UsageError(`${name}: the lists need equally many points, not ${lengths.join(", ")}`);
  }
  const motors = pairs.map(([motor]) => motor);
  const texts = pairs.flatMap(([motor, points]) => [deviceText(motor), points]);
  const length = lengths[0] ?? 0;
  const md = withMetadata(
    {
      detectors: detectors.map((detector) => detector.name),
      motors: motors.map((motor) => motor.name),
      num_points: length,
      num_intervals: length - 1,
      plan_args: { detectors: detectors.map(deviceText), args: texts, per_step: functionInPlanArgs(options.perStep) },
      plan_name: documentedName(name),
      plan_pattern: "inner_list_product",
      plan_pattern_module: "bluesky.plan_patterns",
      plan_pattern_args: { args: texts },
    },
    options.md,
    jointDimension(motors),
  );
  return yield* scanNd(detectors, innerListProduct(pairs), { ...options, md });
}

/**
 * The metadata that plans put into their runs, so that views know
 * what to show and readers know what was done.
 */

import { type HasName, type Hints, hasHints } from "../../core/protocols/protocols";
import { checkMetadata } from "../../engine/documents/metadata";
import type { PlanMetadata } from "../stubs/runStubs";

/** The options that all plans have, the last argument. */
export interface MdOptions {
  /** Metadata for the start document; it overrides that of the plan. */
  readonly md?: PlanMetadata;
}

/** The name of a plan in documents, spelled as in bluesky: `relScan` becomes `rel_scan`. */
export function documentedName(plan: string): string {
  return plan.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The data keys by which a device wants to be shown. */
export function hintedFields(device: unknown): readonly string[] {
  return hasHints(device) ? (device.hints.fields ?? []) : [];
}

/** One dimension for each motor; no dimensions if a motor has no hints. */
export function motorDimensions(motors: readonly object[]): Pick<Hints, "dimensions"> {
  if (!motors.every((motor) => hasHints(motor) && motor.hints.fields)) return {};
  return { dimensions: motors.map((motor) => [hintedFields(motor), "primary"] as const) };
}

/** One dimension for all motors, which move together. */
export function jointDimension(motors: readonly object[]): Pick<Hints, "dimensions"> {
  const fields = motors.flatMap((motor) => [...hintedFields(motor)]);
  return fields.length > 0 ? { dimensions: [[fields, "primary"]] } : {};
}

/**
 * The metadata of a scan that chooses the points of its motor as it goes.
 * @param args the arguments of the plan besides detectors and motor, by bluesky's names
 */
export function searchMetadata(
  plan: string,
  detectors: readonly HasName[],
  motor: HasName,
  args: Readonly<Record<string, unknown>>,
  given: PlanMetadata | undefined,
): PlanMetadata {
  return withMetadata(
    {
      detectors: detectors.map((detector) => detector.name),
      motors: [motor.name],
      plan_args: { detectors: detectors.map(deviceText), motor: deviceText(motor), ...args },
      plan_name: documentedName(plan),
    },
    given,
    motorDimensions([motor]),
  );
}

/** A device as `plan_args` names it, by class and name: `SimMotor("theta")`. */
export function deviceText(device: object): string {
  return `${device.constructor?.name ?? "Object"}(${JSON.stringify((device as Partial<HasName>).name ?? "")})`;
}

/** A function such as `per_step` as `plan_args` names it; "None", as in Python, if there is none. */
export function functionInPlanArgs(fn: ((...args: never[]) => unknown) | undefined): string {
  return fn ? fn.name || "function" : "None";
}

/** The plan's own metadata, overridden by that of the caller; hints are merged key by key. */
export function withMetadata(
  own: Record<string, unknown>,
  given: PlanMetadata | undefined,
  hints: Hints,
): PlanMetadata {
  return { ...overridden(own, given), hints: { ...hints, ...(given?.hints as Hints | undefined) } };
}

/** The metadata of a plan, overridden by those of the user. @throws UsageError if these are not an object */
export function overridden(own: PlanMetadata, given: PlanMetadata | undefined): PlanMetadata {
  checkMetadata(given ?? {});
  return { ...own, ...given };
}

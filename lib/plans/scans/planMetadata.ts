/** Metadata that plans put into their runs, so that views know what to show and a colleague knows what was done. */

import { type HasName, type Hints, hasHints } from "../../core/protocols/protocols";
import type { PlanMetadata } from "../stubs/runStubs";

/** The fields by which a device shows itself. */
export function hintedFields(device: unknown): readonly string[] {
  return hasHints(device) ? (device.hints.fields ?? []) : [];
}

/** One dimension per motor; none at all if a motor has no hints. */
export function motorDimensions(motors: readonly object[]): Pick<Hints, "dimensions"> {
  if (!motors.every((motor) => hasHints(motor) && motor.hints.fields)) return {};
  return { dimensions: motors.map((motor) => [hintedFields(motor), "primary"] as const) };
}

/** One dimension of all motors: they move together. */
export function jointDimension(motors: readonly object[]): Pick<Hints, "dimensions"> {
  const fields = motors.flatMap((motor) => [...hintedFields(motor)]);
  return fields.length > 0 ? { dimensions: [[fields, "primary"]] } : {};
}

/** The metadata of a scan of one motor that chooses its points as it goes; `args` are those of the plan besides detectors and motor. */
export function searchMetadata(
  planName: string,
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
      plan_name: planName,
    },
    given,
    motorDimensions([motor]),
  );
}

/** A device in `plan_args`: its class and name. */
export function deviceText(device: object): string {
  return `${device.constructor?.name ?? "Object"}(${JSON.stringify((device as Partial<HasName>).name ?? "")})`;
}

/** `per_step` in `plan_args`. */
export function functionText(fn: ((...args: never[]) => unknown) | undefined): string {
  return fn ? fn.name || "function" : "None";
}

/** Options of a plan that is made of another one, which has its own name in the start document unless the caller gives one. */
export function renamed<O extends { readonly md?: PlanMetadata }>(planName: string, options: O): O {
  return { ...options, md: { plan_name: planName, ...options.md } };
}

/** The plan's metadata under the caller's; hints are joined key by key. */
export function withMetadata(
  own: Record<string, unknown>,
  given: PlanMetadata | undefined,
  hints: Hints,
): PlanMetadata {
  return { ...own, ...given, hints: { ...hints, ...(given?.hints as Hints | undefined) } };
}

/** Writes a value of a device with the unit of the device. */

import { formatValue } from "../../display/formatValue";
import { withUnits } from "../../display/number";

/** The members that may have the unit of a device. */
const VALUES = ["value", "readback"] as const;

/** A value with the unit of the signal or device, if that is known. `digits` are significant digits. */
export function valueWithUnit(device: object, value: unknown, digits?: number): string {
  const text = typeof value === "number" && digits ? String(Number(value.toPrecision(digits))) : formatValue(value);
  return withUnits(text, unitsOf(device));
}

function unitsOf(device: object): string | undefined {
  const members = device as Readonly<Record<string, { readonly units?: unknown } | undefined>>;
  const candidates = [device as { readonly units?: unknown }, ...VALUES.map((name) => members[name])];
  const found = candidates.find((candidate) => typeof candidate?.units === "string");
  return found?.units as string | undefined;
}

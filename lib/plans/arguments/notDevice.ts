/** The error for an argument that should be a device but is not, or is not one of the kind that is needed. */

import { UsageError } from "../../errors";

/**
 * Describes what is wrong with an argument that should be a device.
 * @param place where the argument stands, e.g. "scan: argument 2"
 * @param lack what a device with a name cannot do, e.g. "can't be moved: it has no set()"
 * @param otherwise follows the place if the value has no name; default `lack`
 */
export function notDevice(place: string, value: unknown, lack: string, otherwise = lack): UsageError {
  if (value === undefined || value === null) {
    return new UsageError(`${place} is ${value}: is the name of the device right?`);
  }
  const { name } = value as { readonly name?: unknown };
  const named = typeof value === "object" && typeof name === "string" && name !== "";
  return new UsageError(named ? `${place}, ${name}, ${lack}` : `${place} ${otherwise}`);
}

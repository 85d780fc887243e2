import { UsageError } from "../errors";

/**
 * The error for an argument that should be a device.
 * @param place where it stands: "scan: argument 2"
 * @param lack what a device is told by its name: "can't be moved: it has no set()"
 * @param otherwise what is told after the place of something without a name
 */
export function notDevice(place: string, value: unknown, lack: string, otherwise = lack): UsageError {
  if (value === undefined || value === null)
    return new UsageError(`${place} is ${value}: is the name of the device right?`);
  const { name } = value as { readonly name?: unknown };
  const named = typeof value === "object" && typeof name === "string" && name !== "";
  return new UsageError(named ? `${place}, ${name}, ${lack}` : `${place} ${otherwise}`);
}

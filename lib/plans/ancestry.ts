/**
 * Finds out which device contains which, because staging and reading
 * take a whole device rather than its parts.
 */

function parentOf(device: unknown): object | undefined {
  const { parent } = device as { parent?: unknown };
  return typeof parent === "object" && parent !== null ? parent : undefined;
}

/** A device, its parent, and so on to the top. */
export function ancestry(device: object): object[] {
  const line: object[] = [];
  for (let each: object | undefined = device; each && !line.includes(each); each = parentOf(each)) line.push(each);
  return line;
}

/** The device at the top: the one that contains this device and is part of no other. */
export function rootAncestor(device: object): object {
  return ancestry(device).at(-1) ?? device;
}

/** The devices without repetition, and without those that are part of another device in the list. */
export function separateDevices<D extends object>(devices: Iterable<D>): D[] {
  const result: D[] = [];
  for (const device of devices) {
    const line = ancestry(device);
    if (result.some((other) => line.includes(other))) continue;
    for (const other of [...result]) {
      if (ancestry(other).includes(device)) result.splice(result.indexOf(other), 1);
    }
    result.push(device);
  }
  return result;
}

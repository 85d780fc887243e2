/** The calls of all mocks of a device, in their order. */

import { UsageError } from "../../errors";
import { Device } from "../device/device";
import { mockedCommand } from "./mockCommand";
import { MockSignalBackend } from "./mockSignalBackend";
import type { OrderedCalls } from "./orderedCalls";
import { backendOf, Signal } from "./signal";

/** A member of a device, such as `x.setpoint`, and the value that was put to it, or its argument. */
export type MockCall = readonly [member: string, value: unknown];

/**
 * All values that were put to the signals of a mocked device and of its children, and the arguments of its
 * commands that were executed, in the order of the calls:
 * `[["velocity", 2], ["userSetpoint", 5], ["stop_", undefined]]`.
 *
 * @throws UsageError if nothing of the device is mocked
 */
export function mockCalls(device: Device): readonly MockCall[] {
  const found = [...mocksWithin(device, "", new Set())];
  if (found.length === 0)
    throw new UsageError(`${device.name || "the device"} is not mocked: connect it with {mock: true} first`);
  return found
    .flatMap(([member, { values, places }]) => values.map((value, i) => ({ member, value, place: places[i] ?? 0 })))
    .sort((a, b) => a.place - b.place)
    .map(({ member, value }) => [member, value] as const);
}

/** The mocks of a device, each with its path from there. */
function* mocksWithin(
  device: object,
  path: string,
  seen: Set<object>,
): Generator<readonly [path: string, calls: OrderedCalls<unknown>]> {
  if (seen.has(device)) return;
  seen.add(device);
  const calls = callsOf(device);
  if (calls) yield [path, calls];
  if (!(device instanceof Device)) return;
  const below = (key: string) => (path === "" ? key : `${path}.${key}`);
  for (const [key, child] of device.children()) yield* mocksWithin(child, below(key), seen);
  // The commands of a SEC node are functions, which `children` does not contain.
  for (const [key, member] of Object.entries(device)) {
    if (typeof member === "function") yield* mocksWithin(member, below(key), seen);
  }
}

function callsOf(device: object): OrderedCalls<unknown> | undefined {
  if (!(device instanceof Signal)) return mockedCommand(device)?.calls;
  const backend = backendOf(device);
  return backend instanceof MockSignalBackend ? backend.calls : undefined;
}

/** The configuration of the devices of a stream. */

import type { EventDescriptor } from "../documents/documents";

/** The configuration of the devices of a stream, by device and key: `run.config().cryo["cryo-ramp"]`. */
export type RunConfiguration = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The last configuration of each device in the descriptors of a stream. */
export function configurationOf(descriptors: readonly EventDescriptor[]): RunConfiguration {
  const all = descriptors.flatMap(({ configuration }) => Object.entries(configuration ?? {}));
  return Object.fromEntries(all.map(([device, { data }]) => [device, data]));
}

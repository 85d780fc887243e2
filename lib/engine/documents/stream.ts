/** One stream of a run: the devices read into it, its descriptor and the numbers of its events. */

import type { DataValue } from "../../core/protocols/dataValue";
import type { Configurable, DataKey, DataKeys, Readable, Readings } from "../../core/protocols/protocols";
import { hasHints, isConfigurable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { type CommandSteps, isThenable } from "../commandSteps";
import { deviceName } from "../planErrors";
import type { EventDescriptor, Hints } from "./documents";

/** What a device says about itself for a descriptor. */
export interface Description {
  readonly dataKeys: DataKeys;
  readonly keys: readonly string[];
  configuration: EventDescriptor["configuration"][string];
}

export class Stream {
  readonly name: string;
  /** What the journal calls an event of it. */
  readonly eventWords: string;
  /**
   * Whether its events are measured again after a rewind: those of bundles are, those of monitors and flyers
   * are not.
   */
  readonly #rewinds: boolean;
  /** Descriptions by device, in the order in which the devices were first read. */
  readonly descriptions = new Map<object, Description>();
  /** uid of the current descriptor; undefined before the first. */
  descriptor: string | undefined;
  /** The devices of the descriptor, in its order. */
  devices: readonly object[] = [];
  /** Whether the plan declared it for readings, before its first event. */
  declared = false;
  /** The key `filled` of every event: external data are not filled in yet. */
  filled: Record<string, boolean> = {};
  /** Keys whose data come as stream_datum documents and never in an event. */
  streamedKeys: ReadonlySet<string> = new Set();
  nextSeqNum = 1;
  #seqNumToRewindTo = 1;
  #highestBeforeRewind = 0;

  constructor(name: string, rewinds: boolean) {
    this.name = name;
    this.eventWords = `event ${name}`;
    this.#rewinds = rewinds;
  }

  /** Number of events so far; events that were measured again count once. */
  get count(): number {
    return Math.max(this.nextSeqNum - 1, this.#highestBeforeRewind);
  }

  checkpoint(): void {
    this.#seqNumToRewindTo = this.nextSeqNum;
  }

  /** Goes back to the last checkpoint, so events that are measured again get the same numbers. */
  rewind(): void {
    if (!this.#rewinds) return;
    this.#highestBeforeRewind = this.count;
    this.nextSeqNum = this.#seqNumToRewindTo;
  }
}

/**
 * Asks a device which data keys it reads (by default those of `describe()`) and how it is configured, unless
 * that is known.
 */
export function* describe(
  device: object,
  dataKeys?: DataKeys,
  known?: Description["configuration"],
): CommandSteps<Description> {
  if ((device as { readonly name?: unknown }).name === "")
    throw new UsageError(
      `a ${device.constructor.name} has no name to record it under: name it, by initDevices({ name: device }) for instance`,
    );
  const [keys, configuration] = (yield Promise.all([
    dataKeys ?? (device as Readable).describe(),
    known ?? readConfiguration(device),
  ])) as [DataKeys, Description["configuration"]];
  const name = deviceName(device);
  if (typeof keys !== "object" || keys === null) {
    throw new UsageError(`describe() of ${name} gave ${String(keys)} instead of data keys: { ${name}: { ... } }`);
  }
  const named: Record<string, DataKey> = {};
  for (const key of Object.keys(keys)) {
    if (key === "__proto__")
      throw new UsageError(`${name} describes a data key named __proto__, which no document can hold`);
    named[key] = { ...(keys[key] as DataKey), object_name: name };
  }
  return { dataKeys: named, keys: Object.keys(named), configuration };
}

/**
 * Refuses readings that cannot be recorded: without a value, with a promise that was not awaited, or without
 * a Unix time in seconds.
 *
 * @throws UsageError that names the device and the data key
 */
export function checkReadings(device: object, readings: Readings): void {
  for (const [key, reading] of Object.entries(readings)) {
    const trouble = valueTrouble(reading?.value) ?? timeTrouble(reading?.timestamp);
    if (trouble) throw new UsageError(`${deviceName(device)} read ${trouble[0]} for "${key}": ${trouble[1]}`);
  }
}

/** What is wrong, and what to do. */
type Trouble = readonly [what: string, advice: string];

function valueTrouble(value: unknown): Trouble | undefined {
  if (value === undefined) return ["no value", "use null where there is none"];
  return isThenable(value) ? ["a promise", "await it"] : undefined;
}

/** Unix seconds of the year 5138: a later time was given in milliseconds. */
const LATEST = 1e11;

/** What is wrong with the time of a reading. One that is not known may be NaN. */
export function timeTrouble(time: unknown): Trouble | undefined {
  if (typeof time === "number" && !(Math.abs(time) > LATEST)) return undefined;
  const what = time === undefined ? "no timestamp" : `the timestamp ${String(time)}`;
  return [what, "a timestamp is a Unix time in seconds, such as Date.now() / 1000"];
}

/** The configuration of a device for a descriptor; empty for a device without configuration. */
export async function readConfiguration(device: object): Promise<Description["configuration"]> {
  if (!isConfigurable(device)) return { data: {}, timestamps: {}, data_keys: {} };
  const configurable: Configurable = device;
  const [readings, dataKeys] = await Promise.all([
    configurable.readConfiguration(),
    configurable.describeConfiguration(),
  ]);
  checkReadings(device, readings);
  return { ...splitReadings(readings), data_keys: dataKeys };
}

/** Readings as the parallel `data` and `timestamps` of a document, of the keys that are there. */
export function splitReadings(
  readings: Readings,
  keys: readonly string[] = Object.keys(readings),
): { data: Record<string, DataValue>; timestamps: Record<string, number> } {
  const data: Record<string, DataValue> = {};
  const timestamps: Record<string, number> = {};
  for (const key of keys) {
    const reading = readings[key];
    if (!reading || key === "__proto__") continue;
    // Devices read what documents can hold; what they cannot is refused by those who write them.
    data[key] = reading.value as DataValue;
    timestamps[key] = reading.timestamp;
  }
  return { data, timestamps };
}

/** The hints without fields that the device does not record in this stream. */
function hintsWithin(hints: Hints, { keys }: Description): Hints {
  return hints.fields ? { ...hints, fields: hints.fields.filter((field) => keys.includes(field)) } : hints;
}

/** The parts of a descriptor that come from its devices. Throws if two of them have the same data key. */
export function describeDevices(
  stream: Stream,
  devices: readonly object[],
): Pick<EventDescriptor, "data_keys" | "hints" | "configuration" | "object_keys"> {
  const data_keys: Record<string, DataKey> = {};
  const hints: Record<string, Hints> = {};
  const configuration: Record<string, Description["configuration"]> = {};
  const object_keys: Record<string, readonly string[]> = {};
  for (const device of devices) {
    const description = stream.descriptions.get(device);
    if (!description) continue;
    const name = deviceName(device);
    for (const key of description.keys) {
      const other = data_keys[key]?.object_name;
      if (other !== undefined)
        throw new UsageError(
          `${name} and ${other} both have the data key "${key}" in stream "${stream.name}": rename one of them`,
        );
      data_keys[key] = description.dataKeys[key] as DataKey;
    }
    if (hasHints(device)) hints[name] = hintsWithin(device.hints, description);
    configuration[name] = description.configuration;
    object_keys[name] = description.keys;
  }
  return { data_keys, hints, configuration, object_keys };
}

/** Events of a run that are collected from flyers: devices that measure many points by themselves. */

import { timeNow } from "../../clock";
import type { DataValue } from "../../core/protocols/dataValue";
import type { DataKeys, SyncOrAsync } from "../../core/protocols/protocols";
import { isCollectable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { journalTime } from "../../journal";
import { newUid } from "../../randomSource";
import { awaited, type CommandSteps } from "../commandSteps";
import { deviceName, IllegalMessageSequence, unfitDevice } from "../planErrors";
import { type AssetWriter, type ExternalAssets, listOf } from "./externalAssets";
import type { RunStreams } from "./runStreams";
import { type Description, describe, readConfiguration, type Stream, timeTrouble } from "./stream";

/** What a flyer collects for one event; the engine adds uid, seq_num and descriptor. */
export interface PartialEvent {
  /** The values by their data keys. */
  readonly data: Record<string, DataValue>;
  /** When each value was measured, in Unix seconds. */
  readonly timestamps: Record<string, number>;
  /** For data from outside: whether each value is here. */
  readonly filled?: Record<string, boolean | string>;
}

/** What a flyer collects for many events, as one column of values per data key. */
export interface PartialEventPage {
  /** The values by their data keys, one an event. */
  readonly data: Record<string, readonly DataValue[]>;
  /** When each value was measured, in Unix seconds. */
  readonly timestamps: Record<string, readonly number[]>;
}

/** What `collect` may find on a device, next to `describeCollect`. */
export interface FlyerMembers extends AssetWriter {
  /** Gives the events that were collected since the last call. */
  collect?(): Iterable<PartialEvent> | AsyncIterable<PartialEvent>;
  /** Gives pages of the events that were collected since the last call. */
  collectPages?(): Iterable<PartialEventPage> | AsyncIterable<PartialEventPage>;
  /** Number of frames written so far. */
  getIndex?(): SyncOrAsync<number>;
}

const membersOf = (device: object) => device as FlyerMembers;

export class FlyerStreams {
  readonly #streams: RunStreams;
  readonly #assets: ExternalAssets;
  /** Kicked off and not collected yet. */
  readonly #uncollected = new Set<object>();
  /** Streams declared for sets of devices, in the order of declaration. */
  readonly #declared: { readonly devices: ReadonlySet<object>; readonly stream: Stream }[] = [];
  readonly #described = new Map<object, readonly Stream[]>();

  constructor(streams: RunStreams, assets: ExternalAssets) {
    this.#streams = streams;
    this.#assets = assets;
  }

  /** A motor that flies has nothing to collect. */
  kickedOff(device: object): void {
    if (isCollectable(device)) this.#uncollected.add(device);
  }

  /** `declare_stream` with `collect`: declares the stream that later `collect`s of these devices fill. */
  *declare(name: string, devices: readonly object[]): CommandSteps<void> {
    const stream = this.#streams.get(name, false);
    for (const device of devices) {
      const keys = yield* describeCollect(device);
      const flat = isNested(keys) ? keys[name] : keys;
      if (!flat || (isNested(keys) && Object.keys(keys).length !== 1))
        throw new UsageError(`${deviceName(device)} describes other streams than "${name}": collect it without a name`);
      stream.descriptions.set(device, yield* describe(device, flat));
    }
    this.#streams.emitDescriptor(stream, devices);
    this.#declared.push({ devices: new Set(devices), stream });
  }

  /**
   * Emits what the devices recorded since they were last collected.
   * @returns the partial events or pages if `returnPayload`
   */
  *collect(devices: readonly object[], name: string | undefined, returnPayload: boolean): CommandSteps<unknown> {
    for (const device of devices) {
      if (!isCollectable(device)) throw notCollectable(device);
      this.#uncollected.delete(device);
    }
    const stream = this.#declaredStream(devices, name);
    const [first] = devices;
    if (!stream) {
      if (devices.length !== 1 || !first)
        throw new IllegalMessageSequence(
          "collecting several devices at once needs a declare_stream with collect before",
        );
      if (!this.#described.has(first)) this.#described.set(first, yield* this.#describeStreams(first));
    }
    const index = devices.length > 1 ? yield* smallestIndex(devices) : undefined;
    this.#assets.drop();
    for (const device of devices) yield* this.#assets.take(device, index);
    const frames = this.#assets.emit(stream);
    if (first && devices.length === 1 && membersOf(first).collectPages)
      return yield* this.#collectPages(first, stream, returnPayload);
    if (first && devices.length === 1 && membersOf(first).collect)
      return yield* this.#collectEvents(first, stream, returnPayload);
    if (!stream)
      throw new UsageError(`collecting ${devices.map(deviceName).join(", ")} needs the name of a declared stream`);
    stream.nextSeqNum += frames;
    return undefined;
  }

  /**
   * At the end of a run: collects what was kicked off and never collected. `report` gets each device where
   * that fails.
   */
  *collectRest(report: (device: object, error: unknown) => void): CommandSteps<void> {
    for (const device of this.#uncollected) {
      try {
        yield* this.collect([device], undefined, false);
      } catch (error) {
        report(device, error);
      }
    }
  }

  #declaredStream(devices: readonly object[], name: string | undefined): Stream | undefined {
    const isOf = (all: ReadonlySet<object>) => all.size === devices.length && devices.every((d) => all.has(d));
    const streams = this.#declared.filter((entry) => isOf(entry.devices)).map((entry) => entry.stream);
    const forReadings = [...this.#streams].filter((stream) => stream.declared && isOf(new Set(stream.devices)));
    // What one device collects by itself goes to the streams that it describes, unless a name is given.
    if (name === undefined) return streams[0] ?? (devices.every(writesOnly) ? forReadings[0] : undefined);
    const stream = [...streams, ...forReadings].find((s) => s.name === name);
    if (stream) return stream;
    throw new IllegalMessageSequence(`stream "${name}" is not declared for these devices: declare_stream first`);
  }

  *#describeStreams(device: object): CommandSteps<readonly Stream[]> {
    const keys = yield* describeCollect(device);
    const nested = isNested(keys) ? keys : { primary: keys };
    const configuration = (yield readConfiguration(device)) as Description["configuration"];
    const streams: Stream[] = [];
    const owners = new Map<string, string>();
    for (const [name, dataKeys] of Object.entries(nested)) {
      for (const key of Object.keys(dataKeys)) {
        const other = owners.get(key);
        if (other !== undefined)
          throw new UsageError(
            `${deviceName(device)} describes "${key}" in the streams "${other}" and "${name}": give each its own data keys`,
          );
        owners.set(key, name);
      }
      const stream = this.#streams.get(name, false);
      if (stream.descriptor !== undefined && !stream.devices.includes(device))
        throw new UsageError(
          `stream "${name}" is not ${deviceName(device)}'s: give each its own, or declare it for both`,
        );
      stream.descriptions.set(device, yield* describe(device, dataKeys, configuration));
      if (stream.descriptor === undefined) this.#streams.emitDescriptor(stream, [device]);
      streams.push(stream);
    }
    return streams;
  }

  /** The stream of a partial event or page: the declared one, or the one with the same data keys. */
  #streamOf(device: object, stream: Stream | undefined, part: PartialEvent | PartialEventPage): Stream {
    const keys = Object.keys(part.data);
    checkTimes(device, keys, part);
    if (stream?.declared) {
      const described = stream.descriptions.get(device)?.keys ?? [];
      const other = keys.find((key) => !described.includes(key));
      if (other !== undefined)
        throw new UsageError(
          `stream "${stream.name}" is declared for readings, which have no "${other}": declare it with { collect: true } to collect into it`,
        );
    }
    if (stream) return stream;
    const found = this.#described.get(device)?.find((s) => {
      const described = s.descriptions.get(device)?.keys ?? [];
      return described.length === keys.length && keys.every((key) => described.includes(key));
    });
    if (!found)
      throw new UsageError(`${deviceName(device)} collected keys ${keys.join(", ")} that it does not describe`);
    return found;
  }

  *#collectEvents(device: object, stream: Stream | undefined, returnPayload: boolean): CommandSteps<unknown> {
    const events = yield* listOf(membersOf(device).collect?.() ?? []);
    const byStream = new Map<Stream, PartialEvent[]>();
    for (const event of events) {
      const target = this.#streamOf(device, stream, event);
      const list = byStream.get(target);
      if (list) list.push(event);
      else byStream.set(target, [event]);
    }
    for (const [target, list] of byStream) {
      const filled = list.some((event) => event.filled);
      this.#emitPage(target, columns(list, "data"), columns(list, "timestamps"), filled ? columns(list, "filled") : {});
    }
    return returnPayload ? events : undefined;
  }

  *#collectPages(device: object, stream: Stream | undefined, returnPayload: boolean): CommandSteps<unknown> {
    const pages = yield* listOf(membersOf(device).collectPages?.() ?? []);
    for (const page of pages) this.#emitPage(this.#streamOf(device, stream, page), page.data, page.timestamps, {});
    return returnPayload ? pages : undefined;
  }

  #emitPage(
    stream: Stream,
    data: Record<string, readonly DataValue[]>,
    timestamps: Record<string, readonly number[]>,
    filled: Record<string, readonly (boolean | string)[]>,
  ): void {
    const length = Object.values(data)[0]?.length ?? 0;
    const time = journalTime(stream.eventWords, timeNow());
    this.#streams.emit("event_page", {
      uid: Array.from({ length }, () => newUid()),
      time: Array.from({ length }, () => time),
      descriptor: stream.descriptor as string,
      seq_num: Array.from({ length }, (_, i) => stream.nextSeqNum + i),
      data,
      timestamps,
      filled,
    });
    stream.nextSeqNum += length;
  }
}

/** Whether a device gives no events itself, only documents about what it wrote elsewhere. */
const writesOnly = (device: object): boolean => !membersOf(device).collect && !membersOf(device).collectPages;

/** Refuses collected values without the time at which they were measured. */
function checkTimes(device: object, keys: readonly string[], part: PartialEvent | PartialEventPage): void {
  for (const key of keys) {
    const times = part.timestamps?.[key];
    const trouble = timeTrouble(Array.isArray(times) ? (times[0] ?? Number.NaN) : times);
    if (trouble) throw new UsageError(`${deviceName(device)} collected ${trouble[0]} for "${key}": ${trouble[1]}`);
  }
}

const notCollectable = (device: unknown): UsageError =>
  unfitDevice("collect", device, "be collected: it has no describeCollect()");

function* describeCollect(device: object): CommandSteps<DataKeys | Record<string, DataKeys>> {
  if (!isCollectable(device)) throw notCollectable(device);
  return yield* awaited(device.describeCollect());
}

/** Whether the data keys are grouped by stream: `{stream: {key: DataKey}}`. */
function isNested(keys: DataKeys | Record<string, DataKeys>): keys is Record<string, DataKeys> {
  return Object.values(keys).every((value) => typeof (value as { source?: unknown }).source !== "string");
}

function* smallestIndex(devices: readonly object[]): CommandSteps<number> {
  const indices = devices.map((device) => {
    const index = membersOf(device).getIndex?.();
    if (index === undefined)
      throw new UsageError(`${deviceName(device)} can't be collected with others: it has no getIndex()`);
    return index;
  });
  return Math.min(...((yield Promise.all(indices)) as number[]));
}

function columns<K extends "data" | "timestamps" | "filled">(
  events: readonly PartialEvent[],
  part: K,
): Record<string, NonNullable<PartialEvent[K]>[string][]> {
  const result: Record<string, NonNullable<PartialEvent[K]>[string][]> = {};
  for (const event of events)
    for (const [key, value] of Object.entries(event[part] ?? {})) {
      if (!Object.hasOwn(result, key)) result[key] = [];
      result[key]?.push(value as NonNullable<PartialEvent[K]>[string]);
    }
  return result;
}

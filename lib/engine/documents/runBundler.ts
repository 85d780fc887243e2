/**
 * Makes the documents of one run out of the messages of its plan: start, a descriptor per stream, events, stop. They are right by
 * construction (event-model's rules hold by how they are made), so nothing is validated per event.
 */
import { randomUUID } from "node:crypto";
import type { Readings } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { deviceName, IllegalMessageSequence } from "../planErrors";
import { type Steps, Waiting } from "../waiting";
import type { DocumentName, DocumentTypes, Event, ExitStatus, RunStart } from "./documents";
import { FlyerStreams } from "./flyerStreams";
import { Monitors } from "./monitors";
import { describe, describeDevices, readConfiguration, Stream } from "./stream";

export type Emit = <N extends DocumentName>(name: N, doc: DocumentTypes[N]) => void;

export class RunBundler {
  readonly uid: string;
  /** By name; also declared ones without events. */
  readonly streams = new Map<string, Stream>();
  readonly monitors: Monitors;
  readonly flyers: FlyerStreams;
  readonly emit: Emit;
  #bundle: Stream | null = null;
  #devices: object[] = [];
  #readings: Readings[] = [];
  #interruptions: Stream | null = null;

  constructor(metadata: Readonly<Record<string, unknown>>, emit: Emit, recordInterruptions: boolean) {
    this.uid = randomUUID();
    this.emit = emit;
    this.monitors = new Monitors(this);
    this.flyers = new FlyerStreams(this);
    emit("start", { ...metadata, uid: this.uid, time: now() } as RunStart);
    if (recordInterruptions) this.#declareInterruptions();
  }

  /** Whether a bundle is open: between `create` and `save` or `drop`. */
  get bundling(): boolean {
    return this.#bundle !== null;
  }

  /** Opens a bundle for an event of stream `name`. */
  create(name: string): void {
    if (this.#bundle)
      throw new IllegalMessageSequence(
        `a bundle for "${this.#bundle.name}" is open: "save" or "drop" it before "create"`,
      );
    this.#bundle = this.stream(name, true);
    this.#devices = [];
    this.#readings = [];
    this.flyers.dropAssets();
  }

  /** Puts a reading into the open bundle. Waits where the device has to describe itself first. */
  read(device: object, readings: Readings): Readings | Waiting {
    const stream = this.#bundle;
    if (!stream) return readings;
    if (stream.descriptions.has(device) && !this.flyers.hasAssets(device)) {
      this.#devices.push(device);
      this.#readings.push(readings);
      return readings;
    }
    return new Waiting(this.#readNew(stream, device, readings));
  }

  *#readNew(stream: Stream, device: object, readings: Readings): Steps<Readings> {
    if (!stream.descriptions.has(device)) stream.descriptions.set(device, yield* describe(device));
    yield* this.flyers.takeAssets(device);
    this.#devices.push(device);
    this.#readings.push(readings);
    return readings;
  }

  /** Closes the bundle with an event, the first time after a descriptor. An empty bundle gives none. */
  save(): void {
    const stream = this.#bundle;
    if (!stream) throw new IllegalMessageSequence('"save" without an open bundle: "create" it first');
    this.#bundle = null;
    if (this.#devices.length === 0) return;
    if (stream.descriptor === null) this.emitDescriptor(stream, this.#devices);
    else if (!sameDevices(stream.devices, this.#devices)) throw mismatch(stream, this.#devices);
    const streamed = this.flyers.emitAssets(stream);
    if (streamed > 1)
      throw new UsageError(
        `stream "${stream.name}": ${streamed} external frames for one event; an event takes exactly one`,
      );
    this.#emitBundle(stream);
  }

  #emitBundle(stream: Stream): void {
    const data: Record<string, unknown> = {};
    const timestamps: Record<string, number> = {};
    for (let i = 0; i < this.#devices.length; i += 1) {
      const device = this.#devices[i] as object;
      const readings = this.#readings[i] as Readings;
      for (const key of stream.descriptions.get(device)?.keys ?? []) {
        const reading = readings[key];
        if (reading) {
          data[key] = reading.value;
          timestamps[key] = reading.timestamp;
        } else if (!stream.streamedKeys.has(key)) {
          throw new UsageError(`${deviceName(device)} describes "${key}" but did not read it`);
        }
      }
    }
    this.emitEvent(stream, data, timestamps);
  }

  /** Closes the bundle without an event. */
  drop(): void {
    if (!this.#bundle) throw new IllegalMessageSequence('"drop" without an open bundle: "create" it first');
    this.#bundle = null;
  }

  /** The descriptors of a stream ahead of its data. */
  *declareStream(name: string, devices: readonly object[]): Steps<void> {
    const stream = this.stream(name, true);
    for (const device of devices) {
      if (!stream.descriptions.has(device)) stream.descriptions.set(device, yield* describe(device));
    }
    this.emitDescriptor(stream, devices);
  }

  /** After a device was configured: a new descriptor for each stream it is part of, with the configuration as it is now. */
  *configured(device: object): Steps<void> {
    const configuration = (yield readConfiguration(device)) as Awaited<ReturnType<typeof readConfiguration>>;
    for (const stream of this.streams.values()) {
      const description = stream.descriptions.get(device);
      if (!description) continue;
      description.configuration = configuration;
      if (stream.descriptor !== null && stream.devices.includes(device)) this.emitDescriptor(stream, stream.devices);
    }
  }

  /** A line in the stream `interruptions`, where they are recorded. */
  recordInterruption(content: string): void {
    if (this.#interruptions) this.emitEvent(this.#interruptions, { interruption: content }, { interruption: now() });
  }

  checkpoint(): void {
    for (const stream of this.streams.values()) stream.checkpoint();
  }

  /** Back to the last checkpoint: the events since then will come again under the same numbers. @returns what puts the open bundle back */
  rewind(): () => void {
    const bundle = this.#bundle;
    const devices = this.#devices;
    const readings = this.#readings;
    for (const stream of this.streams.values()) stream.rewind();
    this.#bundle = null;
    return () => {
      this.#bundle = bundle;
      this.#devices = devices;
      this.#readings = readings;
    };
  }

  /** Ends the run. @returns the uid of its start document */
  close(exitStatus: ExitStatus, reason: string): string {
    this.monitors.clear();
    const num_events: Record<string, number> = {};
    for (const stream of this.streams.values()) if (stream.descriptor !== null) num_events[stream.name] = stream.count;
    this.emit("stop", {
      uid: randomUUID(),
      time: now(),
      run_start: this.uid,
      exit_status: exitStatus,
      reason,
      num_events,
    });
    return this.uid;
  }

  /** The stream of that name, made where there is none. */
  stream(name: string, rewinds: boolean): Stream {
    let stream = this.streams.get(name);
    if (!stream) {
      if (name === "__proto__") throw new UsageError("a stream cannot be named __proto__");
      stream = new Stream(name, rewinds);
      this.streams.set(name, stream);
    }
    return stream;
  }

  emitDescriptor(stream: Stream, devices: readonly object[]): void {
    const parts = describeDevices(stream, devices);
    stream.devices = [...devices];
    stream.descriptor = randomUUID();
    const external = Object.entries(parts.data_keys).filter(([, key]) => key.external !== undefined);
    stream.streamedKeys = new Set(external.filter(([, key]) => key.external === "STREAM:").map(([name]) => name));
    stream.filled = Object.fromEntries(
      external.filter(([, key]) => key.external !== "STREAM:").map(([name]) => [name, false]),
    );
    this.emit("descriptor", {
      uid: stream.descriptor,
      time: now(),
      run_start: this.uid,
      name: stream.name,
      ...parts,
    });
  }

  emitEvent(stream: Stream, data: Event["data"], timestamps: Event["timestamps"]): void {
    this.emit("event", {
      uid: randomUUID(),
      time: now(),
      descriptor: stream.descriptor as string,
      seq_num: stream.nextSeqNum,
      data,
      timestamps,
      filled: stream.filled,
    });
    stream.nextSeqNum += 1;
  }

  #declareInterruptions(): void {
    const stream = this.stream("interruptions", false);
    stream.descriptor = randomUUID();
    this.emit("descriptor", {
      uid: stream.descriptor,
      time: now(),
      run_start: this.uid,
      name: stream.name,
      data_keys: { interruption: { dtype: "string", shape: [], source: "RunEngine" } },
      hints: {},
      configuration: {},
      object_keys: {},
    });
    this.#interruptions = stream;
  }
}

const now = () => Date.now() / 1000;

function sameDevices(expected: readonly object[], got: readonly object[]): boolean {
  if (expected.length !== got.length) return false;
  for (let i = 0; i < got.length; i += 1) {
    if (expected[i] !== got[i])
      return new Set(got).size === got.length && got.every((device) => expected.includes(device));
  }
  return true;
}

function mismatch(stream: Stream, got: readonly object[]): UsageError {
  const names = (devices: readonly object[]) => devices.map(deviceName).join(", ");
  return new UsageError(
    `stream "${stream.name}" has ${names(stream.devices)}, but this event reads ${names(got)}: give it a stream of its own`,
  );
}

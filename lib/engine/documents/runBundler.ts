/**
 * Makes the documents of one run from the messages of its plan: start, a descriptor per stream, events, stop.
 */

// The documents follow event-model's rules by the way they are made, so no event is validated.

import { timeNow } from "../../clock";
import type { DataValue } from "../../core/protocols/dataValue";
import type { Readings } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { journalTime } from "../../journal";
import { newUid } from "../../randomSource";
import { type CommandSteps, PendingResult } from "../commandSteps";
import { deviceName, IllegalMessageSequence } from "../planErrors";
import type { ExitStatus, RunStart } from "./documents";
import { ExternalAssets } from "./externalAssets";
import { FlyerStreams } from "./flyerStreams";
import { Monitors } from "./monitors";
import { type EmitDocument, RunStreams } from "./runStreams";
import { checkReadings, describe, readConfiguration, type Stream } from "./stream";

export class RunBundler {
  /** uid of the start document. */
  readonly uid: string;
  readonly monitors: Monitors;
  readonly flyers: FlyerStreams;
  readonly #streams: RunStreams;
  readonly #assets: ExternalAssets;
  /** The stream of the open bundle; undefined outside of `create` and `save`. */
  #bundle: Stream | undefined;
  #devices: object[] = [];
  #readings: Readings[] = [];
  /** The stream `interruptions`; undefined if interruptions are not recorded. */
  #interruptions: Stream | undefined;

  constructor(metadata: Readonly<Record<string, unknown>>, emit: EmitDocument, recordInterruptions: boolean) {
    this.uid = newUid();
    this.#streams = new RunStreams(this.uid, emit);
    this.#assets = new ExternalAssets(this.#streams);
    this.monitors = new Monitors(this.#streams);
    this.flyers = new FlyerStreams(this.#streams, this.#assets);
    emit("start", { ...metadata, uid: this.uid, time: journalTime("start", timeNow()) } as RunStart);
    if (recordInterruptions) this.#interruptions = this.#streams.declareText("interruptions", "interruption");
  }

  /** Whether a bundle is open: between `create` and `save` or `drop`. */
  get bundling(): boolean {
    return this.#bundle !== undefined;
  }

  /** Opens a bundle for an event of stream `name`. */
  create(name: string): void {
    if (this.#bundle)
      throw new IllegalMessageSequence(
        `a bundle for "${this.#bundle.name}" is open: "save" or "drop" it before "create"`,
      );
    this.#bundle = this.#streams.get(name, true);
    this.#devices = [];
    this.#readings = [];
    this.#assets.drop();
  }

  /** Adds a reading to the open bundle. Waits if the device has to describe itself first. */
  read(device: object, readings: Readings): Readings | PendingResult {
    const stream = this.#bundle;
    if (!stream) return readings;
    if (stream.descriptions.has(device) && !this.#assets.writes(device)) {
      this.#devices.push(device);
      this.#readings.push(readings);
      return readings;
    }
    return new PendingResult(this.#readNew(stream, device, readings));
  }

  /**
   * Closes the bundle with an event, and with a descriptor before the first one. An empty bundle makes no
   * event.
   */
  save(): void {
    const stream = this.#bundle;
    if (!stream) throw new IllegalMessageSequence('"save" without an open bundle: "create" it first');
    this.#bundle = undefined;
    if (this.#devices.length === 0) return;
    if (stream.descriptor === undefined) this.#streams.emitDescriptor(stream, this.#devices);
    else if (!sameDevices(stream.devices, this.#devices)) throw mismatch(stream, this.#devices);
    const frames = this.#assets.emit(stream);
    if (frames > 1)
      throw new UsageError(
        `stream "${stream.name}": ${frames} external frames for one event; an event takes exactly one`,
      );
    this.#emitBundle(stream);
  }

  /** Closes the bundle without an event. */
  drop(): void {
    if (!this.#bundle) throw new IllegalMessageSequence('"drop" without an open bundle: "create" it first');
    this.#bundle = undefined;
  }

  /** Emits the descriptor of a stream before its first event. */
  *declareStream(name: string, devices: readonly object[]): CommandSteps<void> {
    const stream = this.#streams.get(name, true);
    for (const device of devices) {
      if (!stream.descriptions.has(device)) stream.descriptions.set(device, yield* describe(device));
    }
    stream.declared = true;
    this.#streams.emitDescriptor(stream, devices);
  }

  /**
   * After a device was configured: emits a new descriptor for each of its streams, with the configuration as
   * it is now.
   */
  *configured(device: object): CommandSteps<void> {
    const configuration = (yield readConfiguration(device)) as Awaited<ReturnType<typeof readConfiguration>>;
    for (const stream of this.#streams) {
      const description = stream.descriptions.get(device);
      if (!description) continue;
      description.configuration = configuration;
      if (stream.descriptor !== undefined && stream.devices.includes(device))
        this.#streams.emitDescriptor(stream, stream.devices);
    }
  }

  /** Emits an event in the stream `interruptions`, if interruptions are recorded. */
  recordInterruption(content: string): void {
    const stream = this.#interruptions;
    if (stream) this.#streams.emitEvent(stream, { interruption: content }, { interruption: timeNow() });
  }

  checkpoint(): void {
    this.#streams.checkpoint();
  }

  /**
   * Goes back to the last checkpoint: the events since then are measured again under the same numbers.
   * @returns restores the bundle that is open now, for a plan that ends before it comes here again
   */
  rewind(): () => void {
    const bundle = this.#bundle;
    const devices = this.#devices;
    const readings = this.#readings;
    this.#streams.rewind();
    this.#bundle = undefined;
    return () => {
      this.#bundle = bundle;
      this.#devices = devices;
      this.#readings = readings;
    };
  }

  /** Ends the run. @returns the uid of its start document */
  close(exitStatus: ExitStatus, reason: string): string {
    this.monitors.clear();
    this.#streams.emit("stop", {
      uid: newUid(),
      time: journalTime("stop", timeNow()),
      run_start: this.uid,
      exit_status: exitStatus,
      reason,
      num_events: this.#streams.numEvents(),
    });
    return this.uid;
  }

  *#readNew(stream: Stream, device: object, readings: Readings): CommandSteps<Readings> {
    if (!stream.descriptions.has(device)) {
      checkReadings(device, readings);
      stream.descriptions.set(device, yield* describe(device));
    }
    yield* this.#assets.take(device);
    this.#devices.push(device);
    this.#readings.push(readings);
    return readings;
  }

  #emitBundle(stream: Stream): void {
    const data: Record<string, DataValue> = {};
    const timestamps: Record<string, number> = {};
    for (let i = 0; i < this.#devices.length; i += 1) {
      const device = this.#devices[i] as object;
      const readings = this.#readings[i] as Readings;
      for (const key of stream.descriptions.get(device)?.keys ?? []) {
        const reading = readings[key];
        if (reading) {
          data[key] = reading.value as DataValue;
          timestamps[key] = reading.timestamp;
        } else if (!stream.streamedKeys.has(key)) {
          throw new UsageError(`${deviceName(device)} describes "${key}" but did not read it`);
        }
      }
    }
    this.#streams.emitEvent(stream, data, timestamps);
  }
}

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

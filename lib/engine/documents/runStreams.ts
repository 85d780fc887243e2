/** The streams of one run, and the documents about them: descriptors and events. */

// Bundles, monitors and flyers write into them.

import { timeNow } from "../../clock";
import { UsageError } from "../../errors";
import { journalTime } from "../../journal";
import { newUid } from "../../randomSource";
import type { DocumentName, DocumentTypes, Event } from "./documents";
import { describeDevices, Stream } from "./stream";

export type EmitDocument = <N extends DocumentName>(name: N, doc: DocumentTypes[N]) => void;

export class RunStreams {
  /** uid of the start document of the run. */
  readonly runStart: string;
  readonly emit: EmitDocument;
  /** By name; also declared streams without events. */
  readonly #streams = new Map<string, Stream>();

  constructor(runStart: string, emit: EmitDocument) {
    this.runStart = runStart;
    this.emit = emit;
  }

  [Symbol.iterator](): Iterator<Stream> {
    return this.#streams.values();
  }

  /** The stream of that name, made where there is none. `rewinds`: whether a rewind takes its events back. */
  get(name: string, rewinds: boolean): Stream {
    let stream = this.#streams.get(name);
    if (!stream) {
      if (name === "__proto__") throw new UsageError("a stream cannot be named __proto__");
      stream = new Stream(name, rewinds);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Emits a descriptor of the stream with these devices; events from now on belong to it. */
  emitDescriptor(stream: Stream, devices: readonly object[]): void {
    const parts = describeDevices(stream, devices);
    stream.devices = [...devices];
    const external = Object.entries(parts.data_keys).filter(([, key]) => key.external !== undefined);
    stream.streamedKeys = new Set(external.filter(([, key]) => key.external === "STREAM:").map(([name]) => name));
    stream.filled = Object.fromEntries(
      external.filter(([, key]) => key.external !== "STREAM:").map(([name]) => [name, false]),
    );
    this.#emitDescriptor(stream, parts);
  }

  /** Makes a stream that no device fills: one text per event, under the key `key`. */
  declareText(name: string, key: string): Stream {
    const stream = this.get(name, false);
    this.#emitDescriptor(stream, {
      data_keys: { [key]: { dtype: "string", shape: [], source: "RunEngine" } },
      hints: {},
      configuration: {},
      object_keys: {},
    });
    return stream;
  }

  emitEvent(stream: Stream, data: Event["data"], timestamps: Event["timestamps"]): void {
    this.emit("event", {
      uid: newUid(),
      time: journalTime(stream.eventWords, timeNow()),
      descriptor: stream.descriptor as string,
      seq_num: stream.nextSeqNum,
      data,
      timestamps,
      filled: stream.filled,
    });
    stream.nextSeqNum += 1;
  }

  /** Number of events by stream, as the stop document has it. */
  numEvents(): Record<string, number> {
    const described = [...this].filter((stream) => stream.descriptor !== undefined);
    return Object.fromEntries(described.map((stream) => [stream.name, stream.count]));
  }

  checkpoint(): void {
    for (const stream of this.#streams.values()) stream.checkpoint();
  }

  rewind(): void {
    for (const stream of this.#streams.values()) stream.rewind();
  }

  #emitDescriptor(stream: Stream, parts: ReturnType<typeof describeDevices>): void {
    stream.descriptor = newUid();
    this.emit("descriptor", {
      uid: stream.descriptor,
      time: journalTime(`descriptor ${stream.name}`, timeNow()),
      run_start: this.runStart,
      name: stream.name,
      ...parts,
    });
  }
}

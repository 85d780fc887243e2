/** The documents of a run sorted into its streams, for formats that need all of it at once. */

import type {
  DataKey,
  EventDescriptor,
  RunStart,
  RunStop,
  StreamDatum,
  StreamResource,
} from "../../engine/documents/documents";
import { eventsOfPage } from "../../engine/documents/subscriptions";
import type { RunSource } from "./runSource";

/** An event as a row. */
export interface EventRow {
  readonly seq_num: number;
  readonly time: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly timestamps: Readonly<Record<string, number>>;
}

/** A stream of a run with its rows in the order of `seq_num`. */
export interface CollectedStream {
  readonly name: string;
  /** The first descriptor; later ones have other configurations. */
  readonly descriptors: readonly EventDescriptor[];
  /** The data keys of values that stand in the events; those in files of a detector are left out. */
  readonly keys: ReadonlyMap<string, DataKey>;
  readonly rows: readonly EventRow[];
}

export interface CollectedRun {
  readonly start: RunStart;
  readonly stop: RunStop | undefined;
  readonly streams: readonly CollectedStream[];
  readonly resources: readonly StreamResource[];
  readonly data: readonly StreamDatum[];
  /** See `RunSource.nodeDescriptions`. */
  readonly nodes: ReadonlyMap<string, string>;
}

/** How a run has ended; "unfinished" while it goes on, and if its process was killed. */
export const exitStatus = (stop: RunStop | undefined): string => stop?.exit_status ?? "unfinished";

/** Reads a whole run. Of events with the same number the last one counts. */
export async function collectRun(source: RunSource): Promise<CollectedRun> {
  const streams = new Map<string, GrowingStream>();
  const byDescriptor = new Map<string, GrowingStream>();
  const resources: StreamResource[] = [];
  const data: StreamDatum[] = [];
  for await (const { name, doc } of source.documents()) {
    if (name === "descriptor") {
      const stream = streams.get(doc.name) ?? new GrowingStream(doc.name);
      streams.set(doc.name, stream);
      byDescriptor.set(doc.uid, stream);
      stream.describe(doc);
    } else if (name === "event") byDescriptor.get(doc.descriptor)?.add(doc);
    else if (name === "event_page") {
      for (const event of eventsOfPage(doc)) byDescriptor.get(doc.descriptor)?.add(event);
    } else if (name === "stream_resource") resources.push(doc);
    else if (name === "stream_datum") data.push(doc);
  }
  const nodes = source.nodeDescriptions?.() ?? new Map<string, string>();
  return { start: source.start, stop: source.stop, streams: [...streams.values()], resources, data, nodes };
}

class GrowingStream implements CollectedStream {
  readonly name: string;
  readonly descriptors: EventDescriptor[] = [];
  readonly keys = new Map<string, DataKey>();
  #rows: EventRow[] = [];
  #isSorted = true;

  constructor(name: string) {
    this.name = name;
  }

  describe(descriptor: EventDescriptor): void {
    this.descriptors.push(descriptor);
    for (const [key, dataKey] of Object.entries(descriptor.data_keys))
      if (dataKey.external === undefined && !this.keys.has(key)) this.keys.set(key, dataKey);
  }

  add(row: EventRow): void {
    if (row.seq_num !== this.#rows.length + 1) this.#isSorted = false;
    this.#rows.push(row);
  }

  get rows(): readonly EventRow[] {
    if (!this.#isSorted) {
      const byNumber = new Map(this.#rows.map((row) => [row.seq_num, row]));
      this.#rows = [...byNumber.values()].sort((a, b) => a.seq_num - b.seq_num);
      this.#isSorted = true;
    }
    return this.#rows;
  }
}

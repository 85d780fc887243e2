/**
 * What a call of the RunEngine has measured so far: the start, the stop and the tables of each of its runs.
 */

import { UsageError } from "../../errors";
import type {
  Document,
  DocumentName,
  DocumentTypes,
  Event,
  EventDescriptor,
  RunStart,
  RunStop,
  StreamDatum,
  StreamResource,
} from "../documents/documents";
import { eventsOfPage } from "../documents/subscriptions";
import type { RowData } from "./dataTable";
import { RunTable } from "./runTable";

/** One run of a call. */
export interface RecordedRun {
  readonly start: RunStart;
  /** Null while the run is open. */
  stop: RunStop | null;
  /** The descriptors in the order in which they came. */
  readonly descriptors: EventDescriptor[];
  /** The data by stream. */
  readonly tables: Map<string, RunTable>;
  /** Where the data are that detectors wrote into files. */
  readonly files: RecordedFile[];
}

/** A file of a detector, with its frames in as few pieces as possible, since each point may add some. */
interface RecordedFile {
  readonly resource: StreamResource;
  readonly pieces: StreamDatum[];
}

export class RunRecord {
  /** The runs in the order in which they were opened. */
  readonly runs: RecordedRun[] = [];
  readonly #byStart = new Map<string, RecordedRun>();
  readonly #byDescriptor = new Map<string, RunTable>();
  readonly #byResource = new Map<string, RecordedFile>();

  readonly add = (name: DocumentName, doc: DocumentTypes[DocumentName]): void => {
    if (name === "event") {
      const event = doc as DocumentTypes["event"];
      this.#byDescriptor.get(event.descriptor)?.put(event.seq_num, event.time, event.data);
    } else if (name === "event_page") this.#addPage(doc as DocumentTypes["event_page"]);
    else if (name === "descriptor") this.#addDescriptor(doc as DocumentTypes["descriptor"]);
    else if (name === "start") {
      const run: RecordedRun = { start: doc as RunStart, stop: null, descriptors: [], tables: new Map(), files: [] };
      this.runs.push(run);
      this.#byStart.set(run.start.uid, run);
    } else if (name === "stop") {
      const stop = doc as RunStop;
      const run = this.#byStart.get(stop.run_start);
      if (run) run.stop = stop;
    } else if (name === "stream_resource") this.#addFile(doc as StreamResource);
    else if (name === "stream_datum") this.#addFrames(doc as StreamDatum);
  };

  /**
   * The table of a stream: of the run whose uid begins with `uid`, by default of the latest run that has the
   * stream.
   */
  table<R extends object = RowData>(stream = "primary", uid?: string): RunTable<R> {
    const candidates = this.runs.filter((run) => uid === undefined || run.start.uid.startsWith(uid));
    for (const run of candidates.reverse()) {
      const table = run.tables.get(stream);
      // The caller knows the types of its columns; they are not known here.
      if (table) return table as unknown as RunTable<R>;
    }
    const streams = new Set(candidates.flatMap((run) => [...run.tables.keys()]));
    const known = streams.size > 0 ? `it has ${[...streams].join(", ")}` : "nothing was recorded";
    throw new UsageError(`no stream "${stream}" in this run: ${known}`);
  }

  /** The documents of all runs so far. */
  *documents(): Generator<Document, void, undefined> {
    for (const run of this.runs) yield* documentsOfRun(run);
  }

  #addDescriptor(doc: DocumentTypes["descriptor"]): void {
    const run = this.#byStart.get(doc.run_start);
    if (!run) return;
    run.descriptors.push(doc);
    const table = run.tables.get(doc.name) ?? new RunTable(doc.name);
    run.tables.set(doc.name, table);
    table.addColumns(doc.data_keys);
    this.#byDescriptor.set(doc.uid, table);
  }

  #addFile(resource: StreamResource): void {
    const file: RecordedFile = { resource, pieces: [] };
    this.#byStart.get(resource.run_start ?? "")?.files.push(file);
    this.#byResource.set(resource.uid, file);
  }

  #addFrames(datum: StreamDatum): void {
    const pieces = this.#byResource.get(datum.stream_resource)?.pieces;
    const last = pieces?.at(-1);
    if (last && goesOn(last, datum)) {
      const { indices, seq_nums } = last;
      pieces?.splice(-1, 1, {
        ...last,
        indices: { start: indices.start, stop: datum.indices.stop },
        seq_nums: { start: seq_nums.start, stop: datum.seq_nums.stop },
      });
    } else pieces?.push(datum);
  }

  #addPage(page: DocumentTypes["event_page"]): void {
    const table = this.#byDescriptor.get(page.descriptor);
    for (const { seq_num, time, data } of eventsOfPage(page)) table?.put(seq_num, time, data);
  }
}

/** Whether frames follow directly on others of the same file and stream. */
const goesOn = (last: StreamDatum, next: StreamDatum): boolean =>
  last.descriptor === next.descriptor &&
  last.indices.stop === next.indices.start &&
  last.seq_nums.stop === next.seq_nums.start;

/**
 * The documents of a run so far: its start, its descriptors, the events of each stream in their order, the
 * files of its detectors, and its stop if it has ended. Events carry the last descriptor of their stream, and
 * no uid.
 */
export function* documentsOfRun({
  start,
  descriptors,
  tables,
  files,
  stop,
}: RecordedRun): Generator<Document, void, undefined> {
  yield { name: "start", doc: start };
  for (const [stream, table] of tables) {
    const known = descriptors.filter(({ name }) => name === stream);
    for (const doc of known) yield { name: "descriptor", doc };
    const descriptor = known.at(-1)?.uid ?? "";
    for (const { seq_num, time, ...data } of table) {
      const doc: Event = { uid: "", descriptor, seq_num, time, data, timestamps: {}, filled: {} };
      yield { name: "event", doc };
    }
  }
  for (const { resource, pieces } of files) {
    yield { name: "stream_resource", doc: resource };
    for (const doc of pieces) yield { name: "stream_datum", doc };
  }
  if (stop) yield { name: "stop", doc: stop };
}

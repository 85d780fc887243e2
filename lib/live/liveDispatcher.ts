/** A consumer that makes a new run of the documents it takes, with other data, for consumers of its own. */

import type { Observable } from "rxjs";
import { timeNow } from "../clock";
import { dataKeyOf } from "../core/protocols/dataKeyOf";
import type { DataValue } from "../core/protocols/dataValue";
import { currentHost } from "../display/host";
import { Dispatcher } from "../engine/documents/dispatcher";
import type {
  DataKey,
  Document,
  DocumentName,
  DocumentTypes,
  Event,
  EventDescriptor,
  EventPage,
  Hints,
  RunStart,
  RunStop,
} from "../engine/documents/documents";
import { documentsWithin } from "../engine/documents/olderDocuments";
import { type DocumentReceiver, eventsOfPage, whenAll } from "../engine/documents/subscriptions";
import { UsageError } from "../errors";
import { newUid } from "../randomSource";
import { DocumentConsumer } from "./view/documentConsumer";

/** How an event of the new run is described. */
export interface ProcessEventOptions {
  /** The stream of the new run. Default "primary". */
  readonly streamName?: string;
  /**
   * What tells events with the same keys apart: other values begin another descriptor of the stream. Default:
   * the descriptor of the event.
   */
  readonly idArgs?: readonly (string | number | boolean | null)[];
  /** Configuration for the descriptor, beside that of the devices. */
  readonly config?: EventDescriptor["configuration"];
}

/** A stream of the new run. */
interface NewStream {
  events: number;
  /** The uids of its descriptors, by what they describe. */
  readonly descriptors: Map<string, string>;
}

/** The new run of one run. */
interface NewRun {
  readonly uid: string;
  readonly streams: Map<string, NewStream>;
}

/** The seconds for which the end of a run waits for promises of its consumers. */
const CONSUMERS_LIMIT = 5;

/**
 * Makes a second run of each run: its documents have uids, times and numbers of their own, and the start
 * document names the first run in `original_run_uid`. A subclass changes what is in the events, and calls
 * `super`:
 *
 * ```ts
 * class Normalized extends LiveDispatcher {
 *   override event(doc: Event) {
 *     const { det, monitor, motor } = doc.data as Record<string, number>;
 *     super.event({ ...doc, data: { motor, ratio: det / monitor } });
 *   }
 * }
 * const normalized = new Normalized();
 * normalized.subscribe(new LivePlot("ratio", { x: "motor" }));
 * RE.subscribe(normalized);
 * ```
 *
 * An `event` that calls `processEvent` later, or not at all, makes fewer events: means of ten, for example.
 * Runs may be nested. Documents of external data are not passed on. As bluesky's `LiveDispatcher`, except
 * that events are numbered, and counted at the end, for each stream.
 */
export class LiveDispatcher extends DocumentConsumer {
  readonly #raw = new Map<string, EventDescriptor>();
  /** The new runs by the uid of the run they are made of. */
  readonly #runs = new Map<string, NewRun>();
  readonly #dispatcher = new Dispatcher(currentHost().bind((text) => console.warn(`warning: ${text}`)));

  /** The descriptors of the runs that go on, as they came, by uid. */
  get rawDescriptors(): ReadonlyMap<string, EventDescriptor> {
    return this.#raw;
  }

  /**
   * Passes the documents of the new runs on: to a function, a view, or an object with methods.
   * @returns a token for `unsubscribe`
   */
  subscribe(receiver: DocumentReceiver, name: DocumentName | "all" = "all"): number {
    return this.#dispatcher.subscribe(receiver, name);
  }

  unsubscribe(token: number): void {
    this.#dispatcher.unsubscribe(token);
  }

  /** The documents of the new runs from now on. */
  get documents$(): Observable<Document> {
    return this.#dispatcher.documents$;
  }

  override receive<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void | Promise<void> {
    if (name === "start") return this.start(doc as RunStart);
    if (name === "descriptor") return this.descriptor(doc as EventDescriptor);
    if (name === "event") return this.event(doc as Event);
    if (name === "event_page") return whenAll(Array.from(eventsOfPage(doc as EventPage), (event) => this.event(event)));
    if (name === "stop") return this.stop(doc as RunStop);
    return whenAll(documentsWithin(name, doc).map((each) => this.receive(each.name, each.doc)));
  }

  /** Begins the new run. `md` are further metadata, which replace those of the run. */
  start(doc: RunStart, md: Readonly<Record<string, unknown>> = {}): void | Promise<void> {
    const run: NewRun = { uid: newUid(), streams: new Map() };
    this.#runs.set(doc.uid, run);
    this.emit("start", { ...doc, ...md, uid: run.uid, original_run_uid: doc.uid, time: timeNow() });
  }

  /** Keeps a descriptor, for the events that it describes. */
  descriptor(doc: EventDescriptor): void | Promise<void> {
    if (this.#runs.has(doc.run_start)) this.#raw.set(doc.uid, doc);
  }

  /** Passes the event on. Subclasses change it, or keep it for later. */
  event(doc: Event, options: ProcessEventOptions = {}): void | Promise<void> {
    // A dispatcher that is subscribed in the middle of a run takes the next one.
    if (this.#raw.has(doc.descriptor)) this.processEvent(doc, options);
  }

  /**
   * Makes an event of the new run, and a descriptor before it if its keys are not described yet.
   * `doc.descriptor` is that of an event of the run; keys that it does not describe get a type by their
   * value.
   * @throws UsageError if the descriptor belongs to no run that goes on
   */
  processEvent(doc: Pick<Event, "data" | "descriptor"> & Partial<Event>, options: ProcessEventOptions = {}): void {
    const raw = this.#raw.get(doc.descriptor);
    const run = raw && this.#runs.get(raw.run_start);
    if (!raw || !run) {
      throw new UsageError("processEvent: doc.descriptor is not the descriptor of an event of a run that goes on");
    }
    const { streamName: name = "primary", idArgs = [doc.descriptor], config } = options;
    const stream = run.streams.get(name) ?? { events: 0, descriptors: new Map<string, string>() };
    run.streams.set(name, stream);
    const keys = Object.keys(doc.data);
    const id = JSON.stringify([keys, idArgs]);
    let descriptor = stream.descriptors.get(id);
    if (descriptor === undefined) {
      const described = newDescriptor(raw, doc.data, { run_start: run.uid, name }, config);
      descriptor = described.uid;
      stream.descriptors.set(id, descriptor);
      this.emit("descriptor", described);
    }
    stream.events += 1;
    const time = timeNow();
    const timestamps = Object.fromEntries(keys.map((key) => [key, time]));
    const filled = Object.fromEntries(Object.entries(doc.filled ?? {}).filter(([key]) => key in doc.data));
    this.emit("event", { ...doc, uid: newUid(), descriptor, timestamps, filled, seq_num: stream.events, time });
  }

  /** Ends the new run. `md` are further members of the stop document. */
  stop(doc: RunStop, md: Readonly<Record<string, unknown>> = {}): void | Promise<void> {
    const run = this.#runs.get(doc.run_start);
    if (!run) return;
    this.#runs.delete(doc.run_start);
    for (const [uid, { run_start }] of this.#raw) if (run_start === doc.run_start) this.#raw.delete(uid);
    const num_events = Object.fromEntries(Array.from(run.streams, ([name, { events }]) => [name, events]));
    this.emit("stop", { ...doc, ...md, uid: newUid(), run_start: run.uid, time: timeNow(), num_events });
    return this.#dispatcher.settled(CONSUMERS_LIMIT);
  }

  /** Passes one document to the consumers of the new runs. */
  emit<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    this.#dispatcher.emit(name, doc);
  }
}

/** The descriptor of events with these data. What the devices hinted, and what is new, is hinted. */
function newDescriptor(
  raw: EventDescriptor,
  data: Readonly<Record<string, DataValue>>,
  place: { readonly run_start: string; readonly name: string },
  config: EventDescriptor["configuration"] = {},
): EventDescriptor {
  const keys = Object.keys(data);
  const hinted = new Set(Object.values(raw.hints ?? {}).flatMap(({ fields }: Hints) => fields ?? []));
  return {
    ...raw,
    ...place,
    uid: newUid(),
    time: timeNow(),
    data_keys: Object.fromEntries(
      Object.entries(data).map(([key, value]) => {
        return [key, { ...(raw.data_keys[key] ?? dataKeyOfNew(value)), source: "Stream", object_name: "stream" }];
      }),
    ),
    configuration: { ...raw.configuration, ...config },
    object_keys: { stream: keys },
    hints: { stream: { fields: keys.filter((key) => hinted.has(key) || !raw.data_keys[key]) } },
  };
}

/**
 * The data key of a value that no device describes, without a type of NumPy, as in bluesky. A missing value
 * counts as a number.
 */
function dataKeyOfNew(value: DataValue): Pick<DataKey, "dtype" | "shape"> {
  const { dtype, shape } = dataKeyOf(value ?? Number.NaN);
  return { dtype, shape };
}

/** A run that was kept: its documents, and what one asks of them, wherever they are kept. */

import { codeChip } from "../../display/codeChip";
import { type Definition, definitionList, definitionText } from "../../display/definitionList";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { currentHost } from "../../display/host";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { muted } from "../../display/muted";
import { formatDateTime, formatDuration } from "../../display/time";
import type {
  DataKey,
  Document,
  DocumentCallback,
  Event,
  EventDescriptor,
  RunStart,
  RunStop,
  StreamDatum,
  StreamResource,
} from "../../engine/documents/documents";
import { eventsOfPage } from "../../engine/documents/subscriptions";
import type { RowData } from "../../engine/result/dataTable";
import { configurationOf, type RunConfiguration } from "../../engine/result/runConfiguration";
import { documentedEnd } from "../../engine/result/runEnd";
import type { ExportOptions, ImageFrame } from "../../engine/result/runExports";
import { RunRecord } from "../../engine/result/runRecord";
import type { RunTable } from "../../engine/result/runTable";
import { type RunPeaks, runViews } from "../../engine/result/runViews";
import { hasNumber } from "../../live/view/runHeader";
import { oneLine } from "../../printable";
import { exportRuns } from "../export/exportRuns";
import { framesOf, imageFilesOf, noImages } from "../reading/imageFiles";
import { movedResource } from "../reading/movedResource";
import { type Damage, noDamage } from "../reading/readDocuments";

/** A run that was kept. Its content is read when it is needed, and as a stream if it can be large. */
export abstract class RunData implements Displayable {
  /** The start document. */
  readonly start: RunStart;

  constructor(start: RunStart) {
    this.start = start;
  }

  /** The stop document; `undefined` while the run goes on, and if its process was killed. */
  abstract get stop(): RunStop | undefined;

  /** Where the run is kept, in a few words. */
  protected abstract get place(): string;

  /** Code that gives this run, for the lines to type that displays show. */
  protected abstract get opener(): string;

  /** The folder of the run, near which its images are if both were moved; undefined if it has none. */
  protected get folder(): string | undefined {
    return undefined;
  }

  /**
   * All documents in their order. Lines that cannot be read are left out and counted in `damage`, an
   * incomplete last line is left out.
   */
  abstract documents(damage?: Damage): AsyncGenerator<Document, void, undefined>;

  /** The uid of the run. */
  get uid(): string {
    return this.start.uid;
  }

  /** The number of the run. */
  get scanId(): number | undefined {
    return this.start.scan_id;
  }

  /** The data of a stream, default `primary`. Rejects with the names of the streams if it does not exist. */
  async table<R extends object = RowData>(stream = "primary"): Promise<RunTable<R>> {
    const record = new RunRecord();
    const damage = noDamage();
    for await (const { name, doc } of this.documents(damage)) record.add(name, doc);
    const table = record.table<R>(stream);
    if (damage.lines > 0) table.remarks.push(damageText(damage));
    return table;
  }

  /** The names of the streams, in their order. */
  async streams(): Promise<string[]> {
    const names = new Set<string>();
    for (const { name } of await this.descriptors()) names.add(name);
    return [...names];
  }

  /**
   * The events of a stream one by one, default `primary`: `for await (const event of run.events())`. However
   * many there are, they need little memory.
   */
  async *events(stream = "primary"): AsyncGenerator<Event, void, undefined> {
    const known = new Set<string>();
    for await (const { name, doc } of this.documents()) {
      if (name === "descriptor" && doc.name === stream) known.add(doc.uid);
      else if (name === "event" && known.has(doc.descriptor)) yield doc;
      else if (name === "event_page" && known.has(doc.descriptor)) yield* eventsOfPage(doc);
    }
  }

  /** The numbers of one column of a stream, default `primary`: for large runs faster than `table()`. */
  async column(key: string, stream = "primary"): Promise<Float64Array> {
    return (await this.table(stream)).numbers(key);
  }

  /** Passes all documents to a callback of `RE.subscribe`, as if the run was made now. */
  async replay(callback: DocumentCallback): Promise<void> {
    for await (const { name, doc } of this.documents())
      await (callback as (n: unknown, d: unknown) => unknown)(name, doc);
  }

  /** The configuration of the devices of a stream, default `primary`. */
  async config(stream = "primary"): Promise<RunConfiguration> {
    return configurationOf((await this.descriptors()).filter(({ name }) => name === stream));
  }

  /** The readings before and after the run, of a plan with a baseline; undefined without one. */
  async baseline(): Promise<RunTable | undefined> {
    return (await this.streams()).includes("baseline") ? this.table("baseline") : undefined;
  }

  /** The peaks as `run.peaks` of the result of a plan has them: `(await run.peaks()).cen.det`. */
  async peaks(): Promise<RunPeaks> {
    return await runViews().keptPeaks(this.documents());
  }

  /** The plot of the run as during its measurement; `options` as for `plot(run, options)`. */
  plot(options: object = {}): Displayable {
    return runViews().plot([() => this.documents()], options);
  }

  /** The images of a data key one by one, read from the files of the detector (TIFF, JPEG or HDF5). */
  async *images(key?: string): AsyncGenerator<ImageFrame, void, undefined> {
    const { resources, data, described } = await this.#streamAssets();
    const keys = [...new Set(resources.map(({ data_key }) => data_key))];
    const wanted = key ?? keys[0];
    const own = resources.filter(({ data_key }) => data_key === wanted);
    if (own.length === 0 || wanted === undefined) throw noImages(wanted, keys);
    yield* framesOf(own, data, described.get(wanted));
  }

  /** The paths of the files into which detectors wrote the images of the run. */
  async imageFiles(): Promise<string[]> {
    const { resources, data, described } = await this.#streamAssets();
    const keys = [...new Set(resources.map(({ data_key }) => data_key))];
    return keys.flatMap((key) => {
      const own = resources.filter(({ data_key }) => data_key === key);
      return imageFilesOf(own, data, described.get(key));
    });
  }

  /** The documents about images, which are found where they are now. */
  async #streamAssets() {
    const { folder } = this;
    const resources: StreamResource[] = [];
    const data: StreamDatum[] = [];
    const described = new Map<string, DataKey>();
    for await (const { name, doc } of this.documents()) {
      if (name === "descriptor") for (const [id, each] of Object.entries(doc.data_keys)) described.set(id, each);
      if (name === "stream_resource") resources.push(folder === undefined ? doc : movedResource(doc, folder));
      else if (name === "stream_datum") data.push(doc);
    }
    return { resources, data, described };
  }

  /** A stream as comma-separated text with a heading line, default `primary`. */
  async toCsv(stream = "primary"): Promise<string> {
    return (await this.table(stream)).toCsv();
  }

  /**
   * Writes the run into a file of another format, which its ending tells: `.nxs` or `.h5` (NeXus),
   * `.parquet`, `.arrow`, `.csv`, `.json`, `.png` (its plot). Resolves with the paths of the files: one for
   * each stream where the format holds one table only. Rejects if the format is unknown or its library is not
   * installed.
   */
  export(path: string, options: ExportOptions = {}): Promise<string[]> {
    return exportRuns([this], path, options);
  }

  /** The descriptors of all streams, in their order. */
  async descriptors(): Promise<EventDescriptor[]> {
    const found: EventDescriptor[] = [];
    for await (const { name, doc } of this.documents()) if (name === "descriptor") found.push(doc);
    return found;
  }

  [$display](): MimeBundle | Promise<MimeBundle> {
    return this.bundle([], []);
  }

  /** The summary of the run with `notes` and `blocks` below it. */
  protected bundle(
    notes: readonly string[],
    blocks: readonly { readonly text: string; readonly html: Parameters<typeof displayBundle>[1] }[],
  ): MimeBundle {
    const { start, stop } = this;
    const took = stop ? stop.time - start.time : Number.NaN;
    const head = {
      title: `Run ${start.uid.slice(0, 8)}`,
      status: documentedEnd(start, stop),
      facts: [
        typeof start.plan_name === "string" ? start.plan_name : undefined,
        hasNumber(start) ? `#${start.scan_id}` : undefined,
        Number.isFinite(start.time) ? formatDateTime(start.time) : undefined,
        Number.isFinite(took) ? formatDuration(took) : undefined,
        this.place,
      ],
    };
    const events = Object.entries(stop?.num_events ?? {}).map(([name, count]) => `${name} (${count})`);
    const definitions = [
      ["detectors", names(start.detectors)],
      ["motors", names(start.motors)],
      ["streams", events.join(", ")],
      ["reason", stop?.reason ?? ""],
      ["damage", notes.map((note) => oneLine(note, 200)).join("; ")],
    ].filter((definition): definition is [string, string] & Definition => definition[1] !== "");
    const next = `await ${currentHost().nameOf?.(this) ?? this.opener}.table()`;
    return displayBundle(
      [headerText(head), definitionText(definitions), ...blocks.map(({ text }) => text), next]
        .filter(Boolean)
        .join("\n"),
      header(head),
      definitionList(definitions),
      ...blocks.map(({ html }) => html),
      muted("the data: ", codeChip(next)),
    );
  }
}

/** For example `2 lines are damaged and left out (line 7: not a document)`. */
export function damageText({ lines, first }: Damage): string {
  return `${lines} line${lines === 1 ? " is" : "s are"} damaged and left out or mended (${oneLine(first ?? "")})`;
}

function names(value: unknown): string {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").join(", ") : "";
}

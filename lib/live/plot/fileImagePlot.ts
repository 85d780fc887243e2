/** The plot of images that a detector writes into files: the newest one, read from its file. */

import { counted } from "../../display/number";
import type { StreamDatum, StreamResource } from "../../engine/documents/documents";
import { type ImageFrame, runExports } from "../../engine/result/runExports";
import { errorText, UsageError } from "../../errors";
import { oneLine } from "../../printable";
import { delayFor } from "../../timeLimit";
import type { StreamField } from "../view/streamFields";
import { ImagePlot } from "./imagePlot";
import type { CellValues } from "./palettePng";
import type { PlotFrame } from "./plotDisplay";
import type { StreamPlot } from "./plotRun";
import { withoutInfinities } from "./range";

/** The shortest time between two reads while the run goes on, in milliseconds. */
const READ_MS = 1000;
/** The largest part of the time that reading may take. */
const READING_SHARE = 0.03;
/**
 * How often an image is looked for after the run, since a detector may close its file after it, and the
 * seconds in between.
 */
const LAST_TRIES = 5;
const PAUSE = 0.4;

/** Where an image is: the file, and its number in it, counted from 0. */
interface ImagePlace {
  readonly resource: StreamResource;
  readonly index: number;
  /** Its number among the images of the run, counted from 1. */
  readonly number: number;
}

/**
 * The images of one data key. The newest one is read at most once a second while the run goes on; one that
 * cannot be read then, for example because its file is still being written, is tried again after the run.
 */
export class FileImagePlot implements StreamPlot {
  readonly #field: StreamField;
  readonly #image: ImagePlot;
  readonly #resources = new Map<string, StreamResource>();
  #newest: ImagePlace | undefined;
  /** The index of the run at which the file of the newest image begins. */
  #firstIndex = 0;
  #count = 0;
  #reading: Promise<void> | undefined;
  #nextMs = 0;
  /** Why the newest image cannot be shown. */
  #problem: string | undefined;

  /** @param title the name of the run */
  constructor(field: StreamField, title: string) {
    this.#field = field;
    this.#image = new ImagePlot(field, title);
  }

  /** The number of images in files. */
  get count(): number {
    return this.#count;
  }

  /** None: events do not contain images that are in files. */
  handler(): undefined {
    return undefined;
  }

  resource(doc: StreamResource): void {
    if (doc.data_key === this.#field.key) this.#resources.set(doc.uid, doc);
  }

  datum({ stream_resource, indices }: StreamDatum, changed?: () => void): void {
    const resource = this.#resources.get(stream_resource);
    if (!resource || indices.stop <= indices.start) return;
    // Each further file counts its images from 0 again, while the indices of the run may go on.
    if (resource.uid !== this.#newest?.resource.uid) this.#firstIndex = this.#newest ? indices.start : 0;
    this.#count += indices.stop - indices.start;
    this.#newest = { resource, index: indices.stop - 1 - this.#firstIndex, number: this.#count };
    if (!changed || this.#reading || performance.now() < this.#nextMs) return;
    // An image that cannot be read yet is tried again with the next one, and after the run.
    void this.#read(this.#newest).then(changed, () => {});
  }

  /** Reads the newest image, for the last frame; undefined if it is shown already. */
  complete(): Promise<void> | undefined {
    return this.#isNewestShown ? undefined : this.#readNewest();
  }

  get #isNewestShown(): boolean {
    return this.#newest === undefined || this.#image.count >= this.#newest.number;
  }

  async #readNewest(): Promise<void> {
    await this.#reading?.catch(() => {});
    for (let tries = 1; this.#newest && !this.#isNewestShown; tries += 1) {
      try {
        await this.#read(this.#newest);
      } catch (error) {
        this.#problem = errorText(error);
        if (tries === LAST_TRIES || !mayComeLater(error)) return;
        await delayFor(PAUSE, undefined, { real: true });
      }
    }
  }

  frame(final: boolean): PlotFrame {
    const missing = this.#problem === undefined ? undefined : `no image to show: ${oneLine(this.#problem, 300)}`;
    // The last words in a terminal do not wait until the file has been read.
    const words = final ? `${this.#field.key}: ${this.#where()}` : this.#field.key;
    return { ...this.#image.frame(final, missing), words };
  }

  /** `5 images in file:///data/cam/frame_{:06d}.tif`. */
  #where(): string {
    const files = [...this.#resources.values()].map(({ uri, parameters }) =>
      typeof parameters.template === "string" ? `${uri}${parameters.template}` : uri,
    );
    const more = files.length > 1 ? ` and ${files.length - 1} more` : "";
    return `${counted(this.#count, "image")} in ${files[0] ?? "files"}${more}`;
  }

  #read(place: ImagePlace): Promise<void> {
    const started = performance.now();
    this.#reading = (async () => {
      const cells = cellsOfFrame(await runExports().image(place.resource, place.index));
      this.#image.show(cells, place.number);
      this.#problem = undefined;
    })().finally(() => {
      const ended = performance.now();
      this.#nextMs = ended + Math.max(READ_MS, (ended - started) / READING_SHARE);
      this.#reading = undefined;
    });
    return this.#reading;
  }
}

/**
 * Whether a file may be readable later: one that is missing or in use, but not one of a kind that we cannot
 * read.
 */
const mayComeLater = (error: unknown): boolean => !(error instanceof UsageError) || error.cause !== undefined;

/** The pixels of a grayscale image as cells. Throws if it has several planes. */
function cellsOfFrame({ shape, data }: ImageFrame): CellValues {
  const [columns = 1, rows = 1, ...planes] = shape.toReversed();
  if (planes.some((count) => count !== 1)) throw new UsageError(`an image of ${shape.join(" × ")} is not grayscale`);
  return { values: withoutInfinities(new Float64Array(data)), rows, columns };
}

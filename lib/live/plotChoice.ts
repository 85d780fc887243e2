/** Chooses the plots of a stream by the hints of its run and by what the user said. */

import type { DataKey, EventDescriptor, RunStart } from "../engine/documents/documents";
import { oneLine } from "../printable";
import { drawnFit } from "./fit";
import type { KnownLiveOptions } from "./liveOptions";
import {
  ArrayPlot,
  FileImagePlot,
  GridPlot,
  gridOf,
  LinePlot,
  lineOptionsOf,
  PreviousRuns,
  ScatterPlot,
  type StreamPlot,
} from "./plot";
import { type FieldSource, fieldsOf, firstFieldOf } from "./view/fieldSource";
import { runTitle } from "./view/runHeader";
import {
  type Dimensions,
  dimensionsIn,
  dimensionsOf,
  fieldOf,
  hintedKeys,
  isScalarNumber,
  isState,
  type StreamField,
} from "./view/streamFields";

/** The largest number of maps, scatter plots or images of one run. */
const MOST_MAPS = 4;
/** The types of arrays that hold numbers, as NumPy names them. */
const NUMBERS = /^[<>|=]?[iuf]\d/;

/** Chooses the plots of one run. */
export class PlotChoice {
  readonly #start: RunStart;
  readonly #options: KnownLiveOptions;
  readonly #previous: PreviousRuns;
  readonly #dimensions: Dimensions;
  readonly #remark: (text: string) => void;
  /** The fields by stream for which there is a plot, or a remark that there is none. */
  readonly #known = new Map<string, Set<string>>();
  readonly #linesOf = new Map<string, LinePlot>();

  /** @param remark takes the reason if there is no plot */
  constructor(
    start: RunStart,
    options: KnownLiveOptions,
    previous = new PreviousRuns(),
    remark: (text: string) => void = () => {},
  ) {
    this.#start = start;
    this.#options = options;
    this.#previous = previous;
    this.#dimensions = dimensionsOf(start);
    this.#remark = remark;
  }

  /**
   * The plots of a stream, those of images in files last; none if it has nothing that can be plotted. For a
   * later descriptor these are plots of the fields that are new; numbers and words are added to the lines.
   */
  plotsOf(doc: EventDescriptor): StreamPlot[] {
    const before = this.#known.get(doc.name);
    const isNew = ({ key }: StreamField): boolean => !before?.has(key);
    const shown = this.#shown(this.#options.y ?? hintedKeys(doc, this.#dimensions), doc).filter(isNew);
    const images = this.#fileImages(doc).filter(isNew);
    this.#known.set(doc.name, new Set([...(before ?? []), ...[...shown, ...images].map(({ key }) => key)]));
    if (before && shown.length + images.length === 0) return [];
    const title = runTitle(this.#start);
    return [
      ...this.#valuePlots(shown, doc, images.length > 0).filter((plot) => !this.#isAdopted(plot, doc.name)),
      ...images.map((field) => new FileImagePlot(field, title)),
    ];
  }

  /** Whether the lines of the stream take those of a plot. */
  #isAdopted(plot: StreamPlot, stream: string): boolean {
    if (!(plot instanceof LinePlot)) return false;
    const lines = this.#linesOf.get(stream);
    if (lines) return lines.adopt(plot);
    this.#linesOf.set(stream, plot);
    return false;
  }

  #valuePlots(shown: readonly StreamField[], doc: EventDescriptor, hasImages: boolean): StreamPlot[] {
    const { y } = this.#options;
    const fields = shown.filter((field) => isScalarNumber(field, doc));
    const states = shown.filter((field) => isState(field, doc));
    const axes = this.#axesOf(doc);
    const [first] = axes;
    const arrays = shown.flatMap((field) => this.#arrayPlot(field, doc, axes));
    const x = first ? (isScalarNumber(first, doc) ? first : "point") : "time";
    if (arrays.length > 0)
      return [...(fields.length + states.length > 0 ? [this.#lines({ x, fields, states }, doc)] : []), ...arrays];
    if (fields.length + states.length === 0) return y || hasImages ? [] : this.#withoutNumbers(doc);
    if (axes.length > 1 && fields.length > 0) {
      const maps = fields.slice(0, MOST_MAPS).flatMap((color) => this.#overSeveral(axes, color));
      return [...maps, ...(states.length > 0 ? [this.#lines({ x: "point", fields: [], states }, doc)] : [])];
    }
    return [this.#lines({ x: axes.length > 1 ? "point" : x, fields, states }, doc)];
  }

  #shown(sources: readonly FieldSource[], doc: EventDescriptor): StreamField[] {
    return sources.flatMap((source) => fieldsOf(source, doc)).filter(({ key }) => !this.#options.hide.has(key));
  }

  /** The fields of images that detectors write into files, whether or not these are hinted. */
  #fileImages(doc: EventDescriptor): StreamField[] {
    const fields = this.#shown(this.#options.y ?? Object.keys(doc.data_keys), doc);
    return fields.filter(({ key }) => isFileImage(doc.data_keys[key])).slice(0, MOST_MAPS);
  }

  /** The plot of a field of arrays or images of numbers. */
  #arrayPlot(field: StreamField, doc: EventDescriptor, axes: readonly (StreamField | undefined)[]): StreamPlot[] {
    const { shape = [], dtype_numpy: type, external } = doc.data_keys[field.key] ?? {};
    if (field.dtype !== "array" || external || !areNumbers(type) || shape.length < 1) return [];
    const isColoured = shape.length === 3 && [3, 4].includes(Number(shape[2]));
    if (shape.length > 2 && !isColoured) return [];
    const [axis] = axes.length === 1 ? axes : [];
    return [new ArrayPlot(field, axis && isScalarNumber(axis, doc) ? axis : undefined, runTitle(this.#start))];
  }

  /** The fields along x, of which a stream other than that of the scan has none. */
  #axesOf(doc: EventDescriptor): (StreamField | undefined)[] {
    const { x } = this.#options;
    const given = x === undefined ? undefined : firstFieldOf(x, doc);
    if (given) return [given];
    if (x === "time") return [];
    if (doc.name !== this.#dimensions.stream) return [];
    return dimensionsIn(this.#dimensions, doc).axes.map((key) => fieldOf(key, doc));
  }

  /**
   * The plot of a motor that is scanned without a detector: its readback against its
   * setpoint. Arrays and strings have no plot.
   */
  #withoutNumbers(doc: EventDescriptor): StreamPlot[] {
    const { axes, fields, stream } = dimensionsIn(this.#dimensions, doc);
    const others = hintedKeys(doc, this.#dimensions);
    if (others.length > 0) {
      this.#remark(
        `No plot of ${oneLine(others.join(", "))}: a plot needs one number, word or array of numbers per event.`,
      );
      return [];
    }
    if (doc.name !== stream || axes.length !== 1) return [];
    const [readback, setpoint] = fields.flatMap((key) => fieldOf(key, doc) ?? []).filter((f) => isScalarNumber(f, doc));
    return readback && setpoint ? [this.#lines({ x: setpoint, fields: [readback] }, doc)] : [];
  }

  /**
   * The plot against two motors or more. In a grid the slow axis is the vertical one, as in bluesky; the
   * slower ones of a larger grid give maps side by side. Without a grid, the first two are the axes of a
   * scatter plot.
   */
  #overSeveral(axes: readonly (StreamField | undefined)[], color: StreamField): StreamPlot[] {
    const grid = this.#start.hints?.gridding === "rectilinear" ? gridOf(this.#start) : undefined;
    const title = runTitle(this.#start);
    const [slow, fast] = axes.slice(-2);
    const [first, second] = axes;
    if (grid && grid.shape.length === axes.length && slow && fast) {
      return [new GridPlot(grid, { x: fast, y: slow, color }, title, axes.slice(0, -2))];
    }
    return first && second ? [new ScatterPlot({ x: first, y: second, color }, title)] : [];
  }

  #lines(axes: LinePlot["axes"], doc: EventDescriptor): LinePlot {
    const { lines, fit } = this.#options;
    const errors = lines.errors === "sqrt" ? ("sqrt" as const) : undefined;
    return new LinePlot(this.#start, axes, this.#previous.get(axes), {
      ...lineOptionsOf(lines, axes.fields, doc),
      steps: doc.name.endsWith("_monitor"),
      fit: fit && drawnFit(fit, { errors }),
    });
  }
}

/** Whether elements of this type are numbers; those without a described type count as numbers. */
const areNumbers = (type: DataKey["dtype_numpy"]): boolean =>
  type === undefined || (typeof type === "string" && NUMBERS.test(type));

/** Whether a data key has images of one plane that its detector writes into files. */
export function isFileImage(key: DataKey | undefined): boolean {
  const [columns = 1, rows = 1] = (key?.shape ?? []).toReversed();
  return (
    key?.dtype === "array" &&
    key.external?.startsWith("STREAM:") === true &&
    areNumbers(key.dtype_numpy) &&
    Number(columns) > 1 &&
    Number(rows) > 1
  );
}

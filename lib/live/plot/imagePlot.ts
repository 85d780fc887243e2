/** The newest of the images of a field, with the limits of its colours in words. */

import { formatNumber, withUnits } from "../../display/number";
import type { StreamField } from "../view/streamFields";
import { arrayFrame } from "./arrayFrame";
import { cellAxis } from "./gridShape";
import type { CellValues } from "./palettePng";
import type { PlotFrame } from "./plotDisplay";

/** The parts of the pixels of an image that lie below and above its colours. */
const BELOW = 0.01;
const ABOVE = 0.005;

/** The image that is shown, and its frames. */
export class ImagePlot {
  readonly #field: StreamField;
  readonly #title: string;
  #image: CellValues | undefined;
  #number = 0;
  #isMean = false;

  /** @param title the name of the run */
  constructor(field: StreamField, title: string) {
    this.#field = field;
    this.#title = title;
  }

  /** The number of the image that is shown, counted from 1; 0 while there is none. */
  get count(): number {
    return this.#number;
  }

  /**
   * Replaces the image.
   * @param number its number among those of the run, counted from 1
   * @param isMean whether its values are means of red, green and blue
   */
  show(image: CellValues, number: number, isMean = false): void {
    this.#image = image;
    this.#number = number;
    this.#isMean = isMean;
  }

  /** @param missing the text that is shown while there is no image */
  frame(final: boolean, missing = "waiting for the first image"): PlotFrame {
    const image = this.#image ?? { values: Float64Array.of(Number.NaN), rows: 1, columns: 1 };
    const sorted = image.values.filter((value) => !Number.isNaN(value)).sort();
    const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))] ?? 0;
    const range = [at(BELOW), at(1 - ABOVE)] as const;
    const above = sorted.length - sorted.findLastIndex((value) => value <= range[1]) - 1;
    const number = this.#field.format ?? formatNumber;
    const mean = this.#isMean ? ", mean of red, green and blue" : "";
    const what = `image ${this.#number}, ${image.columns} × ${image.rows}${mean}`;
    const brighter = above > 0 ? ` · brighter than the scale: ${above} pixels` : "";
    const limits = `values from ${number(sorted[0] ?? 0)} to ${withUnits(number(sorted.at(-1) ?? 0), this.#field.units)}`;
    const colours = `colours from ${number(range[0])} to ${number(range[1])}`;
    const known = `${what} · ${sorted.length > 0 ? `${colours} · ${limits}${brighter}` : "no number"}`;
    return arrayFrame({ field: this.#field, title: this.#title }, image, final, {
      up: cellAxis([0, image.rows - 1], image.rows),
      x: { title: "column", units: "px" },
      y: { title: "row", units: "px" },
      range,
      said: this.#image ? known : missing,
      downwards: true,
    });
  }
}

/** One plot as an output that changes while its run goes on. */

import { displayBundle } from "../../display/displayBundle";
import { currentHost } from "../../display/host";
import type { MimeBundle } from "../../display/mimeBundle";
import { muted } from "../../display/muted";
import type { PlotSpec } from "../../display/plotTheme";
import { reportError } from "../../log";
import { oneLine } from "../../printable";
import { type LiveFrames, liveDisplay } from "../view/liveFrames";
import { prepareRenderPng, renderPng } from "./renderPng";

const VEGA_LITE = "application/vnd.vegalite.v5+json";
/**
 * One transparent pixel. If a bundle had no picture, JupyterLab would
 * draw one for each frame in order to save it.
 */
const EMPTY_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** What a plot shows now. */
export interface PlotFrame {
  readonly spec: PlotSpec;
  /** The specification for the saved picture; default: `spec`. */
  readonly picture?: PlotSpec;
  /** The plot in words, for terminals. */
  readonly words: string;
}

/**
 * Draws a plot again while it grows. Its last frame gets a picture for viewers that do not draw Vega-Lite,
 * such as GitHub, nbviewer and PDF. Outside of a notebook only the words of the last frame are printed.
 */
export class PlotDisplay {
  #render: (final: boolean) => PlotFrame;
  readonly #frames: LiveFrames | undefined;
  readonly #print: (words: string) => void;
  /** Makes the cell wait for the picture, so that the run need not; undefined if the host cannot do that. */
  readonly #hold: ((work: Promise<unknown>) => void) | undefined;
  #png = EMPTY_PNG;
  /** What is shown instead of a plot. */
  #words: string | undefined;
  #finished = false;
  /** The last frame until it is drawn with its picture, since a long run takes a while to render. */
  #lastFrame: PlotFrame | undefined;

  constructor(render: (final: boolean) => PlotFrame) {
    const host = currentHost();
    this.#render = render;
    this.#print = host.bind((words: string) => host.display({ "text/plain": words }));
    const { hold } = host;
    this.#hold = hold && host.bind((work: Promise<unknown>) => hold.call(host, work));
    if (!host.rich) return;
    prepareRenderPng();
    this.#frames = liveDisplay(() => this.bundle());
  }

  /** Shows something else from now on, in the same place. */
  show(render: (final: boolean) => PlotFrame): void {
    this.#render = render;
    this.#frames?.changed();
  }

  /** Draws the plot at once, so that it has its place. */
  place(): void {
    this.#frames?.show();
  }

  /** Shows a line of words instead of a plot: there was nothing to plot. */
  replaceByWords(words: string): void {
    this.#words = words;
    this.#frames?.finish();
  }

  /** Reports that the plot has changed: it will be drawn soon. */
  changed(): void {
    this.#frames?.changed();
  }

  /** Draws the last frame. Resolves when its picture is out, or at once if the cell waits for the picture. */
  async finish(): Promise<void> {
    this.#finished = true;
    this.#lastFrame = this.frame;
    const { spec, picture = spec, words } = this.#lastFrame;
    if (!this.#frames) {
      this.#print(printableLines(words));
      return;
    }
    // This frame is drawn only if the picture takes longer than until the next frame is due.
    this.#frames.changed();
    const drawing = this.#addPicture(this.#frames, picture);
    if (this.#hold) this.#hold(drawing);
    else await drawing;
  }

  async #addPicture(frames: LiveFrames, spec: PlotSpec): Promise<void> {
    try {
      this.#png = Buffer.from(await renderPng(spec)).toString("base64");
    } catch (error) {
      reportError("the plot has no picture for a saved notebook", error);
    }
    frames.finish();
    this.#lastFrame = undefined;
  }

  /** What the plot shows now. */
  get frame(): PlotFrame {
    return this.#lastFrame ?? this.#render(this.#finished);
  }

  /** The frame as it is now, with its picture if that has been drawn. */
  bundle(): MimeBundle {
    if (this.#words !== undefined) return displayBundle(this.#words, this.#words ? muted(this.#words) : undefined);
    const { spec, words } = this.frame;
    return { "text/plain": printableLines(words), [VEGA_LITE]: spec, "image/png": this.#png };
  }
}

const printableLines = (words: string): string =>
  words
    .split("\n")
    .map((line) => oneLine(line, 600))
    .join("\n");

/** A plot that is shown once, with its picture; without one if it cannot be drawn. */
export async function bundleOf({ spec, picture = spec, words }: PlotFrame): Promise<MimeBundle> {
  const text = printableLines(words);
  if (!currentHost().rich) return { "text/plain": text };
  const png = await renderPng(picture).then(
    (bytes) => Buffer.from(bytes).toString("base64"),
    (error: unknown) => {
      reportError("the plot has no picture for a saved notebook", error);
      return EMPTY_PNG;
    },
  );
  return { "text/plain": text, [VEGA_LITE]: spec, "image/png": png };
}

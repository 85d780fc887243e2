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

/** One state of a plot, as a picture and in words. */
export interface PlotFrame {
  readonly spec: PlotSpec;
  /** The specification for the saved picture; default: `spec`. */
  readonly picture?: PlotSpec;
  /** The name of the run, as before its words in terminals; undefined for a plot of several runs. */
  readonly run?: string | undefined;
  /** The plot in words, for terminals: a line for each field. */
  readonly words: string;
}

/**
 * Draws a plot again while it grows. Its last frame gets a picture for viewers that do not draw Vega-Lite,
 * such as GitHub, nbviewer and PDF. Outside of a notebook only the words of the last frame are printed.
 */
export class PlotDisplay {
  #render: (final: boolean) => PlotFrame;
  readonly #frames: LiveFrames | undefined;
  readonly #print: (text: string) => void;
  /** Makes the cell wait for the picture, so that the run need not; undefined if the host cannot do that. */
  readonly #hold: ((work: Promise<unknown>) => void) | undefined;
  #png = EMPTY_PNG;
  /** What is shown instead of a plot. */
  #words: string | undefined;
  #finished = false;
  #shown = false;
  /** The last frame until it is drawn with its picture, since a long run takes a while to render. */
  #lastFrame: PlotFrame | undefined;

  constructor(render: (final: boolean) => PlotFrame) {
    const host = currentHost();
    this.#render = render;
    this.#print = host.bind((text: string) => host.display({ "text/plain": text }));
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

  /** Shows a line of words instead of a plot, or nothing: there was nothing to plot. */
  replaceByWords(words: string): void {
    this.#words = words;
    if (this.#shown || words !== "") this.#frames?.finish();
  }

  /** Reports that the plot has changed: it will be drawn soon. */
  changed(): void {
    this.#frames?.changed();
  }

  /**
   * Draws the last frame. Resolves when its picture is out, or at once if the cell waits for the picture.
   * @param complete reads what the picture shows besides the documents, for example an image; its promise
   * never rejects. It returns undefined, as by default, if there is nothing to read
   */
  async finish(complete: () => Promise<void> | undefined = () => undefined): Promise<void> {
    this.#finished = true;
    this.#lastFrame = this.frame;
    if (!this.#frames) {
      this.#print(textOf(this.#lastFrame));
      return;
    }
    // The words of this frame stand in terminals before the lines of the next run, so they cannot wait for
    // the picture.
    this.#frames.show();
    const drawing = this.#addPicture(this.#frames, complete);
    if (this.#hold) this.#hold(drawing);
    else await drawing;
  }

  async #addPicture(frames: LiveFrames, complete: () => Promise<void> | undefined): Promise<void> {
    const reading = complete();
    if (reading !== undefined) {
      await reading;
      this.#lastFrame = this.#render(true);
    }
    const { spec, picture = spec } = this.frame;
    try {
      this.#png = Buffer.from(await renderPng(picture)).toString("base64");
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
    this.#shown = true;
    if (this.#words !== undefined) return displayBundle(this.#words, this.#words ? muted(this.#words) : undefined);
    const frame = this.frame;
    return { "text/plain": textOf(frame), [VEGA_LITE]: frame.spec, "image/png": this.#png };
  }
}

/** The words of a plot for terminals, each line after the name of its run. */
const textOf = ({ run, words }: PlotFrame): string =>
  words
    .split("\n")
    .map((line) => oneLine(run !== undefined && line !== "" ? `${run} · ${line}` : line, 600))
    .join("\n");

/** A plot that is shown once, with its picture; without one if it cannot be drawn. */
export async function bundleOf(frame: PlotFrame): Promise<MimeBundle> {
  const { spec, picture = spec } = frame;
  const text = textOf(frame);
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

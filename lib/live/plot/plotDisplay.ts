import type { MimeBundle } from "../../display/bundle";
import { currentHost } from "../../display/host";
import type { PlotSpec } from "../../display/plotTheme";
import { oneLine } from "../../display/printable";
import { reportError } from "../../log";
import { type Frames, liveDisplay } from "../consumer/frames";
import { prepareRenderPng, renderPng } from "./renderPng";

const VEGA_LITE = "application/vnd.vegalite.v5+json";
/** One transparent pixel. Without a picture in the bundle JupyterLab would draw one itself for every frame, to save it. */
const EMPTY_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** What a plot shows now. */
export interface PlotFrame {
  readonly spec: PlotSpec;
  /** The same in words, for where there are no pictures. */
  readonly words: string;
}

/**
 * One plot as an output that is drawn again while it grows. Its last frame gets a picture, for where Vega-Lite is not drawn: GitHub, nbviewer,
 * PDF. Without a notebook, only the words of the last frame are printed.
 */
export class PlotDisplay {
  readonly #render: (final: boolean) => PlotFrame;
  readonly #frames: Frames | undefined;
  readonly #print: (words: string) => void;
  /** A cell that can wait for the picture, so that the run need not. */
  readonly #hold: ((work: Promise<unknown>) => void) | undefined;
  #png = EMPTY_PNG;
  #finished = false;

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

  changed(): void {
    this.#frames?.changed();
  }

  /** Draws the last frame. Its picture follows; what is returned resolves then, unless the cell waits for it. */
  async finish(): Promise<void> {
    this.#finished = true;
    const { spec, words } = this.frame;
    if (!this.#frames) {
      this.#print(printableLines(words));
      return;
    }
    // Drawn with its picture if that comes soon: two frames at once are no use to anybody.
    this.#frames.changed();
    const picture = this.#addPicture(this.#frames, spec);
    if (this.#hold) this.#hold(picture);
    else await picture;
  }

  async #addPicture(frames: Frames, spec: PlotSpec): Promise<void> {
    try {
      this.#png = Buffer.from(await renderPng(spec)).toString("base64");
    } catch (error) {
      reportError("the plot has no picture for a saved notebook", error);
    }
    frames.finish();
  }

  /** What is plotted now. */
  get frame(): PlotFrame {
    return this.#render(this.#finished);
  }

  /** The frame as it is now, with its picture if the run has ended. */
  bundle(): MimeBundle {
    const { spec, words } = this.frame;
    return { "text/plain": printableLines(words), [VEGA_LITE]: spec, "image/png": this.#png };
  }
}

const printableLines = (words: string): string =>
  words
    .split("\n")
    .map((line) => oneLine(line, 300))
    .join("\n");

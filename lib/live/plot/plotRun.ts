/** The plot of one run: it passes the events of a stream to what draws them. */

import type { MimeBundle } from "../../display/mimeBundle";
import type { PlotSpec } from "../../display/plotTheme";
import type { EventDescriptor, StreamDatum, StreamResource } from "../../engine/documents/documents";
import type { EventHandler, RunView } from "../view/runRouter";
import { PlotDisplay, type PlotFrame } from "./plotDisplay";

/**
 * The plot of a stream: it takes events and says what to draw. Taking an event must be cheap; frames are
 * drawn a few times a second.
 */
export interface StreamPlot {
  /** The number of points that came. */
  readonly count: number;
  /** The function that takes the events of one descriptor; undefined if the plot needs none. */
  handler(): EventHandler | undefined;
  /** What to draw now. @param final whether the run has ended */
  frame(final: boolean): PlotFrame;
  /** Takes a file of a detector; default: files are ignored. */
  resource?(doc: StreamResource): void;
  /**
   * Takes a document that says that a file has more values.
   * @param changed called when what is drawn has changed; undefined if nothing is drawn before the last
   * frame, so that no file is read before `complete`
   */
  datum?(doc: StreamDatum, changed?: () => void): void;
  /**
   * Reads from files what the last frame shows besides the documents; undefined if it has been read. The
   * promise never rejects.
   */
  complete?(): Promise<void> | undefined;
}

interface PlottedStream<P> {
  readonly name: string;
  readonly plot: P;
  readonly display: PlotDisplay;
}

/** The steps of a plot after its beginning, which depend on the view. */
export interface PlotRunSteps<P> {
  /** Adds new fields, which a later descriptor of the stream describes; default: they are ignored. */
  readonly extend?: (plot: P, descriptor: EventDescriptor) => void;
  /** Called with the plot when the run has ended. */
  readonly ended?: (plot: P) => void;
  /** Returns a display that is there already and waits for a plot; default: none, so that one is made. */
  readonly place?: () => PlotDisplay | undefined;
}

/** The plot of the first stream of a run that has something to plot. */
export class PlotRun<P extends StreamPlot> implements RunView {
  readonly #begin: (descriptor: EventDescriptor) => P | undefined;
  readonly #steps: PlotRunSteps<P>;
  #stream: PlottedStream<P> | undefined;

  /** @param begin makes the plot of a stream, or returns undefined if it has nothing to plot */
  constructor(begin: (descriptor: EventDescriptor) => P | undefined, steps: PlotRunSteps<P> = {}) {
    this.#begin = begin;
    this.#steps = steps;
  }

  descriptor(doc: EventDescriptor): EventHandler | undefined {
    if (this.#stream && this.#stream.name !== doc.name) return undefined;
    if (this.#stream) this.#steps.extend?.(this.#stream.plot, doc);
    else this.#stream = this.#begun(doc);
    if (!this.#stream) return undefined;
    const { plot, display } = this.#stream;
    const take = plot.handler();
    if (!take) return undefined;
    return (event) => {
      take(event);
      display.changed();
    };
  }

  resource(doc: StreamResource): void {
    this.#stream?.plot.resource?.(doc);
  }

  datum(doc: StreamDatum): void {
    const { plot, display } = this.#stream ?? {};
    plot?.datum?.(doc, () => display?.changed());
  }

  #begun(doc: EventDescriptor): PlottedStream<P> | undefined {
    const plot = this.#begin(doc);
    if (!plot) return undefined;
    const render = (final: boolean): PlotFrame => plot.frame(final);
    const waiting = this.#steps.place?.();
    waiting?.show(render);
    return { name: doc.name, plot, display: waiting ?? new PlotDisplay(render) };
  }

  /** The Vega-Lite specification of the plot as it is now; undefined before there is something to plot. */
  get spec(): PlotSpec | undefined {
    return this.#stream?.display.frame.spec;
  }

  bundle(): MimeBundle | undefined {
    return this.#stream?.display.bundle();
  }

  /**
   * Draws the last frame; resolves when it is out with its picture, or when the cell waits for the picture.
   */
  async stop(): Promise<void> {
    if (!this.#stream) return;
    const { plot, display } = this.#stream;
    // A run that ended before its first point has nothing to wait for any more.
    if (plot.count === 0) return display.replaceByWords("");
    this.#steps.ended?.(plot);
    await display.finish(() => plot.complete?.());
  }
}

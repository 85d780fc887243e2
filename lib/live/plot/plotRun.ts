import type { MimeBundle } from "../../display/bundle";
import type { PlotSpec } from "../../display/plotTheme";
import type { EventDescriptor } from "../../engine/documents/documents";
import type { EventHandler, RunView } from "../consumer/runRouter";
import { PlotDisplay, type PlotFrame } from "./plotDisplay";

/** What is plotted of a stream. Its handler must be cheap; a frame is drawn a few times a second. */
export interface StreamPlot {
  /** Points that came. */
  readonly count: number;
  /** Something the last frame must wait for. */
  readonly ready?: Promise<unknown>;
  handler(): EventHandler;
  /** What to draw now; `final` when the run has ended. */
  frame(final: boolean): PlotFrame;
}

/** The plot of one stream of one run. */
export class PlotRun<P extends StreamPlot> implements RunView {
  readonly #begin: (descriptor: EventDescriptor) => P | undefined;
  readonly #ended: (plot: P) => void;
  #stream: { readonly name: string; readonly plot: P; readonly display: PlotDisplay } | undefined;

  /** `begin` says what to plot of a stream, `undefined` for nothing; the first stream with something to plot is plotted. `ended` gets it at the end. */
  constructor(begin: (descriptor: EventDescriptor) => P | undefined, ended: (plot: P) => void = () => {}) {
    this.#begin = begin;
    this.#ended = ended;
  }

  descriptor(doc: EventDescriptor): EventHandler | undefined {
    if (this.#stream && this.#stream.name !== doc.name) return undefined;
    const plot = this.#stream?.plot ?? this.#begin(doc);
    if (!plot) return undefined;
    const display = this.#stream?.display ?? new PlotDisplay((final) => plot.frame(final));
    this.#stream ??= { name: doc.name, plot, display };
    const take = plot.handler();
    return (event) => {
      take(event);
      display.changed();
    };
  }

  /** Vega-Lite of what is plotted now; `undefined` before there is something to plot. */
  get spec(): PlotSpec | undefined {
    return this.#stream?.display.frame.spec;
  }

  bundle(): MimeBundle | undefined {
    return this.#stream?.display.bundle();
  }

  /** Resolves when the last frame is out, with its picture. */
  async stop(): Promise<void> {
    if (!this.#stream || this.#stream.plot.count === 0) return;
    await this.#stream.plot.ready;
    this.#ended(this.#stream.plot);
    await this.#stream.display.finish();
  }
}

/** The view that shows scattered points in colours. */

import type { PlotSpec } from "../../display/plotTheme";
import type { RunStart } from "../../engine/documents/documents";
import { checkedSources, type FieldSource, firstFieldOf } from "../view/fieldSource";
import { runTitle } from "../view/runHeader";
import { RunRouter, type RunView } from "../view/runRouter";
import { isScalarNumber } from "../view/streamFields";
import { PlotRun } from "./plotRun";
import { ScatterPlot } from "./scatterPlot";

/**
 * Shows one field as the colour of points whose coordinates are two other fields:
 * `RE.subscribe(new LiveScatter(motorX, motorY, "det"))`. If there are more than
 * 2000 points, evenly chosen ones are shown.
 */
export class LiveScatter extends RunRouter {
  readonly #sources: readonly FieldSource[];
  readonly #streamName: string;
  #newest: PlotRun<ScatterPlot> | undefined;

  constructor(x: FieldSource, y: FieldSource, color: FieldSource, options: { readonly streamName?: string } = {}) {
    super();
    this.#sources = checkedSources([x, y, color]);
    this.#streamName = options.streamName ?? "primary";
  }

  /**
   * The Vega-Lite specification of the newest run as it is now; undefined before there is something to plot.
   */
  get spec(): PlotSpec | undefined {
    return this.#newest?.spec;
  }

  protected override get fields(): readonly FieldSource[] {
    return this.#sources;
  }

  protected override open(start: RunStart): RunView {
    this.#newest = new PlotRun((descriptor) => {
      if (descriptor.name !== this.#streamName) return undefined;
      const [x, y, color] = this.#sources.map((source) => firstFieldOf(source, descriptor));
      return x && y && color && isScalarNumber(color, descriptor)
        ? new ScatterPlot({ x, y, color }, runTitle(start))
        : undefined;
    });
    return this.#newest;
  }
}

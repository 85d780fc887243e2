/** The view that shows a grid scan as an image. */

import type { PlotSpec } from "../../display/plotTheme";
import type { RunStart } from "../../engine/documents/documents";
import { UsageError } from "../../errors";
import { checkedSources, type FieldSource, firstFieldOf } from "../view/fieldSource";
import { runTitle } from "../view/runHeader";
import { RunRouter, type RunView } from "../view/runRouter";
import { dimensionsOf, isScalarNumber } from "../view/streamFields";
import { GridPlot } from "./gridPlot";
import { gridOf } from "./gridShape";
import { PlotRun } from "./plotRun";

/**
 * Shows one field of a grid scan as an image that fills up: `RE.subscribe(new LiveGrid("det"))`.
 *
 * The grid is that of the start document, and so are the axes unless they are given, as
 * `{ x: motorX, y: motorY }`. Runs without a grid are ignored. Every cell is drawn up to 512 × 512 of
 * them, beyond that the highest of each block. A grid of three axes is shown as maps side by side.
 */
export class LiveGrid extends RunRouter {
  readonly #field: FieldSource | undefined;
  /** The data keys of x and y; null for those of the run. */
  readonly #axes: readonly FieldSource[] | null;
  readonly #streamName: string;
  #newest: PlotRun<GridPlot> | undefined;

  constructor(
    field: FieldSource,
    axes: { readonly x: FieldSource; readonly y: FieldSource } | null = null,
    options: { readonly streamName?: string } = {},
  ) {
    super();
    if (Array.isArray(field)) {
      throw new UsageError('LiveGrid takes the shape of the grid from the run: new LiveGrid("det") is enough');
    }
    [this.#field] = checkedSources(field);
    if (typeof axes !== "object") {
      throw new UsageError("LiveGrid: the axes are an object of two fields, like { x: motorX, y: motorY }");
    }
    this.#axes = axes && checkedSources([axes.x, axes.y]);
    this.#streamName = options.streamName ?? "primary";
  }

  /**
   * The Vega-Lite specification of the newest run as it is now; undefined before there is something to plot.
   */
  get spec(): PlotSpec | undefined {
    return this.#newest?.spec;
  }

  protected override get fields(): readonly FieldSource[] {
    return [...(this.#field === undefined ? [] : [this.#field]), ...(this.#axes ?? [])];
  }

  protected override open(start: RunStart): RunView | undefined {
    const grid = gridOf(start);
    if (!grid) return undefined;
    // The slow axis comes first in the start document, and it is the vertical one here.
    const axes = this.#axes ?? dimensionsOf(start).axes.toReversed();
    this.#newest = new PlotRun((descriptor) => {
      if (descriptor.name !== this.#streamName) return undefined;
      const [field, x, y, ...others] = [this.#field, ...axes].map((source) =>
        source === undefined ? undefined : firstFieldOf(source, descriptor),
      );
      return field && x && y && isScalarNumber(field, descriptor)
        ? new GridPlot(grid, { x, y, color: field }, runTitle(start), others.toReversed())
        : undefined;
    });
    return this.#newest;
  }
}

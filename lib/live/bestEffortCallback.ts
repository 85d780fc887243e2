/** The view that shows any run without being asked how. */

import { displayBundle } from "../display/displayBundle";
import { currentHost } from "../display/host";
import { progressBar, progressText } from "../display/progressBar";
import type { RunStart } from "../engine/documents/documents";
import type { RunPeaks } from "../engine/result/runViews";
import { UsageError } from "../errors";
import { checkOptions, type OptionNames } from "../options";
import { printable } from "../printable";
import { BestEffortRun } from "./bestEffortRun";
import { LIVE_OPTIONS, type LiveOptions, liveOptionsOf } from "./liveOptions";
import { LinePlot, PreviousRuns, type StreamPlot } from "./plot";
import { MoveLines, PlanWatch, type WatchedStatus } from "./progress";
import { RunCard } from "./runCard";
import { addPeaks, emptyPeaks } from "./runPeaks";
import { type LiveFrames, liveDisplay } from "./view/liveFrames";
import { MissingFields } from "./view/missingFields";
import { RunRouter, type RunView } from "./view/runRouter";

/** What to show of each run. */
export interface BestEffortOptions extends LiveOptions {
  /** Where a run is stored, by its uid; shown at its end. */
  readonly fileOf?: (uid: string) => string | undefined;
}

const OPTIONS: OptionNames<BestEffortOptions> = { ...LIVE_OPTIONS, fileOf: true };

/** A part of the display of runs that can be switched on and off. */
export type LivePart = "table" | "plots" | "baseline";

/**
 * Shows any run as well as its hints allow: heading, progress, a table of the hinted fields, plots of them
 * against the scanned motors (a grid or a scatter plot for two), the baseline, and peaks at the end. It takes
 * any number of runs, nested or not.
 */
export class BestEffortCallback extends RunRouter {
  #options: BestEffortOptions;
  readonly #previous = new PreviousRuns();
  readonly #open = new Set<RunCard>();
  readonly #watch = new PlanWatch(() => this.#changed());
  /** The progress bars of devices that move outside of runs. */
  #moves: LiveFrames | undefined;
  readonly #moveLines = new MoveLines();
  #peaks: RunPeaks = emptyPeaks();

  constructor(options: BestEffortOptions = {}) {
    super();
    checkOptions("live", options, OPTIONS);
    this.#options = options;
  }

  /** Shows a part of the next runs again: `bec.enable("table")`. */
  enable(...parts: readonly LivePart[]): void {
    this.#switch(parts, true);
  }

  /** Shows a part of the next runs no longer: `bec.disable("plots")`. */
  disable(...parts: readonly LivePart[]): void {
    this.#switch(parts, false);
  }

  #switch(parts: readonly LivePart[], on: boolean): void {
    const unknown = parts.find((part) => !PARTS.includes(part));
    if (unknown !== undefined) throw new UsageError(`"${unknown}" is no part of the display: ${PARTS.join(", ")}`);
    this.#options = { ...this.#options, ...Object.fromEntries(parts.map((part) => [part, on])) };
  }

  /** The peaks of the newest run that has ended; empty before. */
  get peaks(): RunPeaks {
    return this.#peaks;
  }

  /**
   * Takes the statuses that the plan waits for, null for none:
   * `RE.waiting$.subscribe((statuses) => bec.waiting(statuses))`.
   */
  waiting(statuses: readonly WatchedStatus[] | null): void {
    this.#watch.waiting(statuses);
  }

  /**
   * Takes the state of the engine: `RE.state$.subscribe((state) => bec.engineState(state))`.
   * @param why why the plan is suspended, since when, and what releases it, in words; default: nothing
   */
  engineState(state: string, why: readonly string[] = []): void {
    if (state === "idle") {
      this.#moves?.finish();
      this.#moves = undefined;
    }
    this.#watch.state(state, why);
  }

  protected override open(start: RunStart): RunView {
    const card = new RunCard(start, this.#watch, this.#options.fileOf ?? (() => undefined));
    this.#open.add(card);
    const peaks = emptyPeaks();
    const plotted = (plot: StreamPlot): void => {
      if (!(plot instanceof LinePlot)) return;
      this.#previous.set(plot);
      addPeaks(peaks, plot);
    };
    const options = liveOptionsOf(this.#options, start);
    const view = new BestEffortRun(start, card, { options, previous: this.#previous, plotted });
    // "time" is the time since the start, unless a field has that name.
    const { y = [], x = "time" } = options;
    const missing = new MissingFields(x === "time" ? y : [...y, x]);
    return {
      descriptor: (doc) => {
        missing.descriptor(doc);
        return view.descriptor(doc);
      },
      resource: (doc) => view.resource(doc),
      datum: (doc) => view.datum(doc),
      stop: (doc) => {
        this.#open.delete(card);
        for (const line of missing.lines("live")) card.note(line);
        card.finish(doc);
        if (this.#open.size === 0) this.#watch.forgetMoves();
        const finishing = view.finish();
        this.#peaks = peaks;
        return finishing;
      },
    };
  }

  #changed(): void {
    for (const card of this.#open) card.changed();
    if (this.#open.size > 0 || this.#watch.bars.length === 0) return;
    if (!currentHost().rich) {
      const lines = this.#moveLines.fresh(this.#watch.bars);
      if (lines) currentHost().display({ "text/plain": lines.join("\n") });
      return;
    }
    this.#moves ??= liveDisplay(() => {
      const { bars } = this.#watch;
      const moving = bars.some(({ state }) => state === "busy");
      const lines = [`moving ${bars.map(({ name }) => name).join(", ")}`, ...this.#moveLines.newest(bars)];
      const text = (moving ? lines : bars.map(progressText)).join("\n");
      return displayBundle(printable(text), ...bars.map(progressBar));
    });
    this.#moves.changed();
  }
}

const PARTS: readonly LivePart[] = ["table", "plots", "baseline"];

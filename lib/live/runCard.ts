/** The outputs of one run besides its plots: its head with the progress, and its table. */

import { displayBundle } from "../display/displayBundle";
import { header, headerText } from "../display/header";
import { currentHost } from "../display/host";
import { type Html, html } from "../display/html";
import type { MimeBundle } from "../display/mimeBundle";
import { muted } from "../display/muted";
import { withUnits } from "../display/number";
import { type Progress, progressBar } from "../display/progressBar";
import type { Event, EventDescriptor, RunStart, RunStop } from "../engine/documents/documents";
import { MoveLines, type PlanWatch, runProgress } from "./progress";
import { Baseline, cell, closingLine, TableModel, TablePrinter, tableContent } from "./table";
import { type LiveFrames, liveDisplay } from "./view/liveFrames";
import { countText, introduction, runHeader } from "./view/runHeader";
import type { EventHandler } from "./view/runRouter";
import { motorsOf, type StreamField, valueIn } from "./view/streamFields";

/** Lines below the heading for the motors of a run at most; more make the head grow. */
const MOST_RESERVED = 3;

/**
 * Shows one run: its name, state and progress in one output, and its table with the baseline in another,
 * which comes below the plot. Both have their height from the beginning. Outside of a notebook it prints the
 * same as lines of text, one after the other.
 */
export class RunCard {
  readonly #start: RunStart;
  readonly #watch: PlanWatch;
  readonly #heldAtStart: number;
  readonly #fileOf: (uid: string) => string | undefined;
  readonly #head: LiveFrames | undefined;
  readonly #print: (text: string) => void;
  readonly #notes: string[] = [];
  readonly #moveLines = new MoveLines();
  #below: LiveFrames | undefined;
  #printer: TablePrinter | undefined;
  #model: TableModel | undefined;
  #count = 0;
  /** The positions of the motors, in their order, as far as they are fields. */
  #positions: readonly (StreamField | undefined)[] = [];
  #newest: Event | undefined;
  #baseline: Baseline | undefined;
  #stop: RunStop | undefined;
  /** The bars at the end of the run, which stay. */
  #lastBars: readonly Progress[] = [];

  constructor(start: RunStart, watch: PlanWatch, fileOf: (uid: string) => string | undefined) {
    const host = currentHost();
    this.#start = start;
    this.#watch = watch;
    this.#heldAtStart = watch.heldSeconds;
    this.#fileOf = fileOf;
    this.#print = host.bind((text: string) => host.display({ "text/plain": text }));
    if (host.rich) {
      this.#head = liveDisplay(() => this.#headBundle());
      this.#head.show();
    } else this.#print(`\n${headerText(this.#header())}`);
  }

  /** Gives what comes below the plot its place: the table with its rows, still empty, and the baseline. */
  placeBelow(): void {
    if (!this.#head || this.#below) return;
    this.#below = liveDisplay(() => this.#belowBundle());
    this.#below.show();
  }

  /**
   * Adds the table, or to the one that is there columns for new fields.
   * @returns what takes its events
   */
  table(fields: readonly StreamField[]): EventHandler {
    if (!this.#head) {
      const printer = this.#printer ?? new TablePrinter(this.#start);
      this.#printer = printer;
      printer.include(fields);
      return (event) => printer.add(event);
    }
    const model = this.#model ?? new TableModel();
    this.#model = model;
    model.include(fields);
    this.placeBelow();
    this.#below?.changed();
    return (event) => {
      model.add(event);
      this.#below?.changed();
    };
  }

  /** Names the fields that have the positions of the motors, in the order of the motors. */
  motorsAre(positions: readonly (StreamField | undefined)[]): void {
    this.#positions = positions;
  }

  /** Counts a point, whether or not the run has a table. */
  counted(event: Event): void {
    this.#count = Math.max(this.#count, event.seq_num);
    this.#newest = event;
    this.#head?.changed();
  }

  /** Adds the baseline, or further readings to it. @returns what takes its events */
  baseline(descriptor: EventDescriptor): EventHandler {
    const baseline = this.#baseline ?? new Baseline();
    this.#baseline = baseline;
    baseline.include(descriptor);
    return (event) => {
      baseline.add(event);
      this.placeBelow();
      this.#below?.changed();
    };
  }

  /** Adds a remark below the table. */
  note(text: string): void {
    if (this.#notes.includes(text)) return;
    this.#notes.push(text);
    this.placeBelow();
    this.#below?.changed();
  }

  /** Reports that the progress or the state of the plan has changed: it will be drawn soon. */
  changed(): void {
    this.#head?.changed();
    if (this.#head) return;
    const lines = this.#moveLines.fresh(this.#watch.bars);
    if (lines) this.#print(lines.join("\n"));
  }

  /** Shows the end of the run. */
  finish(stop: RunStop): void {
    this.#lastBars = this.#watch.barsAtEnd;
    this.#stop = stop;
    this.#below?.finish();
    this.#head?.finish();
    if (this.#head) return;
    this.#printer?.finish();
    const lines = [this.#baseline?.text(), ...this.#notes, headerText(this.#header())];
    this.#print(lines.filter(Boolean).join("\n"));
  }

  #header(): ReturnType<typeof runHeader> {
    const { held, why } = this.#watch;
    const isAnnounced = typeof this.#start.num_points === "number" && !hasOtherStreamsOnly(this.#stop);
    const count = this.#count || (isAnnounced ? 0 : undefined);
    return runHeader(this.#start, { stop: this.#stop, held, why, count });
  }

  #headBundle(): MimeBundle {
    const head = this.#header();
    // A console prints only the new lines of each frame, so bars are in the text once a second only.
    const text = [introduction(this.#start), ...(this.#stop ? [] : this.#moveLines.newest(this.#watch.bars))];
    if (this.#stop) text.push(headerText(head));
    const bars = this.#bars();
    return displayBundle(text.join("\n"), header(head), ...bars.map(progressBar), ...this.#motorLines(bars));
  }

  /**
   * The lines of motors that have no bar, since their moves are quick: each says where the motor was at the
   * newest point. They are there from the beginning, so that nothing moves when a bar comes.
   */
  #motorLines(bars: readonly Progress[]): Html[] {
    const motors = motorsOf(this.#start);
    const missing = Math.max(0, 1 + Math.min(motors.length, MOST_RESERVED) - bars.length);
    const places = motors.flatMap((name, i) => {
      const field = this.#positions[i];
      if (bars.some((bar) => bar.name === name) || !field || !this.#newest) return [];
      const place = withUnits(cell(valueIn(field, this.#newest.data), field), field.units);
      return [html`<div class="bar"><span>${name}</span> <span></span> <small title="${place}">${place}</small></div>`];
    });
    const blank = html`<div class="bar"><span>&nbsp;</span></div>`;
    return Array.from({ length: missing }, (_, i) => places[i] ?? blank);
  }

  #belowBundle(): MimeBundle {
    const ended = this.#stop !== undefined;
    const planned = typeof this.#start.num_points === "number" ? this.#start.num_points : undefined;
    const shown = this.#model ?? (ended ? undefined : new TableModel());
    const content = shown ? tableContent(shown, ended, planned) : { html: [], lines: [] };
    const text = this.#model ? [...content.lines, ...this.#notes] : [...this.#notes];
    if (ended && this.#model) text.push(closingLine(this.#start));
    const file = ended ? this.#fileOf(this.#start.uid) : undefined;
    return displayBundle(
      text.join("\n"),
      ...content.html,
      ...this.#notes.map((note) => muted(note)),
      this.#baseline?.html(),
      file === undefined ? undefined : muted(file),
    );
  }

  #bars(): Progress[] {
    const bars = this.#stop ? this.#lastBars : this.#watch.bars;
    // If a run has neither a table nor a number of points, there is nothing to count.
    if (!this.#model && typeof this.#start.num_points !== "number") return [...bars];
    if (hasOtherStreamsOnly(this.#stop)) return [...bars];
    if (this.#stop) return [this.#finishedBar(this.#stop), ...bars];
    const held = this.#watch.heldSeconds - this.#heldAtStart;
    const progress = runProgress(this.#start, this.#count, Date.now() / 1000, held, this.#watch.secondsLeft);
    return [progress, ...bars];
  }

  #finishedBar(stop: RunStop): Progress {
    const { name } = runProgress(this.#start, this.#count, stop.time);
    const { num_points: all } = this.#start;
    const { sign } = this.#header().status ?? {};
    const fraction = typeof all === "number" && all > 0 ? this.#count / all : stop.exit_status === "success" ? 1 : 0;
    return {
      name,
      state: STATES[stop.exit_status],
      ...(sign ? { sign } : {}),
      fraction,
      text: countText(this.#start, this.#count),
    };
  }
}

const STATES = { success: "ok", abort: "warn", fail: "bad" } as const;

/** Whether a run has ended with points in other streams only: `num_points` says nothing about these. */
function hasOtherStreamsOnly(stop: RunStop | undefined): boolean {
  const streams = Object.keys(stop?.num_events ?? {});
  return streams.some((stream) => stream !== "baseline") && !streams.includes("primary");
}

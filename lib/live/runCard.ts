/** The output of one run besides its plots. */

import type { MimeBundle } from "../display/bundle";
import { displayBundle } from "../display/displayBundle";
import { header, headerText } from "../display/header";
import { currentHost } from "../display/host";
import type { Html } from "../display/html";
import { muted } from "../display/muted";
import { progressBar } from "../display/progressBar";
import type { EventDescriptor, RunStart, RunStop } from "../engine/documents/documents";
import { type PlanWatch, runProgress } from "./progress";
import { Baseline, closingLine, TableModel, TablePrinter, tableContent } from "./table";
import { type LiveFrames, liveDisplay } from "./view/liveFrames";
import { introduction, runHeader } from "./view/runHeader";
import type { EventHandler } from "./view/runRouter";
import type { StreamField } from "./view/streamFields";

/**
 * Shows one run in one output: its name and state, its progress while it goes on, its table and its baseline.
 * Outside of a notebook it prints the same as lines of text, one after the other.
 */
export class RunCard {
  readonly #start: RunStart;
  readonly #watch: PlanWatch;
  readonly #heldAtStart: number;
  readonly #fileOf: (uid: string) => string | undefined;
  readonly #frames: LiveFrames | undefined;
  readonly #print: (text: string) => void;
  readonly #notes: string[] = [];
  #printer: TablePrinter | undefined;
  #model: TableModel | undefined;
  #count = 0;
  #baseline: Baseline | undefined;
  #stop: RunStop | undefined;

  constructor(start: RunStart, watch: PlanWatch, fileOf: (uid: string) => string | undefined) {
    const host = currentHost();
    this.#start = start;
    this.#watch = watch;
    this.#heldAtStart = watch.heldSeconds;
    this.#fileOf = fileOf;
    this.#print = host.bind((text: string) => host.display({ "text/plain": text }));
    if (host.rich) {
      this.#frames = liveDisplay(() => this.#bundle());
      this.#frames.show();
    } else this.#print(`\n${headerText(this.#header())}`);
  }

  /** Adds the table. @returns what takes its events */
  table(fields: readonly StreamField[]): EventHandler {
    const frames = this.#frames;
    if (!frames) {
      const printer = new TablePrinter(this.#start, fields);
      this.#printer = printer;
      return (event) => {
        this.#count = event.seq_num;
        printer.add(event);
      };
    }
    const model = new TableModel(fields);
    this.#model = model;
    frames.changed();
    return (event) => {
      model.add(event);
      frames.changed();
    };
  }

  /** Adds the baseline. @returns what takes its events */
  baseline(descriptor: EventDescriptor): EventHandler {
    const baseline = new Baseline(descriptor);
    this.#baseline = baseline;
    return (event) => {
      baseline.add(event);
      this.#frames?.changed();
    };
  }

  /** Adds a remark below the table. */
  note(text: string): void {
    this.#notes.push(text);
    this.#frames?.changed();
  }

  /** Reports that the progress or the state of the plan has changed: it will be drawn soon. */
  changed(): void {
    this.#frames?.changed();
  }

  /** Shows the end of the run. */
  finish(stop: RunStop): void {
    this.#stop = stop;
    this.#frames?.finish();
    if (this.#frames) return;
    this.#printer?.finish();
    const lines = [this.#baseline?.text(), ...this.#notes, headerText(this.#header())];
    this.#print(lines.filter(Boolean).join("\n"));
  }

  #header(): ReturnType<typeof runHeader> {
    const { held, why } = this.#watch;
    const count = this.#model?.count ?? (this.#count || undefined);
    const file = this.#fileOf(this.#start.uid);
    return runHeader(this.#start, { stop: this.#stop, held, why, count, file });
  }

  #bundle(): MimeBundle {
    const ended = this.#stop !== undefined;
    const content = this.#model ? tableContent(this.#model, ended) : { html: [], lines: [] };
    const head = this.#header();
    // A console prints only the new lines of each frame, so lines are only ever
    // added at the end, and there are no bars.
    const text = [introduction(this.#start), ...content.lines, ...this.#notes];
    if (ended) text.push(closingLine(this.#start), headerText(head));
    const blocks: (Html | undefined)[] = [
      header(head),
      ...(ended ? [] : this.#bars().map(progressBar)),
      ...content.html,
      ...this.#notes.map((note) => muted(note)),
      this.#baseline?.html(),
    ];
    return displayBundle(text.join("\n"), ...blocks);
  }

  #bars(): ReturnType<typeof runProgress>[] {
    // If a run has neither a table nor a number of points, there is nothing to count.
    if (!this.#model && typeof this.#start.num_points !== "number") return [...this.#watch.bars];
    const held = this.#watch.heldSeconds - this.#heldAtStart;
    return [runProgress(this.#start, this.#model?.count ?? 0, Date.now() / 1000, held), ...this.#watch.bars];
  }
}

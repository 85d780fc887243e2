import type { MimeBundle } from "../display/bundle";
import { displayBundle } from "../display/displayBundle";
import { header, headerText } from "../display/header";
import { currentHost } from "../display/host";
import type { Html } from "../display/html";
import { muted } from "../display/muted";
import { progressBar } from "../display/progressBar";
import type { EventDescriptor, RunStart, RunStop } from "../engine/documents/documents";
import type { Field } from "./consumer/fields";
import { type Frames, liveDisplay } from "./consumer/frames";
import { introduction, runHeader } from "./consumer/runHeader";
import type { EventHandler } from "./consumer/runRouter";
import type { PlanWatch } from "./progress/planWatch";
import { runProgress } from "./progress/runProgress";
import { Baseline } from "./table/baseline";
import { tableContent } from "./table/tableBlocks";
import { TableModel } from "./table/tableModel";
import { TablePrinter } from "./table/tablePrinter";
import { closingLine } from "./table/tableText";

/**
 * One run in one output: its name and how it is, how far it is while it runs, its table, and what was read around it. Without a notebook the same as
 * lines of text, one after the other.
 */
export class RunCard {
  readonly #start: RunStart;
  readonly #watch: PlanWatch;
  readonly #heldAtStart: number;
  readonly #fileOf: (uid: string) => string | undefined;
  readonly #frames: Frames | undefined;
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

  /** Adds the table; what is returned takes its events. */
  table(fields: readonly Field[]): EventHandler {
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

  /** Adds the baseline; what is returned takes its events. */
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

  /** Something besides the documents is new. */
  changed(): void {
    this.#frames?.changed();
  }

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
    // Lines only ever come below those before them, and bars are left out: a terminal prints what is new in each frame.
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
    // A run with neither a table nor a number of points has nothing that could be counted.
    if (!this.#model && typeof this.#start.num_points !== "number") return [...this.#watch.bars];
    const held = this.#watch.heldSeconds - this.#heldAtStart;
    return [runProgress(this.#start, this.#model?.count ?? 0, Date.now() / 1000, held), ...this.#watch.bars];
  }
}

/** The newest runs as a page shows them: the outputs of the live views, each as a piece of HTML. */

import { escapeHtml } from "../../lib/display/escape";
import { type Host, registerHost } from "../../lib/display/host";
import { BestEffortCallback, type Document, renderPng } from "../../lib/index";

type Bundle = Parameters<Host["display"]>[0];

/** The most runs that stay on the page. */
const MOST_RUNS = 5;
const VEGA_LITE = "application/vnd.vegalite.v5+json";

/** An output of a run. */
export interface WatchedOutput {
  readonly run: string;
  /** Its place on the page: outputs of a run are in the order of these numbers. */
  readonly place: number;
  readonly html: string;
}

/** A change of the page: an output that is new or different, or a run that was removed. */
export type WatchedChange = WatchedOutput | { readonly removed: string };

/** Gives documents to the live views, and is the host that they show themselves in. */
export class WatchedRuns implements Host {
  readonly rich = true;
  readonly readOnly = true;
  readonly #views: BestEffortCallback;
  readonly #report: (change: WatchedChange) => void;
  /** The outputs of each run by the ids of the views; the newest run last. */
  readonly #runs = new Map<string, Map<string, WatchedOutput>>();
  readonly #descriptors = new Map<string, string>();
  readonly #drawn = new Map<string, Drawing>();
  #run = "";
  #places = 0;

  /** Becomes the host of the process. @param report called with each change of the page */
  constructor(report: (change: WatchedChange) => void) {
    this.#report = report;
    registerHost(this);
    this.#views = new BestEffortCallback();
  }

  /** Everything that the page shows now, in its order. */
  outputs(): WatchedOutput[] {
    return [...this.#runs.values()].flatMap((outputs) => [...outputs.values()]);
  }

  receive({ name, doc }: Document): unknown {
    const run = this.#runOf(name, doc);
    if (name === "start") this.#begin(run);
    if (!this.#runs.has(run)) return undefined;
    this.#run = run;
    return this.#views(name, doc);
  }

  #begin(run: string): void {
    this.#runs.set(run, new Map());
    for (const oldest of this.#runs.keys()) {
      if (this.#runs.size <= MOST_RUNS) break;
      this.#runs.delete(oldest);
      for (const [descriptor, uid] of this.#descriptors) if (uid === oldest) this.#descriptors.delete(descriptor);
      this.#report({ removed: oldest });
    }
  }

  #runOf(name: string, doc: Document["doc"]): string {
    const { uid, run_start, descriptor } = doc as { uid?: string; run_start?: string; descriptor?: string };
    if (name === "start") return uid ?? "";
    if (name === "descriptor") this.#descriptors.set(uid ?? "", run_start ?? "");
    return run_start ?? this.#descriptors.get(descriptor ?? "") ?? "";
  }

  display(bundle: Bundle, { id = `output ${this.#places}`, update = false }: { id?: string; update?: boolean } = {}) {
    const run = this.#run;
    const outputs = this.#runs.get(run);
    if (!outputs) return;
    const known = outputs.get(id);
    if (!known && update) return;
    const place = known?.place ?? this.#places++;
    const show = (html: string) => {
      const output = { run, place, html };
      if (!this.#runs.has(run)) return;
      outputs.set(id, output);
      this.#report(output);
    };
    const spec = bundle[VEGA_LITE];
    if (spec === undefined) {
      show(htmlOf(bundle));
      return;
    }
    // The plot keeps its place while its first picture is drawn.
    if (!known) show("");
    const key = `${run} ${id}`;
    const drawing =
      this.#drawn.get(key) ??
      new Drawing(
        (html) => show(html),
        () => this.#drawn.delete(key),
      );
    this.#drawn.set(key, drawing);
    drawing.draw(spec as Parameters<typeof renderPng>[0], String(bundle["text/plain"] ?? ""));
  }

  /** Later output of the function belongs to the run of now. */
  bind<F extends (...args: never[]) => unknown>(fn: F): F {
    const run = this.#run;
    return ((...args: never[]) => {
      const before = this.#run;
      this.#run = run;
      try {
        return fn(...args);
      } finally {
        this.#run = before;
      }
    }) as F;
  }

  currentSignal(): undefined {}

  onShutdown(): () => void {
    return () => {};
  }
}

/** Draws the frames of a plot one after the other; of those that came meanwhile, only the newest. */
class Drawing {
  readonly #show: (html: string) => void;
  readonly #done: () => void;
  #next: { readonly spec: Parameters<typeof renderPng>[0]; readonly words: string } | undefined;
  #isDrawing = false;

  constructor(show: (html: string) => void, done: () => void) {
    this.#show = show;
    this.#done = done;
  }

  draw(spec: Parameters<typeof renderPng>[0], words: string): void {
    this.#next = { spec, words };
    if (!this.#isDrawing) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isDrawing = true;
    for (let frame = this.#next; frame; frame = this.#next) {
      this.#next = undefined;
      try {
        const png = Buffer.from(await renderPng(frame.spec)).toString("base64");
        const words = escapeHtml(frame.words);
        // On a narrow screen the letters of the picture are too small to be read.
        this.#show(`<img alt="${words}" src="data:image/png;base64,${png}"><p class="words">${words}</p>`);
      } catch {
        this.#show(`<pre>${escapeHtml(frame.words)}</pre>`);
      }
    }
    this.#isDrawing = false;
    this.#done();
  }
}

/** The HTML of a bundle, in which the views have escaped all strings of nodes; else its text, escaped. */
function htmlOf(bundle: Bundle): string {
  const markup = bundle["text/html"];
  return typeof markup === "string" ? markup : `<pre>${escapeHtml(String(bundle["text/plain"] ?? ""))}</pre>`;
}

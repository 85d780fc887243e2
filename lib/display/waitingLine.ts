/**
 * Names the servers that have not answered for a while: each has a bar in the cell, or a line of text
 * elsewhere.
 */

import { randomUUID } from "node:crypto";
import { realClock } from "../clock";
import { printable } from "../printable";
import { displayBundle } from "./displayBundle";
import { currentHost, type Host } from "./host";
import { html } from "./html";
import { type Progress, progressBar, progressText } from "./progressBar";
import { formatDuration } from "./time";

/** Tells in words what is awaited from now on, and the seconds after which the work gives up. */
export type Awaits = (words: string, limit: number) => void;

/** Milliseconds until the line is shown. */
const DELAY_MS = 1500;
/** Milliseconds between two frames. */
const FRAME_MS = 500;
/**
 * An answer is shown if it has been missing for this many milliseconds. This is less than the delay of the
 * line, so that requests that begin one after the other are shown together.
 */
const LATE_MS = 1000;
/** The most answers that are named. */
const MOST_NAMED = 8;

/** An answer that is awaited. */
class Answer {
  readonly name: string;
  readonly #began = realClock.monotonic();
  #words = "does not answer yet";
  #since = this.#began;
  #limit: number;
  #ended: { readonly seconds: number; readonly state: "ok" | "bad" } | undefined;
  /** Whether it was shown as missing, so that its end is shown, too. */
  isShown = false;

  constructor(name: string, limit: number) {
    this.name = name;
    this.#limit = limit;
  }

  get isLate(): boolean {
    return !this.#ended && 1000 * (realClock.monotonic() - this.#began) >= LATE_MS;
  }

  awaits(words: string, limit: number): void {
    [this.#words, this.#limit, this.#since] = [words, limit, realClock.monotonic()];
  }

  end(state: "ok" | "bad"): void {
    this.#ended = { seconds: realClock.monotonic() - this.#began, state };
  }

  get bar(): Progress {
    const { name } = this;
    if (this.#ended) {
      const { seconds, state } = this.#ended;
      const took = formatDuration(Math.max(1, Math.round(seconds)));
      return {
        name,
        state,
        fraction: state === "ok" ? 1 : 0,
        text: `${state === "ok" ? "answered" : "gave up"} after ${took}`,
      };
    }
    const text = `${this.#elapsed} of ${formatDuration(this.#limit)} · ${this.#words}`;
    return { name, state: "busy", fraction: (realClock.monotonic() - this.#since) / this.#limit, text };
  }

  /** In one line of text, without a bar. */
  get line(): string {
    return `${this.name} ${this.#words} (${this.#elapsed}), gives up after ${formatDuration(this.#limit)}`;
  }

  get #elapsed(): string {
    return formatDuration(Math.max(1, Math.round(realClock.monotonic() - this.#since)));
  }
}

/** The answers that are awaited in one cell, or outside of cells. */
class WaitingLine {
  readonly #host: Host;
  readonly #cell: AbortSignal | undefined;
  readonly #id = randomUUID();
  readonly #answers = new Set<Answer>();
  readonly #onEnd: () => void;
  readonly #draw: () => void;
  #open = 0;
  #isShown = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(cell: AbortSignal | undefined, onEnd: () => void) {
    this.#host = currentHost();
    this.#cell = cell;
    this.#onEnd = onEnd;
    this.#draw = this.#host.bind(() => this.#show());
  }

  add(answer: Answer): void {
    this.#open += 1;
    this.#answers.add(answer);
    this.#timer ??= setTimeout(() => this.#look(), DELAY_MS).unref();
  }

  ended(answer: Answer): void {
    this.#open -= 1;
    if (!answer.isShown) this.#answers.delete(answer);
    if (this.#open > 0) return;
    clearTimeout(this.#timer);
    if (this.#isShown) this.#draw();
    this.#onEnd();
  }

  #look(): void {
    this.#timer = setTimeout(() => this.#look(), FRAME_MS).unref();
    this.#draw();
  }

  #show(): void {
    // An interrupted cell has its error already.
    if (this.#cell?.aborted) return;
    const fresh = [...this.#answers].filter((answer) => answer.isLate && !answer.isShown);
    for (const answer of fresh) answer.isShown = true;
    if (this.#cell && this.#host.rich) this.#showBars();
    else if (fresh.length > 0) this.#print(fresh);
  }

  #showBars(): void {
    const shown = [...this.#answers].filter(({ isShown }) => isShown);
    if (shown.length === 0) return;
    const bars = shown.slice(0, MOST_NAMED).map(({ bar }) => bar);
    const more = moreText(shown.length);
    const bundle = displayBundle(
      [...bars.map(progressText), ...more].join("\n"),
      ...bars.map(progressBar),
      ...more.map((text) => html`<small>${text}</small>`),
    );
    this.#host.display(bundle, { id: this.#id, update: this.#isShown });
    this.#isShown = true;
  }

  #print(fresh: readonly Answer[]): void {
    const named = fresh.slice(0, MOST_NAMED).map(({ line }) => `still waiting: ${line}`);
    const text = printable([...named, ...moreText(fresh.length)].join("\n"));
    if (this.#cell) this.#host.display({ "text/plain": text });
    else console.warn(text);
  }
}

const moreText = (count: number): string[] => (count > MOST_NAMED ? [`and ${count - MOST_NAMED} more`] : []);

/** The line of each cell, by the signal of its interrupt; `OUTSIDE` stands for no cell. */
const lines = new WeakMap<object, WaitingLine>();
const OUTSIDE = {};

/**
 * Runs `work`. If it lasts longer than a second or two, the current cell says until its end that `name` (an
 * address) does not answer yet.
 *
 * @param work may tell what it awaits, by calling the function that it gets.
 * @param limit seconds after which `work` gives up, unless it tells another limit; default: never.
 */
export async function withWaitingLine<T>(
  name: string,
  work: (awaits: Awaits) => Promise<T>,
  limit = Number.POSITIVE_INFINITY,
): Promise<T> {
  const cell = currentHost().currentSignal();
  const key = cell ?? OUTSIDE;
  const line = lines.get(key) ?? new WaitingLine(cell, () => lines.delete(key));
  lines.set(key, line);
  const answer = new Answer(name, limit);
  line.add(answer);
  try {
    const result = await work((words, limit) => answer.awaits(words, limit));
    answer.end("ok");
    return result;
  } catch (error) {
    answer.end("bad");
    throw error;
  } finally {
    line.ended(answer);
  }
}

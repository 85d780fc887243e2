/** A value that is a word, over time or along a motor: only its changes are kept. */

/** The most changes that are kept; of more, the newest ones are. */
const MOST_CHANGES = 1000;
/** The most letters of a word. */
const LONGEST_WORD = 120;

/** A stretch of points with the same word. */
export interface StateSpan {
  /** The position of its first point. */
  readonly from: number;
  /** The position of the first point of the next stretch, or of the last point. */
  to: number;
  readonly word: string;
}

/** The stretches of one signal in the order in which they came. */
export class StateSeries {
  #spans: StateSpan[] = [];
  #last = "";

  /** Adds a point. A value that is missing ends the stretch. */
  add(x: number, value: unknown): void {
    if (!Number.isFinite(x)) return;
    const word = value === undefined || value === null ? "" : String(value).slice(0, LONGEST_WORD);
    const last = this.#spans.at(-1);
    if (last) last.to = x;
    if (last && word === this.#last) return;
    this.#last = word;
    this.#spans.push({ from: x, to: x, word });
    if (this.#spans.length > MOST_CHANGES) this.#spans = this.#spans.slice(-MOST_CHANGES / 2);
  }

  /** The stretches with a word; these are live objects: use them before the next point comes. */
  spans(): readonly StateSpan[] {
    return this.#spans.filter(({ word }) => word !== "");
  }
}

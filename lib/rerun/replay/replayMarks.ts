/** The marks of a recording: cells, pauses, and the times and numbers that a replay takes from it. */

import { INTERRUPT_MARK, type Journal, REACHED, REPLAY_BEGINS } from "../../journal";
import { WAKE } from "../../timeLimit";
import { addSeconds } from "../format/nodeTimes";
import type { Recording } from "../format/readRecording";
import { JOINED, type RecordedLine } from "../format/recordedLine";
import type { VirtualClock } from "./virtualClock";

/** A number or a time in the recording: `event primary @ 12.345`, `scan_id = 3`. */
const ENTRY = /^(.*) ([=@]) (-?\d+(?:\.\d+)?)$/;
const CELL = /^cell \S+ (\S+)$/;
const CELL_END = /^end /;
/** The end of a pause, and by how many seconds the process was late to see it. */
const WAKE_MARK = new RegExp(`^${WAKE}(?: (\\d+\\.\\d+) s late)?$`);
const REACHED_MARK = new RegExp(`^${REACHED} `);
/**
 * Recorded seconds by which a time that is asked for may differ from the recorded one: more if nothing was
 * received in between, where a busy process may have been late.
 */
const [NEAR, LATE] = [1, 30];

interface Entry {
  readonly index: number;
  readonly at: number;
  /** The place of what was received before it; -1 for nothing. */
  readonly received: number;
  readonly value: number;
}

export class ReplayMarks {
  readonly #clock: VirtualClock;
  readonly #position: () => number;
  /** What is to come of each kind of number, in order. */
  readonly #entries = new Map<string, Entry[]>();
  /** When pauses were due that ended: the process may have been late. */
  readonly #wakes: Entry[] = [];
  readonly #cells: { readonly index: number; readonly hash: string }[] = [];
  /** The places of marks that the process has come to. */
  readonly #made = new Set<number>();
  readonly #awaited: { readonly words: string; readonly resolve: () => void }[] = [];
  #nextCell = 0;
  /** Whether a cell of the recording has been run. */
  #hasBegun = false;
  /** Whether the cell that runs came before a late recording, which has no place for it. */
  isBefore = false;
  /** Whether the recording began when cells had run already. */
  readonly isLate: boolean;
  #wakeAt = 0;
  /** Whether a cell runs, or there are no cells. */
  cellRuns = true;

  /** @param position the place in the recording to which the replay has come */
  constructor({ lines, start }: Recording, clock: VirtualClock, position: () => number) {
    this.#clock = clock;
    this.#position = position;
    let received = -1;
    this.isLate = lines.some(({ sign, text }) => sign === "*" && text === JOINED);
    for (const [index, line] of lines.entries()) {
      if (line.sign === "<") received = index;
      if (line.sign !== "*") continue;
      const { text, at } = line;
      const [, words, sign, digits = ""] = ENTRY.exec(text) ?? [];
      const hash = CELL.exec(text)?.[1];
      if (words !== undefined) {
        const value = Number(sign === "@" ? addSeconds(digits, start) : digits);
        const list = this.#entries.get(words) ?? [];
        list.push({ index, at, received, value });
        this.#entries.set(words, list);
      } else if (WAKE_MARK.test(text)) this.#wakes.push({ index, at: this.dueOf(line), received, value: 0 });
      else if (hash !== undefined) this.#cells.push({ index, hash });
      else if (REACHED_MARK.test(text)) continue;
      else this.#made.add(index);
    }
    // Cells from before a late recording wait for the connections that it began with.
    const [first] = this.#cells;
    if (this.isLate && first) this.#made.add(first.index);
  }

  /** The journal that reads the recording back. `wake` is called when the process may wait for a place. */
  journal(wake: () => void, runsFolder: Journal["runsFolder"]): Journal {
    return {
      replays: true,
      mark: (words) => this.made(words),
      reached: (words) => {
        wake();
        return this.reached(words);
      },
      number: (words, value) => this.number(words, value),
      time: (words, value) => this.time(words, value),
      ...(runsFolder && { runsFolder }),
    };
  }

  /** The process came to a mark. */
  made(words: string): void {
    this.#clock.activity += 1;
    if (CELL_END.test(words)) this.cellRuns = false;
    const hash = CELL.exec(words)?.[1];
    if (hash === undefined && words !== REPLAY_BEGINS) return;
    this.cellRuns = true;
    // A cell that was edited is the next one; one that is found later means that others were deleted.
    const found = this.#cells.findIndex((cell, i) => i >= this.#nextCell && cell.hash === hash);
    // The cell before was new then, and not this one edited, as that with a %replay.
    if (found < 0 && hash !== undefined && this.#cells[this.#nextCell - 1]?.hash === hash) {
      this.#hasBegun = true;
      this.isBefore = false;
      return;
    }
    // The cell with %replay counts as that with %record; others that are not known came before a late one.
    this.isBefore = found < 0 && this.isLate && !this.#hasBegun && words !== REPLAY_BEGINS;
    if (this.isBefore) return;
    if (found >= 0) this.#hasBegun = true;
    const end = found < 0 ? this.#nextCell + 1 : found + 1;
    for (const { index } of this.#cells.slice(this.#nextCell, end)) this.#made.add(index);
    this.#nextCell = Math.min(end, this.#cells.length);
  }

  /** The number that was recorded next under these words, else `value`. */
  number(words: string, value: number): number {
    this.#clock.activity += 1;
    const entry = this.#entries.get(words)?.shift();
    if (entry) this.#made.add(entry.index);
    return entry?.value ?? value;
  }

  /** The time that was recorded next under these words, if that is about now; else `value`. */
  time(words: string, value: number): number {
    this.#clock.activity += 1;
    const list = this.#entries.get(words);
    const now = this.#clock.elapsed;
    while (list?.[0] && list[0].at < now - NEAR) this.#made.add((list.shift() as Entry).index);
    const entry = list?.[0];
    const isNext = entry !== undefined && entry.received < this.#position();
    if (!list || !entry || entry.at > now + (isNext ? LATE : NEAR)) return value;
    list.shift();
    this.#made.add(entry.index);
    return entry.value;
  }

  /** Nothing that was recorded is to come any more: times are those of the clock. */
  end(): void {
    this.#entries.clear();
  }

  /** Whether the replay need not wait for the mark at this place. */
  isPast(index: number): boolean {
    return this.#made.has(index);
  }

  /**
   * Resolves when the replay comes to the mark; soon if it was not recorded, as in a notebook that was
   * edited.
   */
  reached(words: string): Promise<void> {
    this.#clock.activity += 1;
    if (this.isBefore) return Promise.resolve();
    return new Promise((resolve) => this.#awaited.push({ words, resolve }));
  }

  isReached({ text }: RecordedLine): boolean {
    return REACHED_MARK.test(text);
  }

  /** Whether code waits for a place in the recording: for that of this line, or for any. */
  isAwaited(line?: RecordedLine): boolean {
    return this.#awaited.some(({ words }) => line === undefined || words === line.text);
  }

  /** Lets the code go on that waits for this line, or for any. */
  resume(line?: RecordedLine): void {
    const at = this.#awaited.findIndex(({ words }) => line === undefined || words === line.text);
    if (at < 0) return;
    this.#clock.activity += 1;
    this.#awaited.splice(at, 1)[0]?.resolve();
  }

  isWake({ text }: RecordedLine): boolean {
    return WAKE_MARK.test(text);
  }

  /** When the pause was due whose end this mark is, in recorded seconds. */
  dueOf({ at, text }: RecordedLine): number {
    return at - Number(WAKE_MARK.exec(text)?.[1] ?? 0);
  }

  /** Whether the user interrupted the running cells here. */
  isInterrupt({ text }: RecordedLine): boolean {
    return text === INTERRUPT_MARK;
  }

  isCell({ text }: RecordedLine): boolean {
    return CELL.test(text);
  }

  /** Whether the recording says when pauses ended; the oldest ones do not. */
  get hasWakes(): boolean {
    return this.#wakes.length > 0;
  }

  /** When the next pause that ended was due, from this place on. */
  nextWake(position: number): number {
    while ((this.#wakes[this.#wakeAt]?.index ?? Number.POSITIVE_INFINITY) < position) this.#wakeAt += 1;
    return this.#wakes[this.#wakeAt]?.at ?? Number.POSITIVE_INFINITY;
  }
}

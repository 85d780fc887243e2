/** The messages of a plan since its last checkpoint, which are done again after a pause. */

import type { Msg } from "../../core/protocols/msg";
import type { CallRuns } from "../documents/callRuns";

/**
 * Messages `null` in a row. They do nothing, so a plan that has millions of them without a checkpoint takes
 * no memory for them.
 */
class NullRow {
  readonly first: Msg;
  count = 1;

  constructor(first: Msg) {
    this.first = first;
  }
}

export class RewindCache {
  readonly #runs: CallRuns;
  #messages: (Msg | NullRow)[] = [];
  /** The newest entry, if it is a row. */
  #nullRow: NullRow | null = null;
  #resumable = true;
  #rewindable = true;

  constructor(runs: CallRuns) {
    this.#runs = runs;
  }

  /** Whether a pause can be followed by a resume; false for good after `clearCheckpoint`. */
  get resumable(): boolean {
    return this.#resumable;
  }

  /** False while a plan does what must not be repeated. Changing it is a checkpoint. */
  get rewindable(): boolean {
    return this.#rewindable;
  }

  set rewindable(value: boolean) {
    if (this.#rewindable === value) return;
    this.#rewindable = value;
    this.checkpoint();
  }

  /** Keeps a message, unless the plan may not be rewound now. */
  add(msg: Msg): void {
    const row = this.#nullRow;
    if (row !== null && msg.command === "null" && msg.obj === row.first.obj) row.count += 1;
    else if (this.#resumable && this.#rewindable) this.#keep(msg);
  }

  #keep(msg: Msg): void {
    this.#nullRow = msg.command === "null" ? new NullRow(msg) : null;
    this.#messages.push(this.#nullRow ?? msg);
  }

  /** Everything from here on can be done again; what came before is not. */
  checkpoint(): void {
    this.#forget();
    this.#runs.checkpoint();
  }

  /** From now on a pause ends the plan, since nothing can be done again. */
  clearCheckpoint(): void {
    this.#forget();
    this.#resumable = false;
  }

  /**
   * The messages since the checkpoint. They leave the cache: they are added again when they are done again.
   */
  take(): Msg[] {
    const messages = this.#messages;
    this.#forget();
    return messages.flatMap((entry) =>
      entry instanceof NullRow ? Array.from({ length: entry.count }, () => entry.first) : [entry],
    );
  }

  #forget(): void {
    if (this.#messages.length === 0) return;
    this.#messages = [];
    this.#nullRow = null;
  }
}

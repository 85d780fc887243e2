/** The messages of a plan since its last checkpoint, which are done again after a pause. */

import type { Msg } from "../../core/protocols/msg";
import type { CallRuns } from "../documents/callRuns";

export class RewindCache {
  readonly #runs: CallRuns;
  #messages: Msg[] = [];
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
    if (this.#resumable && this.#rewindable) this.#messages.push(msg);
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
    this.#messages = [];
    return messages;
  }

  #forget(): void {
    if (this.#messages.length > 0) this.#messages = [];
  }
}

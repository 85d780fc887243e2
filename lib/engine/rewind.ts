/** What a plan did since its last checkpoint, to be done again after a pause. */
import type { Msg, Plan } from "../core/msg";

export class RewindCache {
  #messages: Msg[] = [];
  #open = true;
  /** Off while a plan does what must not be repeated. */
  recording = true;

  /** Whether a pause can be followed by a resume. Closed for good by `close`. */
  get open(): boolean {
    return this.#open;
  }

  add(msg: Msg): void {
    if (this.#open && this.recording) this.#messages.push(msg);
  }

  clear(): void {
    if (this.#messages.length > 0) this.#messages = [];
  }

  close(): void {
    this.clear();
    this.#open = false;
  }

  /** The messages, which are forgotten: they are recorded again as they are done again. */
  take(): Msg[] {
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }
}

/** A plan of these messages that returns what the last one gave. */
export function* replay(messages: readonly Msg[]): Plan {
  let last: unknown;
  for (const msg of messages) last = yield msg;
  return last;
}

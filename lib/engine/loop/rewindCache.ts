/** What a plan did since its last checkpoint, to be done again after a pause. */
import type { Msg, Plan } from "../../core/protocols/msg";

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

/** What has to be done again when a plan goes on. */
export interface Again {
  /** In this order, before the plan goes on: all since the checkpoint, and the message that was cut short. */
  readonly messages: readonly Msg[];
  /** Moves that were cut short and are not among the messages: they were started before the checkpoint. */
  readonly restart: readonly Msg[];
  /** Whether the last message is the one whose answer the plan waits for. */
  readonly feeds: boolean;
  /** Puts bundles back to where the plan left them: for a plan that does not come to its end of this. */
  readonly abandon: () => void;
}

/** Does messages again, after `first`. Returns what the last one gave. */
export function* replay({ messages, abandon }: Again, first?: Plan): Plan {
  try {
    if (first) yield* first;
    let last: unknown;
    for (const msg of messages) last = yield msg;
    return last;
  } catch (error) {
    abandon();
    throw error;
  }
}

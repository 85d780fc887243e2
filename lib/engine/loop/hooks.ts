/** Tells observers of an execution what it does: its state, its messages, what it waits for. What they throw is reported once and changes nothing. */
import type { Msg } from "../../core/protocols/msg";
import type { StatusLike } from "../../core/protocols/protocols";
import type { RunEngineState, Settings } from "../engineSettings";

/** Who is told. */
export interface Listeners {
  readonly settings: Pick<Settings, "msgHook">;
  readonly onState: (state: RunEngineState, previous: RunEngineState) => void;
  readonly onWaiting: (statuses: readonly StatusLike[] | null) => void;
  readonly report: (text: string, error: unknown) => void;
}

export class Hooks {
  readonly #listeners: Listeners;
  #state: RunEngineState = "idle";
  #waitingFor: readonly StatusLike[] | null = null;
  /** Hooks that failed. */
  readonly #failed = new Set<string>();

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  get state(): RunEngineState {
    return this.#state;
  }

  set state(state: RunEngineState) {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#tell("stateHook", () => this.#listeners.onState(state, previous));
  }

  message(msg: Msg): void {
    this.#tell("msgHook", () => this.#listeners.settings.msgHook?.(msg));
  }

  /** What the plan waits for; null when it goes on. */
  waitingFor(statuses: readonly StatusLike[] | null): void {
    const known = this.#waitingFor;
    if (statuses === known) return;
    if (statuses && known && statuses.length === known.length && statuses.every((s) => known.includes(s))) return;
    this.#waitingFor = statuses;
    this.#tell("waitingHook", () => this.#listeners.onWaiting(statuses));
  }

  #tell(hook: string, tell: () => void): void {
    try {
      tell();
    } catch (error) {
      if (this.#failed.has(hook)) return;
      this.#failed.add(hook);
      this.#listeners.report(`${hook} failed (the plan goes on, further errors of it are not shown)`, error);
    }
  }
}

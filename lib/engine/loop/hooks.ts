/** Reports what a plan does to the engine's hooks: its state, its messages, what it waits for. */

// A hook that throws changes nothing; its first error is reported.

import type { Msg } from "../../core/protocols/msg";
import type { StatusLike } from "../../core/protocols/protocols";
import { isolated } from "../../isolatedObservable";
import type { RunEngineState, Settings } from "../engineSettings";

/** The functions behind the hooks. */
export interface HookListeners {
  readonly settings: Pick<Settings, "msgHook">;
  readonly onState: (state: RunEngineState, previous: RunEngineState) => void;
  readonly onWaiting: (statuses: readonly StatusLike[] | null) => void;
  readonly report: (text: string, error: unknown) => void;
}

export class Hooks {
  /** Called with every message before it is carried out. */
  readonly message: (msg: Msg) => void;
  readonly #stateChanged: (state: RunEngineState, previous: RunEngineState) => void;
  readonly #waitingChanged: (statuses: readonly StatusLike[] | null) => void;
  #state: RunEngineState = "idle";
  #waitingFor: readonly StatusLike[] | null = null;

  constructor({ settings, onState, onWaiting, report }: HookListeners) {
    const failed = (hook: string) => (error: unknown) =>
      report(`${hook} failed (the plan goes on, further errors of it are not shown)`, error);
    this.message = isolated((msg: Msg) => settings.msgHook?.(msg), failed("msgHook"));
    this.#stateChanged = isolated(onState, failed("stateHook"));
    this.#waitingChanged = isolated(onWaiting, failed("waitingHook"));
  }

  get state(): RunEngineState {
    return this.#state;
  }

  set state(state: RunEngineState) {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#stateChanged(state, previous);
  }

  /**
   * Reports the statuses that the plan waits for; null when it goes on. The same ones again are not reported.
   */
  waitingFor(statuses: readonly StatusLike[] | null): void {
    const known = this.#waitingFor;
    if (statuses === known) return;
    if (statuses && known && statuses.length === known.length && statuses.every((s) => known.includes(s))) return;
    this.#waitingFor = statuses;
    this.#waitingChanged(statuses);
  }
}

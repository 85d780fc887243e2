/**
 * The cycle of a pause or a suspension: devices are stopped, the plan is rewound to its last checkpoint,
 * devices go on, and the messages since the checkpoint are done again.
 */

// `planInterruptions` decides when a pause begins: at once, or at the next checkpoint (`pauseDeferred`).

import { timeNow } from "../../clock";
import type { Msg, Plan } from "../../core/protocols/msg";
import type { CallRuns } from "../documents/callRuns";
import type { ActionGroups } from "./actionGroups";
import type { Hardware } from "./hardware";
import type { PlanStack } from "./planStack";
import type { RewindCache } from "./rewindCache";

/** The actions to do again when a plan goes on. */
export interface Replay {
  /**
   * To be done before the plan goes on: all messages since the checkpoint, then the one that was interrupted.
   */
  readonly messages: readonly Msg[];
  /** Moves that were stopped and are not among the messages, because they started before the checkpoint. */
  readonly restart: readonly Msg[];
  /** Whether the last message is the one whose result the plan waits for. */
  readonly answersPlan: boolean;
  /** Restores the bundles that were open, for a plan that ends before everything was done again. */
  readonly restoreBundles: () => void;
}

export class PauseCycle {
  readonly #runs: CallRuns;
  readonly #hardware: Hardware;
  readonly #groups: ActionGroups;
  readonly #cache: RewindCache;
  readonly #stack: PlanStack;
  /** When devices were stopped (unix seconds). */
  #since = 0;

  constructor(runs: CallRuns, hardware: Hardware, groups: ActionGroups, cache: RewindCache, stack: PlanStack) {
    this.#runs = runs;
    this.#hardware = hardware;
    this.#groups = groups;
    this.#cache = cache;
    this.#stack = stack;
  }

  /** Stops what moves and lets devices pause. @returns the messages of the moves that were stopped */
  async stopDevices(): Promise<readonly Msg[]> {
    this.#since = timeNow();
    const { stopped, replayable } = await this.#hardware.hold();
    if (!replayable) this.#cache.checkpoint();
    return stopped;
  }

  /**
   * Goes back to the checkpoint: events are counted from there again, and the time since `stopDevices` is no
   * time of the plan.
   * @param stopped moves that were stopped
   * @param current the message whose result the plan waits for
   * @param wasInterrupted whether that message was interrupted: then it is done again even if no other
   * message is
   */
  rewind(stopped: readonly Msg[], current: Msg | undefined, wasInterrupted: boolean): Replay {
    this.#stack.stoodStill(this.#since);
    const messages = this.#cache.take();
    for (const action of [...this.#groups.allOpen()]) if (messages.includes(action.msg)) this.#groups.abandon(action);
    const restoreBundles = messages.length > 0 ? this.#runs.rewind() : () => {};
    if (current && wasInterrupted && messages.at(-1) !== current) messages.push(current);
    return {
      messages,
      restart: stopped.filter((msg) => !messages.includes(msg)),
      answersPlan: messages.length > 0 && messages.at(-1) === current,
      restoreBundles,
    };
  }

  /** Lets devices go on. `start` starts a move again. */
  async restartDevices(restart: readonly Msg[], start: (msg: Msg) => void): Promise<void> {
    await this.#hardware.release();
    for (const msg of restart) start(msg);
  }
}

/** The plan that does messages again, after the plan `first`. Returns the result of the last message. */
export function* replayPlan({ messages, restoreBundles }: Replay, first?: Plan): Plan {
  try {
    if (first) yield* first;
    let last: unknown;
    for (const msg of messages) last = yield msg;
    return last;
  } catch (error) {
    restoreBundles();
    throw error;
  }
}

/**
 * The devices that a plan has used, and what becomes of them when it pauses or ends.
 *
 * Policy: a device that still moves is stopped when the plan pauses, fails, or is stopped, aborted or halted.
 * When the plan ends by itself no device is stopped: a temperature ramp goes on. A device with `stopOnExit:
 * true` is stopped at every end if it still moves; one with `stopOnExit: false` is never stopped at the end,
 * only on a pause. A device that has reached its target is left alone.
 */

import { lostConnectionOf } from "../../core/protocols/lostConnection";
import type { Msg } from "../../core/protocols/msg";
import { isPausable, isStatus, isStoppable, type Stageable, type StatusLike } from "../../core/protocols/protocols";
import { inTime } from "../../timeLimit";
import { isThenable } from "../commandSteps";
import { deviceName, NoReplayAllowed } from "../planErrors";
import type { ActionGroups } from "./actionGroups";

/**
 * Seconds that `stop`, `unstage`, `pause` and `resume` of a device may take; then the engine goes on without
 * it.
 */
const TIME_LIMIT = 10;

/** What a device may say about the end of a plan. */
export interface StopPolicy {
  /**
   * True: stopped at the end of every plan if it still moves. False: never. Default: only if the plan did not
   * end by itself.
   */
  readonly stopOnExit?: boolean;
}

interface Move {
  readonly msg: Msg;
  readonly status: StatusLike;
}

export class Hardware {
  /** Staged and not yet unstaged. */
  readonly staged = new Set<Stageable>();
  /** Every object that a message was about. */
  readonly seen = new Set<unknown>();
  readonly #moves = new Map<object, Move>();
  readonly #report: (text: string, error: unknown) => void;
  readonly #groups: ActionGroups;

  constructor(groups: ActionGroups, report: (text: string, error: unknown) => void) {
    this.#groups = groups;
    this.#report = report;
  }

  /** Keeps a move that `msg` started. */
  moved(msg: Msg, status: StatusLike): void {
    this.#moves.set(msg.obj as object, { msg, status });
  }

  /**
   * Stops what moves and calls `pause()` of devices that have it.
   * @returns the messages of the moves that were stopped, and whether what was done since the checkpoint can
   * be done again
   */
  async hold(): Promise<{ stopped: Msg[]; replayable: boolean }> {
    const moving = [...this.#moves].filter(([, move]) => !move.status.done);
    const statuses = new Set(moving.map(([, move]) => move.status));
    for (const action of [...this.#groups.allOpen()]) if (statuses.has(action.status)) this.#groups.abandon(action);
    await this.#stop(moving.map(([device]) => device));
    let replayable = true;
    for (const device of this.seen) {
      if (!isPausable(device) || lostConnectionOf(device)) continue;
      await this.#withinLimit("pause", device, async () => {
        try {
          await device.pause();
        } catch (error) {
          if (!(error instanceof NoReplayAllowed)) throw error;
          replayable = false;
        }
      });
    }
    return { stopped: moving.map(([, move]) => move.msg), replayable };
  }

  /** Calls `resume()` of devices that have it. */
  async release(): Promise<void> {
    for (const device of this.seen) {
      if (isPausable(device)) await this.#withinLimit("resume", device, () => device.resume());
    }
  }

  /**
   * At the end of a plan: stops devices by their policy and unstages what is staged. A failed move is
   * stopped, too: it may have failed by a timeout, which does not end the movement.
   */
  async leave(endedByItself: boolean): Promise<void> {
    const toStop = [...this.#moves]
      .filter(([, { status }]) => !status.done || !status.success)
      .map(([device]) => device)
      .filter((device) => (device as StopPolicy).stopOnExit ?? !endedByItself);
    await this.#stop(toStop, endedByItself);
    for (const device of this.staged) await this.#withinLimit("unstage", device, () => device.unstage());
    this.staged.clear();
  }

  async #stop(devices: readonly object[], success = true): Promise<void> {
    await Promise.all(
      devices.map((device) =>
        isStoppable(device) ? this.#withinLimit("stop", device, () => device.stop(success)) : undefined,
      ),
    );
  }

  async #withinLimit(what: string, device: unknown, act: () => unknown): Promise<void> {
    try {
      const pending = act();
      if (isThenable(pending)) await withinLimit(pending);
      else if (isStatus(pending)) await withinLimit(whenDone(pending));
    } catch (error) {
      this.#report(`could not ${what} ${deviceName(device)}`, error);
    }
  }
}

function whenDone(status: StatusLike): Promise<void> {
  return new Promise((resolve, reject) => {
    status.addCallback((s) => (s.success ? resolve() : reject(s.exception())));
  });
}

async function withinLimit(pending: PromiseLike<unknown>): Promise<void> {
  if (!(await inTime(pending, TIME_LIMIT))) throw new Error(`not done after ${TIME_LIMIT} s`);
}

/**
 * What a plan did to devices and has to be taken care of when it pauses or ends: moves under way and staged devices.
 *
 * Policy: a device that is still moving is stopped when a plan pauses, fails or is stopped, aborted or halted. When a plan ends by
 * itself nothing is stopped: a temperature ramp goes on. A device with `stopOnExit: true` is stopped at the end whatever the end is,
 * if it still moves; with `stopOnExit: false` never at the end, only on a pause. What has reached its target is left alone.
 */
import type { Msg } from "../../core/protocols/msg";
import { isPausable, isStatus, isStoppable, type Stageable, type StatusLike } from "../../core/protocols/protocols";
import { inTime } from "../../timeLimit";
import { isThenable } from "../commandSteps";
import { deviceName, NoReplayAllowed } from "../planErrors";
import type { Groups } from "./actionGroups";

/** Seconds that `stop`, `unstage`, `pause` and `resume` of a device may take before the engine goes on without it. */
const PATIENCE = 10;

/** What devices may say about the end of a plan. */
export interface StopPolicy {
  /** True: stopped at the end of every plan if still moving. False: never. Default: only when the plan did not end by itself. */
  readonly stopOnExit?: boolean;
}

interface Move {
  readonly msg: Msg;
  readonly status: StatusLike;
}

export class Hardware {
  readonly staged = new Set<Stageable>();
  /** Every object a message was about. */
  readonly seen = new Set<unknown>();
  readonly #moves = new Map<object, Move>();
  readonly #report: (text: string, error: unknown) => void;
  readonly #groups: Groups;

  constructor(groups: Groups, report: (text: string, error: unknown) => void) {
    this.#groups = groups;
    this.#report = report;
  }

  moved(msg: Msg, status: StatusLike): void {
    this.#moves.set(msg.obj as object, { msg, status });
  }

  /**
   * Stops what moves and lets devices that can pause do so.
   * @returns the messages of the moves that were cut short, and whether what was done since the checkpoint can be done again
   */
  async hold(): Promise<{ cut: Msg[]; replayable: boolean }> {
    const moving = this.#moving();
    const cut = new Set(moving.map(([, move]) => move.status));
    for (const action of [...this.#groups.allOpen()]) if (cut.has(action.status)) this.#groups.pardon(action);
    await this.#stop(moving.map(([device]) => device));
    let replayable = true;
    for (const device of this.seen) {
      if (!isPausable(device)) continue;
      await this.#patiently("pause", device, async () => {
        try {
          await device.pause();
        } catch (error) {
          if (!(error instanceof NoReplayAllowed)) throw error;
          replayable = false;
        }
      });
    }
    return { cut: moving.map(([, move]) => move.msg), replayable };
  }

  async release(): Promise<void> {
    for (const device of this.seen) {
      if (isPausable(device)) await this.#patiently("resume", device, () => device.resume());
    }
  }

  /**
   * At the end of a plan: stops what its policy says and unstages what is staged. What failed to arrive may well be moving still: a
   * timeout ends the waiting, not the movement.
   */
  async leave(endedByItself: boolean): Promise<void> {
    const toStop = [...this.#moves]
      .filter(([, { status }]) => !status.done || !status.success)
      .map(([device]) => device)
      .filter((device) => (device as StopPolicy).stopOnExit ?? !endedByItself);
    await this.#stop(toStop, endedByItself);
    for (const device of this.staged) await this.#patiently("unstage", device, () => device.unstage());
    this.staged.clear();
  }

  #moving(): [object, Move][] {
    return [...this.#moves].filter(([, move]) => !move.status.done);
  }

  async #stop(devices: readonly object[], success = true): Promise<void> {
    await Promise.all(
      devices.map((device) =>
        isStoppable(device) ? this.#patiently("stop", device, () => device.stop(success)) : undefined,
      ),
    );
  }

  async #patiently(what: string, device: unknown, act: () => unknown): Promise<void> {
    try {
      const pending = act();
      if (isThenable(pending)) await patiently(pending);
      else if (isStatus(pending)) await patiently(whenDone(pending));
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

async function patiently(pending: PromiseLike<unknown>): Promise<void> {
  if (!(await inTime(pending, PATIENCE))) throw new Error(`not done after ${PATIENCE} s`);
}

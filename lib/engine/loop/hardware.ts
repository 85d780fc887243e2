/** The devices that a plan has used: stops, holds and releases them when the plan pauses, resumes or ends. */

// Policy: what a plan has set in motion (a move, a preparation, a flight, a measurement) and has not ended is
// stopped when the plan fails, or is stopped, aborted or halted. A pause stops moves and preparations;
// flights and measurements go on. When the plan ends by itself no device is stopped: a temperature ramp goes
// on. A device with `stopOnExit: true` is stopped at every end if it still moves; one with `stopOnExit:
// false` is never stopped at the end, only on a pause. A device that has reached its target is left alone.

import { lostConnectionOf } from "../../core/protocols/lostConnection";
import type { Msg } from "../../core/protocols/msg";
import { isPausable, isStatus, isStoppable, type Stageable, type StatusLike } from "../../core/protocols/protocols";
import { inTime } from "../../timeLimit";
import { isThenable } from "../commandSteps";
import { deviceName, NoReplayAllowed } from "../planErrors";
import { type ActionGroups, endOf } from "./actionGroups";

/**
 * Seconds that `stop`, `unstage`, `pause` and `resume` of a device may take; then the engine goes on without
 * it.
 */
const TIME_LIMIT = 10;

/** The members of a device that are about the end of a plan. */
export interface StopPolicy {
  /**
   * True: stopped at the end of every plan if it still moves. False: never. Default: only if the plan did not
   * end by itself.
   */
  readonly stopOnExit?: boolean;
}

/** The latest action of one kind on a device. */
interface Motion {
  readonly msg: Msg;
  readonly status: StatusLike;
}

/**
 * Moves and preparations are stopped by a pause and started again after it; flights and measurements are not.
 */
const HELD_BY_PAUSE: readonly string[] = ["set", "prepare"];

export class Hardware {
  /** Staged and not yet unstaged. */
  readonly staged = new Set<Stageable>();
  /** Every object that a message was about. */
  readonly seen = new Set<unknown>();
  /** By command and device. */
  readonly #motions = new Map<string, Map<object, Motion>>();
  /** Devices that took off, and the status of `complete` once the plan waits for their landing. */
  readonly #flights = new Map<object, StatusLike | undefined>();
  readonly #report: (text: string, error: unknown) => void;
  readonly #groups: ActionGroups;
  #notHeld: string[] = [];

  constructor(groups: ActionGroups, report: (text: string, error: unknown) => void) {
    this.#groups = groups;
    this.#report = report;
  }

  /** The names of devices that the last `hold` could not hold: they may go on. */
  get notHeld(): readonly string[] {
    return this.#notHeld;
  }

  /** Keeps the action that `msg` started. */
  setInMotion(msg: Msg, status: StatusLike): void {
    const motions = this.#motions.get(msg.command) ?? new Map<object, Motion>();
    this.#motions.set(msg.command, motions);
    motions.set(msg.obj as object, { msg, status });
  }

  /** A device has taken off. Its flight ends when the status of its `complete` succeeds. */
  tookOff(device: object): void {
    this.#flights.set(device, undefined);
  }

  /** The plan asked for the end of a flight. */
  lands(device: object, status: StatusLike): void {
    if (this.#flights.has(device)) this.#flights.set(device, status);
  }

  /**
   * Stops moves and preparations, and calls `pause()` of devices that have it.
   * @returns the messages of the moves that were stopped, and whether what was done since the checkpoint can
   * be done again
   */
  async hold(): Promise<{ stopped: Msg[]; replayable: boolean }> {
    const moving = HELD_BY_PAUSE.flatMap((command) => [...(this.#motions.get(command) ?? [])]).filter(
      ([, { status }]) => !status.done,
    );
    const statuses = new Set(moving.map(([, { status }]) => status));
    for (const action of [...this.#groups.allOpen()]) if (statuses.has(action.status)) this.#groups.abandon(action);
    this.#notHeld = await this.#stop(new Set(moving.map(([device]) => device)));
    let replayable = true;
    for (const device of this.seen) {
      if (!isPausable(device) || lostConnectionOf(device)) continue;
      const paused = await this.#withinLimit("pause", device, async () => {
        try {
          await device.pause();
        } catch (error) {
          if (!(error instanceof NoReplayAllowed)) throw error;
          replayable = false;
        }
      });
      if (!paused) this.#notHeld.push(deviceName(device));
    }
    return { stopped: moving.map(([, { msg }]) => msg), replayable };
  }

  /** Calls `resume()` of devices that have it. */
  async release(): Promise<void> {
    for (const device of this.seen) {
      if (isPausable(device)) await this.#withinLimit("resume", device, () => device.resume());
    }
  }

  /**
   * At the end of a plan: stops devices by their policy, and unstages those that are staged. A failed move is
   * stopped, too: it may have failed by a timeout, which does not end the movement.
   */
  async leave(endedByItself: boolean): Promise<void> {
    const ended = ({ done, success }: StatusLike) => done && success;
    const inMotion = [...this.#motions.values()]
      .flatMap((motions) => [...motions])
      .filter(([, { status }]) => !ended(status))
      .map(([device]) => device);
    const flying = [...this.#flights].filter(([, landing]) => !(landing && ended(landing))).map(([device]) => device);
    const toStop = new Set(
      [...inMotion, ...flying].filter((device) => (device as StopPolicy).stopOnExit ?? !endedByItself),
    );
    await this.#stop(toStop, endedByItself);
    await Promise.all([...this.staged].map((device) => this.#withinLimit("unstage", device, () => device.unstage())));
    this.staged.clear();
  }

  /** @returns the names of devices that were not stopped */
  async #stop(devices: ReadonlySet<object>, success = true): Promise<string[]> {
    const stopped = await Promise.all(
      [...devices].map(async (device) => {
        const isStopped = isStoppable(device) && (await this.#withinLimit("stop", device, () => device.stop(success)));
        return isStopped ? [] : [deviceName(device)];
      }),
    );
    return stopped.flat();
  }

  /** @returns whether the action was done in time and without an error; if not, that is reported */
  async #withinLimit(action: string, device: unknown, act: () => unknown): Promise<boolean> {
    try {
      const pending = act();
      if (isThenable(pending)) await withinLimit(pending);
      else if (isStatus(pending)) await withinLimit(endOf(pending));
      return true;
    } catch (error) {
      this.#report(`could not ${action} ${deviceName(device)}`, error);
      return false;
    }
  }
}

async function withinLimit(pending: PromiseLike<unknown>): Promise<void> {
  if (!(await inTime(pending, TIME_LIMIT))) throw new Error(`not done after ${TIME_LIMIT} s`);
}

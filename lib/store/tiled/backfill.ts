/** Sends runs from their files that a Tiled server did not get while they were made. */

import { randomInt } from "node:crypto";
import { type ClockTimer, realClock } from "../../clock";
import type { RunSource } from "../export/runSource";
import type { PendingRuns } from "./pendingRuns";
import type { SendingTurn } from "./sendingTurn";
import type { TiledClient } from "./tiledClient";
import { TiledError } from "./tiledError";
import { LostRowsError } from "./tiledTable";
import { uploadRun } from "./uploadRun";

/** Milliseconds until something is tried again; doubled with each failure. */
const FIRST_RETRY_MS = 2000;
/** The longest time for a run that the server refuses, and for a server that cannot be reached. */
const LAST_RETRY_MS = 300_000;
const LAST_AWAY_MS = 30_000;

/** Where the files of runs are. */
export interface RunFolderLike {
  readonly dir: string;
  /** The run with this uid; undefined if there is none. */
  find(uid: string): RunSource | undefined;
}

export interface BackfillOptions {
  readonly client: TiledClient;
  readonly folder: RunFolderLike;
  readonly pending: PendingRuns;
  readonly turn: SendingTurn;
  /** Whether a run is still being made; then it is left alone. */
  readonly isLive: (uid: string) => boolean;
  readonly failed: (error: unknown, uid: string) => void;
  readonly sent: (count: number) => void;
}

/** When something is tried again, and the time after the next failure. */
interface Wait {
  readonly until: number;
  readonly nextMs: number;
}

/**
 * Sends one run after the other. A run that the server refuses waits longer and longer, and holds back no
 * other one; a server that cannot be reached is asked again within half a minute.
 */
export class Backfill {
  readonly #options: BackfillOptions;
  readonly #waits = new Map<string, Wait>();
  #away: Wait = { until: 0, nextMs: FIRST_RETRY_MS };
  #timer: ClockTimer | undefined;
  #isWorking = false;

  constructor(options: BackfillOptions) {
    this.#options = options;
    this.#plan();
  }

  /** A run has ended that the server does not have completely. */
  add(uid: string): void {
    this.#waits.set(uid, later(FIRST_RETRY_MS, LAST_RETRY_MS));
    this.#plan();
  }

  /** Sets the timer for the run that is next. */
  #plan(): void {
    if (this.#isWorking) return;
    const times = this.#uids().map((uid) => this.#waits.get(uid)?.until ?? 0);
    if (times.length === 0) return;
    this.#timer?.cancel();
    const until = Math.max(this.#away.until, Math.min(...times));
    const seconds = Math.max(0, until - realClock.monotonic());
    this.#timer = realClock.timer(seconds, () => void this.#work()).unref();
  }

  #uids(): string[] {
    const { pending, isLive } = this.#options;
    return pending.abandoned().filter((uid) => !isLive(uid));
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    let count = 0;
    const now = realClock.monotonic();
    for (const uid of this.#uids()) {
      if ((this.#waits.get(uid)?.until ?? 0) > now) continue;
      try {
        if (await this.#send(uid)) count += 1;
      } catch (error) {
        this.#options.failed(error, uid);
        const isAnswer = error instanceof TiledError || error instanceof LostRowsError;
        if (isAnswer) this.#waits.set(uid, later(this.#waits.get(uid)?.nextMs ?? FIRST_RETRY_MS, LAST_RETRY_MS));
        else this.#away = later(this.#away.nextMs, LAST_AWAY_MS);
        if (!isAnswer) break;
      }
    }
    this.#isWorking = false;
    if (count > 0) this.#options.sent(count);
    this.#plan();
  }

  /**
   * Resolves to whether the run was sent; not if its file is gone, if the server has it already, or if
   * another process sends it.
   */
  async #send(uid: string): Promise<boolean> {
    const { client, folder, pending, turn } = this.#options;
    if (!pending.take(uid)) {
      this.#waits.set(uid, later(LAST_AWAY_MS, LAST_AWAY_MS));
      return false;
    }
    const run = folder.find(uid);
    const isSent = run !== undefined && (await turn.take(() => uploadRun(client, run)));
    pending.done(uid);
    this.#waits.delete(uid);
    this.#away = { until: 0, nextMs: FIRST_RETRY_MS };
    return isSent;
  }
}

/** Between half of the time and all of it, so that two processes do not come at the same moment again. */
function later(ms: number, mostMs: number): Wait {
  const seconds = (ms * (0.5 + randomInt(500) / 1000)) / 1000;
  return { until: realClock.monotonic() + seconds, nextMs: Math.min(ms * 2, mostMs) };
}

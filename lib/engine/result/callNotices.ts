/** The notices of one call of the RunEngine, shown in the cell that started it. */

// A notice replaces the one that it outdates.

import { timeNow } from "../../clock";
import type { Callout } from "../../display/callout";
import { currentHost } from "../../display/host";
import { sentence } from "../../display/sentence";
import { formatTime } from "../../display/time";
import { newUid } from "../../randomSource";
import type { NoticePlace, RunEngineState, Settings } from "../engineSettings";
import type { Suspension } from "../suspend/suspension";
import {
  endedPauseNotice,
  neverPausedNotice,
  type PauseFacts,
  pausedNotice,
  pausingNotice,
  releasedNotice,
  resumedNotice,
  sendNotice,
  stoppedByForceNotice,
  suspendedNotice,
} from "./notices";
import type { RunRecord } from "./runRecord";

export class CallNotices {
  readonly #record: RunRecord;
  readonly #engineName: () => string;
  readonly #inCell = currentHost().currentSignal() !== undefined;
  /** Shows a notice in the cell of the call, whichever code causes it. */
  readonly #show: (notice: Callout, place?: NoticePlace) => void;
  /** Display id of the "Pausing" notice, while it is up to date. */
  #pausingId: string | undefined;
  /** The "Paused" notice, and since when the plan is paused (unix seconds). */
  #paused: { readonly id: string; readonly since: number } | undefined;
  #closed = false;

  constructor(settings: Pick<Settings, "notify">, record: RunRecord, engineName: () => string) {
    this.#record = record;
    this.#engineName = engineName;
    this.#show = currentHost().bind((notice: Callout, place?: NoticePlace) => sendNotice(settings, notice, place));
  }

  /** The plan will pause at its next checkpoint. */
  pausing(): void {
    this.#pausingId = newUid();
    this.#show(pausingNotice(), { id: this.#pausingId, update: false });
  }

  /** Replaces the "Pausing" notice, if there is one. Called again, it updates the "Paused" notice. */
  paused(pause: Omit<PauseFacts, "engine">): void {
    const id = this.#pausingId ?? this.#paused?.id;
    this.#pausingId = undefined;
    this.#paused = { id: id ?? newUid(), since: this.#paused?.since ?? timeNow() };
    this.#show(pausedNotice(this.#record, { ...pause, engine: this.#engineName() }), {
      id: this.#paused.id,
      update: id !== undefined,
    });
  }

  /** Replaces the "Paused" notice when the plan goes on: its buttons no longer apply. */
  leftPause(state: RunEngineState): void {
    const paused = this.#paused;
    this.#paused = undefined;
    if (!paused) return;
    const notice = state === "running" ? resumedNotice(paused.since) : endedPauseNotice(paused.since, state);
    this.#show(notice, { id: paused.id, update: true });
  }

  /**
   * A suspension holds the plan, with `beforeStart` before its first message. The notice is replaced at its
   * release.
   */
  suspended(suspension: Suspension, beforeStart: boolean): void {
    const id = newUid();
    this.#show(suspendedNotice(suspension, { beforeStart, inCell: this.#inCell, engine: this.#engineName() }), {
      id,
      update: false,
    });
    const onReleased = () => {
      if (!this.#closed) this.#show(releasedNotice(suspension), { id, update: true });
    };
    suspension.released.then(onReleased, () => {});
  }

  /** Replaces the "Pausing" notice, if there is one. */
  stoppedByForce(): void {
    const id = this.#pausingId;
    this.#pausingId = undefined;
    this.#show(stoppedByForceNotice(this.#engineName()), { id: id ?? newUid(), update: id !== undefined });
  }

  /** A condition has ended the plan. */
  ended(justification: string): void {
    this.#show({ kind: "notice", title: "Ended", text: sentence(`at ${formatTime(timeNow())}: ${justification}`) });
  }

  problem(text: string): void {
    this.#show({ kind: "problem", title: "Problem", text });
  }

  /**
   * The call is over: releases of suspensions are no longer shown. Replaces the "Pausing" notice, if the plan
   * ended before its next checkpoint.
   */
  close(): void {
    this.#closed = true;
    const id = this.#pausingId;
    this.#pausingId = undefined;
    if (id !== undefined) this.#show(neverPausedNotice(), { id, update: true });
  }
}

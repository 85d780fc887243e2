/** Notices for the user when a plan waits for them, each with the next line to type. */

import { timeNow } from "../../clock";
import { type Callout, callout, calloutText } from "../../display/callout";
import { displayBundle } from "../../display/displayBundle";
import { currentHost } from "../../display/host";
import { sentence } from "../../display/sentence";
import { formatDuration, formatTime } from "../../display/time";
import { errorText } from "../../errors";
import { reportError } from "../../log";
import type { NoticePlace, Settings } from "../engineSettings";
import type { Suspension } from "../suspend/suspension";
import type { RunRecord } from "./runRecord";

/** The facts about a pause. */
export interface PauseFacts {
  /** Whether the user pressed the interrupt button. */
  readonly byInterrupt: boolean;
  /** Whether a cell waits for the plan, so that no other cell can run. */
  readonly blocksCell: boolean;
  /** The name that the user has for the engine. */
  readonly engine: string;
  /** The error at which the plan is paused, see `pauseOnError`. */
  readonly error: unknown;
  /** The names of devices that go on. */
  readonly notHeld: readonly string[];
}

/** The plan is paused. */
export function pausedNotice(record: RunRecord, pause: PauseFacts): Callout {
  const { byInterrupt, blocksCell, engine, error, notHeld } = pause;
  const where = pointText(record);
  const first = blocksCell ? " Interrupt (■) first: this cell waits for the plan." : "";
  if (error !== undefined) {
    return {
      kind: "problem",
      title: "Paused at an error",
      text: sentence(`${where ? `at ${where}, ` : ""}${formatTime(timeNow())}: ${errorText(error)}`),
      detail: `Nothing is cleaned up yet, and the run is open.${first}`,
      next: [
        { label: "Let the plan fail", code: `${engine}.resume()` },
        { label: "end, keeping the data", code: `${engine}.stop()` },
        { label: "end without clean-up", code: `${engine}.halt()` },
      ],
    };
  }
  const by = byInterrupt ? ", by Interrupt" : "";
  return {
    kind: "notice",
    title: "Paused",
    text: `${where ? `at ${where}, ` : "at "}${formatTime(timeNow())}${by}.`,
    detail: `${notHeld.length > 0 ? `${notHeld.join(", ")} could not be held and may go on.` : "Hardware holds where it is."}${first}`,
    next: [
      { label: "Go on", code: `${engine}.resume()` },
      { label: "end, keeping the data", code: `${engine}.stop()` },
      { label: "give up", code: `${engine}.abort()` },
    ],
  };
}

/** Replaces the "Paused" notice when the plan goes on. `since`: unix seconds. */
export function resumedNotice(since: number): Callout {
  const held = formatDuration(timeNow() - since);
  return { kind: "notice", title: "Resumed", text: `after ${held}, paused since ${formatTime(since)}.` };
}

/** Replaces the "Paused" notice when the plan ends from its pause: its lines to type no longer apply. */
export function endedPauseNotice(since: number, state: string): Callout {
  const verb = state === "aborting" ? "Aborted" : state === "halting" ? "Halted" : "Stopped";
  const held = formatDuration(timeNow() - since);
  return { kind: "notice", title: verb, text: `after a pause of ${held}, since ${formatTime(since)}.` };
}

/** After the code of a plan was stopped by force. */
export function stoppedByForceNotice(engine: string): Callout {
  return {
    kind: "problem",
    title: "Stopped",
    text: "by force: the plan's code blocked the notebook, so it could not clean up. What still moved was stopped.",
    next: [{ label: "The engine is ready", code: `${engine}(plan)` }],
  };
}

/** The plan will pause at its next checkpoint. */
export function pausingNotice(): Callout {
  return {
    kind: "notice",
    title: "Pausing",
    text: "at the next checkpoint.",
    detail: "Interrupt once more pauses at once, and stops what moves.",
  };
}

/** Replaces the "Pausing" notice when the plan ended without coming to a checkpoint. */
export function neverPausedNotice(): Callout {
  return { kind: "notice", title: "Not paused", text: "the plan ended before its next checkpoint." };
}

/** For example "beam = 1 is below 5, since 14:03:21, goes on when it is above 8". */
export function suspensionText({ justification, since, until }: Suspension): string {
  return `${justification}, since ${formatTime(since)}, goes on ${until}`;
}

/** The facts in the notice of a suspension beside its reason. */
export interface SuspensionFacts {
  /** Whether it holds the plan before its first message. */
  readonly beforeStart: boolean;
  /** Whether the plan was started in a cell, which may wait for it. */
  readonly inCell: boolean;
  readonly engine: string;
}

/** A suspension holds a plan. */
export function suspendedNotice(suspension: Suspension, { beforeStart, inCell, engine }: SuspensionFacts): Callout {
  const first = inCell ? " Interrupt (■) first if this cell waits for the plan." : "";
  return {
    kind: "notice",
    title: beforeStart ? "Waiting" : "Suspended",
    text: sentence(`since ${formatTime(suspension.since)}: ${suspension.justification}`),
    detail: `${beforeStart ? "The plan starts" : "It goes on"} ${suspension.until}.${first}`,
    next: [
      { label: "Pause", code: `${engine}.pause()` },
      { label: "give up", code: `${engine}.abort()` },
    ],
  };
}

/** Replaces the "Suspended" notice when the suspension ends. */
export function releasedNotice({ justification, since, failure }: Suspension): Callout {
  const held = formatDuration(timeNow() - since);
  const text = sentence(`after ${held}, since ${formatTime(since)}: ${justification}`);
  return failure?.() ? { kind: "problem", title: "Given up", text } : { kind: "notice", title: "Released", text };
}

/** "point 9 of 16" of the latest run; "" if no run is open. */
export function pointText(record: RunRecord): string {
  const run = record.runs.at(-1);
  if (!run || run.stop) return "";
  const points = run.tables.get("primary")?.length ?? 0;
  const { num_points: all } = run.start;
  return `point ${points}${typeof all === "number" ? ` of ${all}` : ""}`;
}

/** Hands a notice to the user's `notify`. An error there is reported and changes nothing. */
export function sendNotice({ notify }: Pick<Settings, "notify">, notice: Callout, place?: NoticePlace): void {
  try {
    notify(notice, place);
  } catch (error) {
    reportError(`could not show "${calloutText(notice)}"`, error);
  }
}

/** Shows a notice in the current cell, or prints it if there is no notebook. */
export function showNotice(notice: Callout, place?: NoticePlace): void {
  const host = currentHost();
  host.display(displayBundle(calloutText(notice), callout(notice)), host.rich ? place : undefined);
}

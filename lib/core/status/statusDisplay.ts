/** The display of a status: who moves, from where to where, and how far it is. */

import type { MimeBundle } from "../../display/bundle";
import { displayBundle } from "../../display/displayBundle";
import { formatValue } from "../../display/formatValue";
import { header, headerText } from "../../display/header";
import { withUnits } from "../../display/number";
import type { State } from "../../display/statusDot";
import { formatDuration } from "../../display/time";
import type { StatusLike, WatcherUpdate } from "../protocols/protocols";

/** Shows an action on one line, such as `cryo · under way · 13.35 → 14 K · 35 % · 6 s left`. */
export function displayStatus(name: string, status: StatusLike, last?: WatcherUpdate): MimeBundle {
  const error = status.exception();
  const [state, word]: [State, string] = error
    ? ["bad", "failed"]
    : status.done
      ? ["ok", "done"]
      : ["busy", "under way"];
  const head = {
    title: name || "action",
    status: { state, word },
    facts: error ? [error.message] : status.done || !last ? [] : progressFacts(last),
  };
  return displayBundle(headerText(head), header(head));
}

function progressFacts(update: WatcherUpdate): string[] {
  const { current, target, unit, precision, fraction, time_remaining: left } = update;
  const shown = (value: unknown) => formatValue(value, { precision });
  return [
    withUnits(`${shown(current)} → ${shown(target)}`, unit),
    fraction === undefined ? "" : `${Math.round(100 * fraction)} %`,
    left === undefined ? "" : `${formatDuration(left)} left`,
  ];
}

/** The display of a status: what moves, from where to where, and how far it is. */

import { displayBundle } from "../../display/displayBundle";
import { formatValue } from "../../display/formatValue";
import { header, headerText } from "../../display/header";
import type { MimeBundle } from "../../display/mimeBundle";
import { withUnits } from "../../display/number";
import type { State } from "../../display/statusDot";
import { timeLeftText } from "../../display/time";
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

/** The largest number of digits after the point that JavaScript can write. */
const MOST_DIGITS = 100;

/** A position rounded to the precision of the device: near 0 as `0.000`, not as `4.3e-11`. */
function rounded(value: unknown, precision: number | null | undefined): unknown {
  if (typeof value !== "number" || typeof precision !== "number") return value;
  return precision >= 0 && precision <= MOST_DIGITS ? Number(value.toFixed(precision)) : value;
}

function progressFacts(update: WatcherUpdate): string[] {
  const { current, target, unit, precision, fraction, time_remaining: left } = update;
  const shown = (value: unknown) => formatValue(rounded(value, precision), { precision });
  return [
    withUnits(`${shown(current)} → ${shown(target)}`, unit),
    fraction === undefined ? "" : `${Math.round(100 * fraction)} %`,
    left === undefined ? "" : timeLeftText(left),
  ];
}

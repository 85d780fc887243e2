/** The colours of words in bands: states of a device by their meaning, others in their order. */

import { LINE_COLORS } from "../../display/plotTheme";

/** Words of a signal that have colours of their own; more are one grey, as texts are. */
const MOST_COLORS = 12;
const NEUTRAL = "#8a8f98";
const OFF = "#8a8f981c";
const BUSY = LINE_COLORS[0];
/** The colour of states before and after the movement itself. */
const BESIDE = "#74b3e6";
const SETTLING = LINE_COLORS[2];

/** The states that SECoP names (spec: "Status codes"), also their kinds such as WARN_STANDBY. */
const STATES: Readonly<Record<string, string>> = {
  DISABLED: OFF,
  IDLE: NEUTRAL,
  STANDBY: NEUTRAL,
  PREPARED: NEUTRAL,
  WARN: "#c98a10",
  BUSY,
  DISABLING: BESIDE,
  INITIALIZING: BESIDE,
  PREPARING: BESIDE,
  STARTING: BESIDE,
  RAMPING: BUSY,
  STABILIZING: SETTLING,
  FINALIZING: BESIDE,
  ERROR: "#d8452b",
};

/**
 * The colour of each word of a signal.
 * @param words all words that it can have, or has had
 */
export function stateColors(words: readonly string[]): (word: string) => string {
  const isMany = words.length > MOST_COLORS;
  return (word) => {
    if (word === "false") return OFF;
    if (word === "true") return LINE_COLORS[0];
    const meaning = meaningOf(word);
    if (meaning) return meaning;
    const at = words.indexOf(word);
    return isMany || at < 0 ? NEUTRAL : (LINE_COLORS[at % LINE_COLORS.length] as string);
  };
}

function meaningOf(word: string): string | undefined {
  const [name = ""] = word.split(/[:_ ]/);
  return Object.hasOwn(STATES, name) ? STATES[name] : undefined;
}

/** States as coloured signs. */

import { type Html, html } from "./html";

/** A state by colour: fine (ok), moving (busy), needs a look (warn), broken (bad), not there (off). */
export type State = "ok" | "busy" | "warn" | "bad" | "off";

/** The sign of each state, so that it can be seen without colours. */
export const STATE_SIGNS: Readonly<Record<State, string>> = { ok: "●", busy: "◐", warn: "▲", bad: "✖", off: "○" };

/**
 * Colours between light and dark, for pages without our stylesheet; the stylesheet has others for each theme.
 */
const MIDDLE: Readonly<Record<State, string>> = {
  ok: "#17855e",
  busy: "#2b7fc6",
  warn: "#a36f0c",
  bad: "#d8452b",
  off: "#767b83",
};

/** A coloured sign with a word, since colour alone is lost on paper and for colour-blind users. */
export function statusDot(state: State, word: string, sign = STATE_SIGNS[state]): Html {
  return html`<span style="white-space:nowrap">${stateSign(state, sign)}${word && html` ${word}`}</span>`;
}

/** The coloured sign alone. */
export function stateSign(state: State, sign = STATE_SIGNS[state]): Html {
  return html`<font color="${MIDDLE[state]}" class="dot ${state}">${sign}</font>`;
}

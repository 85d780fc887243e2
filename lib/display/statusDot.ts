/** States as coloured dots. */

import { type Html, html } from "./html";

/** A state by colour: fine (ok), moving (busy), needs a look (warn), broken (bad), not there (off). */
export type State = "ok" | "busy" | "warn" | "bad" | "off";

/** A coloured dot with a word, since colour alone is lost on paper and for colour-blind users. */
export function statusDot(state: State, word: string): Html {
  return html`<span><span class="dot ${state}"></span>${word}</span>`;
}

import { type Html, html } from "./html";

/** How something is, as a colour: fine, moving, look at it, broken, not there. */
export type State = "ok" | "busy" | "warn" | "bad" | "off";

/** A coloured dot and the word for it: colour alone says nothing on paper and to many eyes. */
export function statusDot(state: State, word: string): Html {
  return html`<span><span class="dot ${state}"></span>${word}</span>`;
}

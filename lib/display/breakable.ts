/** Long names that may go on in the next line. */

import { printable } from "../printable";
import { type Html, html } from "./html";

/** Names up to this length stay in one piece, also where a browser would break them. */
const SHORT = 16;
/** Letters after which a name is broken even if it has no better place. */
const LONGEST_PIECE = 18;

/**
 * A name that may be broken after `_ - . : /` and before a capital, and after 18 letters without one of them.
 * It is made of `<wbr>`, which does not change the text that is copied.
 */
export function breakable(name: string): Html {
  const text = printable(name);
  if (text.length <= SHORT)
    return /[-/ ]/.test(text) ? html`<span style="white-space:nowrap">${text}</span>` : html`${text}`;
  const pieces = text
    .split(/(?<=[_\-.:/ ])|(?<=[a-z0-9])(?=[A-Z])/)
    .flatMap((piece) => piece.match(new RegExp(`.{1,${LONGEST_PIECE}}`, "gsu")) ?? []);
  return html`${pieces.map((piece, i) => (i === 0 ? html`${piece}` : html`<wbr>${piece}`))}`;
}

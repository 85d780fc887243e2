/** Code in a display. */

import { type Html, html } from "./html";

/** A line of code that can be typed next. */
export function codeChip(code: string): Html {
  return html`<code>${code}</code>`;
}

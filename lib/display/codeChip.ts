import { type Html, html } from "./html";

/** A line of code to type next. */
export function codeChip(code: string): Html {
  return html`<code>${code}</code>`;
}

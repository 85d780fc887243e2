/** Text that is less important than the rest. */

import { type Html, type HtmlValue, html } from "./html";

/** A muted line. */
export function muted(...content: readonly HtmlValue[]): Html {
  return html`<div class="mute">${content}</div>`;
}

/** A value with its unit, which is muted. */
export function quantity(value: string, units?: string | null): Html {
  return units ? html`${value} <span class="u">${units}</span>` : html`${value}`;
}

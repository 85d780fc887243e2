import { type Html, type HtmlValue, html } from "./html";

/** A line that is read second. */
export function muted(...content: readonly HtmlValue[]): Html {
  return html`<div class="mute">${content}</div>`;
}

/** A value with its unit muted behind it. */
export function quantity(value: string, units?: string | null): Html {
  return units ? html`${value} <span class="u">${units}</span>` : html`${value}`;
}

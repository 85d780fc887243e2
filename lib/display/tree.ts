/** Branches of a tree that can be opened and closed, in HTML. */

import { type Html, type HtmlValue, html } from "./html";

export interface Branch {
  /** The line that is always shown. */
  readonly summary: HtmlValue;
  /** The value at the right end of that line. */
  readonly value?: HtmlValue;
  readonly open?: boolean;
  readonly body: HtmlValue;
}

export function branch({ summary, value, open, body }: Branch): Html {
  return html`<details${open && html` open`}><summary>${summary}${value && html` <span class="val">${value}</span>`}</summary><div>${body}</div></details>`;
}

/** Indents all lines of `text` by some spaces. */
export function indent(text: string, by = 2): string {
  return text.replace(/^(?=.)/gm, " ".repeat(by));
}

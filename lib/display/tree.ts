/** A branch that opens and closes, in HTML and as indented text. */
import { type Html, type HtmlValue, html } from "./html";

export interface Branch {
  /** The line that is always seen. */
  readonly summary: HtmlValue;
  /** At the right end of that line: the branch in one value. */
  readonly value?: HtmlValue;
  readonly open?: boolean;
  readonly body: HtmlValue;
}

export function branch({ summary, value, open, body }: Branch): Html {
  return html`<details${open && html` open`}><summary>${summary}${value && html` <span class="val">${value}</span>`}</summary><div>${body}</div></details>`;
}

/** Puts `text` deeper, line by line. */
export function indent(text: string, by = 2): string {
  return text.replace(/^(?=.)/gm, " ".repeat(by));
}

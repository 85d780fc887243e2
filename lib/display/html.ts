/** HTML that is safe by construction: the `html` tag escapes all values except `Html`. */

import { printable } from "../printable";
import { escapeHtml } from "./escape";
import { $display, type MimeBundle } from "./mimeBundle";

/** A piece of finished markup. Only the `html` tag can make one. */
export class Html {
  readonly markup: string;

  private constructor(markup: string) {
    this.markup = markup;
  }

  /**
   * Template tag. Values are escaped, `Html` and arrays of it are inserted, `null`, `undefined` and `false`
   * are left out.
   */
  static readonly tag = (literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => {
    let markup = literals[0] ?? "";
    for (let i = 0; i < values.length; i++) markup += write(values[i]) + (literals[i + 1] ?? "");
    return new Html(markup);
  };

  toString(): string {
    return this.markup;
  }

  /**
   * As the value of a cell it is shown as HTML, also if the workspace has a copy of this package of its own.
   */
  [$display](): MimeBundle {
    return { "text/plain": this.markup, "text/html": this.markup };
  }
}

export type HtmlValue = Html | string | number | boolean | null | undefined | readonly HtmlValue[];

/** Makes markup. Values in it are escaped, except for other markup. */
export const html = Html.tag;

function write(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "object") return value.map(write).join("");
  return escapeHtml(printable(String(value)));
}

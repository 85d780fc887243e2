/** The first line of a display. */

import { printable } from "../printable";
import { type Html, html } from "./html";
import { type State, statusDot } from "./statusDot";

export interface Header {
  readonly title: string;
  /** The state as a sign with a word. */
  readonly status?: { readonly state: State; readonly word: string; readonly sign?: string };
  /** Small facts, the most important first. Empty ones are left out. */
  readonly facts?: readonly (string | null | undefined | false)[];
}

/** The title, the status and the facts as HTML. */
export function header({ title, status, facts = [] }: Header): Html {
  const small = facts.filter(Boolean).join(" · ");
  return html`<div class="head"><b>${title}</b> ${status && statusDot(status.state, status.word, status.sign)} ${small && html`<small>${small}</small>`}</div>`;
}

/** The same as text: `cryo · connected · localhost:10767 · SECoP 1.0`. */
export function headerText({ title, status, facts = [] }: Header): string {
  return printable([title, status?.word, ...facts].filter(Boolean).join(" · "));
}

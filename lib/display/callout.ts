/** A notice that must be seen (paused, failed, lost), with the code to type next. */

import { printable } from "../printable";
import { codeChip } from "./codeChip";
import { type Html, html } from "./html";

export interface Callout {
  /** `problem`: something failed. `notice`: something waits for the user. */
  readonly kind: "notice" | "problem";
  /** The first word, in bold. */
  readonly title: string;
  /** The text after the title. */
  readonly text: string;
  /** Muted text after that. */
  readonly detail?: string | undefined;
  /** Code that can be typed next, each with a label before it. */
  readonly next?: readonly { readonly label: string; readonly code: string }[];
}

export function callout({ kind, title, text, detail, next = [] }: Callout): Html {
  const steps = next.map(({ label, code }) => html`${label}: ${codeChip(code)} &nbsp; `);
  return html`<div class="note${kind === "problem" && " problem"}"><b>${title}</b> ${text} ${detail && html`<span class="mute">${detail}</span>`}${
    next.length > 0 && html`<br>${steps}`
  }</div>`;
}

export function calloutText({ title, text, detail, next = [] }: Callout): string {
  const steps = next.map(({ label, code }) => `${label}: ${code}`).join("   ");
  return printable([[title, text, detail].filter(Boolean).join(" "), steps].filter(Boolean).join("\n"));
}

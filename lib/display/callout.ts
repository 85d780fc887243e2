/** A notice that must be seen: paused, failed, lost. It always ends with what to type next. */
import { codeChip } from "./codeChip";
import { type Html, html } from "./html";
import { printable } from "./printable";

export interface Callout {
  /** `problem`: something failed. `notice`: something waits for the person. */
  readonly kind: "notice" | "problem";
  /** The word that is seen first. */
  readonly title: string;
  /** Goes on after the title. */
  readonly text: string;
  /** Read second. */
  readonly detail?: string | undefined;
  /** What can be typed next, with the words before it. */
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
